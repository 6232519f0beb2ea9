"""Leaks that others' official splits are known to hold are found, all of them and no more."""

import numpy as np
import pytest
from shared import shared

from radiolucent.evaluate import check_official, identical, label_conflicts, leaks, twin_free, twins
from radiolucent.evaluate.leak import across

PARTS = ("train", "val", "test")


def official(name):
    with np.load(shared(f"data/medmnist28-dev/{name}.npz")) as data:
        pictures = np.concatenate([data[f"{part}_images"] for part in PARTS])
        y = np.concatenate([data[f"{part}_labels"].ravel() for part in PARTS])
        split = np.repeat(PARTS, [len(data[f"{part}_images"]) for part in PARTS])
    return pictures, y, check_official(split, y, np.arange(len(y)))


def counted(name):
    pictures, y, split = official(name)
    found = leaks(y, np.arange(len(y)), same=identical(pictures), alike=twins(pictures), split=split)
    return {(leak["kind"], leak["severity"], leak["says"].split(" pictures have")[0]): leak for leak in found}


def test_breastmnist_holds_39_test_pictures_with_a_twin_in_training_and_59_above_095():
    found = counted("breastmnist")
    twin = found["twin", "block", "39 of 156 test"]
    suspect = found["suspect", "warn", "20 of 156 test"]
    assert twin["count"] == len(twin["rows"]) == 39
    assert "59 at 0.95 or above in all" in suspect["says"]


def test_two_of_the_39_nearest_pairs_of_breastmnist_bear_different_labels():
    pictures, y, split = official("breastmnist")
    nearest = across(twins(pictures).pairs, split, "test", "train")
    assert len(label_conflicts(nearest, y)) == 2
    says = next(leak["says"] for leak in counted("breastmnist").values() if leak["kind"] == "label_conflict")
    assert "2 test picture(s)" in says


def test_117_test_pictures_of_breastmnist_are_free_of_twins_in_training():
    pictures, _, split = official("breastmnist")
    assert twin_free(twins(pictures).pairs, held=split == "test", seen=split == "train").sum() == 117


def test_pneumoniamnist_has_no_twin_across_train_and_test_and_8_validation_copies_of_training():
    found = counted("pneumoniamnist_rebuilt")
    assert not [leak for leak in found.values() if leak["severity"] == "block"]
    assert found["identical", "warn", "8 of 524 val"]["count"] == 8


@pytest.mark.parametrize("name", ["breastmnist", "pneumoniamnist_rebuilt"])
def test_the_pairs_equal_those_of_plain_correlation(name):
    pictures, _, _ = official(name)
    flat = pictures[-1200:].reshape(len(pictures[-1200:]), -1).astype(float)
    r = np.triu(np.corrcoef(flat), 1)
    found = twins(pictures[-1200:])
    assert sorted(map(tuple, found.pairs.tolist())) == sorted(map(tuple, np.argwhere(r > 0.99).tolist()))
    assert len(found.a) == np.sum(r >= 0.95)
