"""Patients stay whole, classes stay balanced, and what cannot be split says why."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radiolucent.core import InputError
from radiolucent.evaluate import check_official, folds, merged, tuning

COHORT = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 30)), min_size=1, max_size=120)


def cohort(rows):
    """Random rows, and five patients of each of three classes besides, so that five folds exist."""
    sure = [(c, 100 + 10 * c + k) for c in range(3) for k in range(5)]
    y, groups = np.array(rows + sure).T
    return y, groups


@given(rows=COHORT, seed=st.integers(0, 5))
@settings(max_examples=60, deadline=None)
def test_folds_never_split_a_patient_and_each_holds_every_class(rows, seed):
    y, groups = cohort(rows)
    part = folds(y, groups, n_folds=5, seed=seed)
    assert all(len(np.unique(part[groups == g])) == 1 for g in np.unique(groups))
    assert all(set(y[part == k]) == {0, 1, 2} for k in range(5))


@given(rows=COHORT, seed=st.integers(0, 5))
@settings(max_examples=60, deadline=None)
def test_a_tuning_part_never_splits_a_patient_and_both_sides_hold_every_class(rows, seed):
    y, groups = cohort(rows)
    held = tuning(y, groups, seed=seed)
    assert not set(groups[held]) & set(groups[~held])
    assert set(y[held]) == set(y[~held]) == {0, 1, 2}


def test_single_image_patients_are_dealt_as_evenly_as_can_be():
    y = np.repeat([0, 1], [333, 67])
    part = folds(y, np.arange(400), n_folds=5, seed=3)
    for c in (0, 1):
        counts = np.bincount(part[y == c], minlength=5)
        assert counts.max() - counts.min() <= 1


def test_patients_of_many_sizes_are_dealt_evenly():
    rng = np.random.default_rng(0)
    groups = rng.zipf(1.8, 3000) % 700
    y = (rng.random(3000) < 0.3).astype(int)
    part = folds(y, groups, n_folds=5, seed=0)
    shares = np.array([np.bincount(y[part == k], minlength=2) for k in range(5)])
    largest = max(np.bincount(groups))
    assert np.ptp(shares, axis=0).max() <= max(largest, 0.05 * 600)


def test_a_tuning_part_has_about_the_share_asked_for():
    y = np.repeat([0, 1], [700, 300])
    held = tuning(y, np.arange(1000) // 2, seed=1, share=0.25)
    assert held[y == 0].mean() == pytest.approx(0.25, abs=0.01)
    assert held[y == 1].mean() == pytest.approx(0.25, abs=0.01)


def test_a_seed_gives_the_same_folds_again_and_another_seed_others():
    y, groups = np.tile([0, 1], 100), np.arange(200)
    one = folds(y, groups, n_folds=4, seed=7)
    assert np.array_equal(one, folds(y, groups, n_folds=4, seed=7))
    assert not np.array_equal(one, folds(y, groups, n_folds=4, seed=8))


def test_patients_may_be_named_by_text_or_mixed_objects():
    y = np.tile([0, 1], 20)
    named = np.array([f"p{i // 2}" for i in range(40)])
    numbered = folds(y, np.array([str(i // 2) for i in range(40)], dtype=object), n_folds=5, seed=0)
    assert len(np.unique(folds(y, named, n_folds=5, seed=0))) == len(np.unique(numbered)) == 5


def test_fewer_patients_than_folds_says_how_many_there_are_and_what_to_do():
    y = np.array([0] * 20 + [1] * 9)
    groups = np.concatenate([np.arange(20), 100 + np.arange(9) // 3])
    with pytest.raises(InputError, match=r"5 folds .* rarest class has 3 patient.*\[20, 3\].*at most 3 folds"):
        folds(y, groups, n_folds=5, seed=0)


@pytest.mark.parametrize(
    ("y", "groups", "n_folds", "says"),
    [
        ([1, 1, 1], [1, 2, 3], 2, "same class"),
        ([], [], 2, "no rows"),
        ([0, 1], [1], 2, "one patient per row"),
        ([0, 1], [1, 2], 1, "at least 2"),
        ([0, 0, 1], [1, 2, 3], 2, "1 patient"),
    ],
)
def test_what_cannot_be_split_is_refused_with_a_reason(y, groups, n_folds, says):
    with pytest.raises(InputError, match=says):
        folds(y, groups, n_folds=n_folds, seed=0)


def test_a_class_with_one_patient_leaves_no_tuning_part():
    with pytest.raises(InputError, match="tuning part"):
        tuning([0, 0, 0, 1], [1, 2, 3, 4], seed=0)


def test_twins_unite_their_patients_and_nobody_else():
    groups = np.array([10, 10, 20, 30, 30, 40, *range(100, 200)])
    united = merged(groups, [(1, 2), (3, 5)]).groups
    assert united[0] == united[1] == united[2]
    assert united[3] == united[4] == united[5] != united[0]
    assert len(np.unique(united)) == len(np.unique(groups)) - 2


def test_a_chain_of_look_alikes_is_reported_and_left_apart():
    groups = np.arange(100)
    found = merged(groups, [(i, i + 1) for i in range(20)] + [(50, 51)])
    assert [chain.tolist() for chain in found.chains] == [list(range(21))]
    assert len(np.unique(found.groups[:21])) == 21
    assert found.groups[50] == found.groups[51]
    assert len(np.unique(found.groups)) == 99


def test_two_large_patients_with_a_twin_are_no_chain():
    found = merged(np.repeat([1, 2, 3], 10), [(0, 10)])
    assert not found.chains
    assert len(np.unique(found.groups)) == 2


def test_without_pairs_the_groups_stay():
    assert merged(["b", "a", "b"], []).groups.tolist() == [1, 0, 1]


def test_the_names_of_a_given_split_are_made_uniform():
    split = ["Train", "training", "train", "train", "VAL", "validation", "test", "test"]
    parts = check_official(split, [0, 1, 0, 1, 0, 1, 0, 1], range(8))
    assert parts.tolist() == ["train"] * 4 + ["val"] * 2 + ["test"] * 2


@pytest.mark.parametrize(
    ("split", "y", "says"),
    [
        (["train", "train", "tset", "test"], [0, 1, 0, 1], "did you mean 'test'"),
        (["train", "train", "train", "train"], [0, 1, 0, 1], "test part .* 0 rows"),
        (["train", "train", "test", "test"], [0, 1, 1, 1], "two classes"),
        (["train", "train", "val", "val", "test", "test", "test"], [0, 1, 0, 1, 0, 1, 2], "class 2 has 0 patient"),
        (["train", "train", "val", "test", "test"], [0, 1, 1, 0, 1], "val part .* 1 rows of 1 class"),
        (["train", "train", "test", "test"], [0, 1, 0, 1], "needs 2"),
    ],
)
def test_a_given_split_that_cannot_be_evaluated_is_refused(split, y, says):
    with pytest.raises(InputError, match=says):
        check_official(split, y, range(len(y)))
