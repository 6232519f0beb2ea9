"""What a word is, by the lists alone."""

import pytest

from radiolucent.deid.kinds import Kind, kind


@pytest.mark.parametrize(
    ("word", "of"),
    [
        ("thorax", Kind.FIELD),
        ("ibrutinib", Kind.FIELD),
        ("dixon", Kind.EPONYM),
        ("hickman", Kind.EPONYM),
        ("cupboard", Kind.WORD),
        ("baker", Kind.NAMED),
        ("smith", Kind.NAMED),
        ("kowalczyk", Kind.NAME),
        ("patricia", Kind.NAME),
        ("xylquonda", Kind.UNKNOWN),
    ],
)
def test_a_word_is_of_the_field_or_of_english_or_a_name_or_two_of_them(word, of):
    assert kind(word) is of


@pytest.mark.parametrize(
    "word", ["abdomenpelvis", "ctspine", "colonogra", "abdomenal", "nonocclusive", "nephrolithiases"]
)
def test_what_is_made_of_words_of_the_field_is_one(word):
    assert kind(word) is Kind.FIELD


@pytest.mark.parametrize("word", ["thackerey", "quillfeather", "gebremariam", "ouedraogou"])
def test_what_only_sounds_like_a_word_is_none(word):
    assert kind(word) in (Kind.UNKNOWN, Kind.NAME)


def test_accents_hide_no_name():
    assert kind("garcía") is kind("garcia")
