"""Planted identities stand where the key says, differ between lists, and the marking tells done from not done."""

import shutil
from collections import Counter
from itertools import combinations

import pydicom
import pytest

from radiolucent.core import InputError
from radiolucent.phantom.answers import missed
from radiolucent.phantom.identities import CLASSES, identities
from radiolucent.phantom.people import LISTS, words_of

LEFT_AS_IT_WAS = {
    "tag_retained",
    "text_notnull",
    "text_retained",
    "uid_consistent",
    "patid_consistent",
    "pixels_retained",
}


@pytest.mark.parametrize(("one", "other"), combinations(LISTS, 2))
def test_lists_have_no_word_of_a_kind_in_common(one, other):
    first, second = words_of(one), words_of(other)
    for kind in ("given", "family", "doctor", "street", "town", "hospital", "clinical"):
        assert not set(first[kind]) & set(second[kind])
        assert len(set(first[kind])) == len(first[kind])


def test_every_action_and_modality_is_planted_and_the_same_seed_gives_the_same(tmp_path):
    answers = identities(tmp_path / "a", studies=10)
    assert answers == identities(tmp_path / "b", studies=10)
    assert len(Counter(one.action for one in answers)) == 10
    read = [pydicom.dcmread(path) for path in (tmp_path / "a/scans").rglob("*.dcm")]
    assert {one.Modality for one in read} == set(CLASSES)
    assert len(read) == 20
    with pytest.raises(InputError, match="holds scans already"):
        identities(tmp_path / "a", studies=1)
    with pytest.raises(InputError, match="list of names"):
        identities(tmp_path / "c", names="ninth")


def test_a_copy_that_was_not_cleaned_does_only_what_is_to_stay(tmp_path):
    answers = identities(tmp_path, studies=10, names="second")
    shutil.copytree(tmp_path / "scans", tmp_path / "same")
    missing = missed(answers, tmp_path / "scans", {one.file: tmp_path / "same" / one.file for one in answers})
    assert {one.action for one in answers} - {one.action for one in missing} == LEFT_AS_IT_WAS
    assert not [one for one in missing if one.action in LEFT_AS_IT_WAS]
    due = Counter(one.action for one in answers if one.action not in LEFT_AS_IT_WAS)
    assert Counter(one.action for one in missing) == due


def test_a_file_without_a_copy_misses_all(tmp_path):
    answers = identities(tmp_path, studies=1)
    assert missed(answers, tmp_path / "scans", {}) == answers
