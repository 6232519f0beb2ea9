"""Which words of a text are names, by what stands beside them."""

import pytest

from radiolucent.deid.strangers import may_stay, without_strangers


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("DIXON water", "DIXON water"),
        ("Hickman line placement", "Hickman line placement"),
        ("Hickman, Ileana, line", "[removed], [removed], line"),
        ("Kowalczyk Dixon", "[removed] [removed]"),
        ("t1_vibe_dixon_tra", "t1_vibe_dixon_tra"),
        ("brown fat", "brown fat"),
        ("KAREN BROWN", "[removed] [removed]"),
        ("Crohn disease", "Crohn disease"),
        ("knees Rosenberg view", "knees Rosenberg view"),
    ],
)
def test_a_name_that_is_a_word_too_goes_only_beside_a_person(text, left):
    assert without_strangers(text)[0] == left


@pytest.mark.parametrize("text", ["LSQX", "VBRT 3", "XZ16", "QRSTV", "mXYZ"])
def test_codes_of_few_letters_stay(text):
    assert without_strangers(text) == (text, 0)


def test_names_with_a_capital_inside_go_whole():
    assert without_strangers("McGillicuddyson knee")[0] == "[removed] knee"


def test_what_a_hospital_is_called_goes():
    assert without_strangers("sent by Lakeside Community Hospital")[0].startswith("sent by [removed]")


def test_only_words_of_the_field_that_name_nobody_may_stay_wherever_they_stand():
    assert may_stay("Chest-Abdomen")
    assert not may_stay("Dixon")
    assert not may_stay("cupboard")
