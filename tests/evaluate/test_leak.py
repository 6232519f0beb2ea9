"""Each kind of leak is found where it was planted, said in words, and graded."""

import numpy as np
import pandas as pd
import pytest

from radiolucent.evaluate import Twins, identical, label_conflicts, leaks, patients_across, twin_free, twins
from radiolucent.evaluate.leak import across

NO_PAIRS = np.zeros((0, 2), dtype=np.int64)
NO_TWINS = Twins(*(np.zeros(0, dtype=np.int64),) * 2, np.zeros(0))
SPLIT = np.array(["train", "train", "val", "test", "test", "test"])
Y = np.array([0, 1, 0, 1, 0, 1])


def alike(*found):
    a, b, r = zip(*found, strict=True)
    return Twins(np.array(a), np.array(b), np.array(r))


def kinds(found):
    return [(leak["kind"], leak["severity"], leak["count"]) for leak in found]


def test_patients_on_both_sides_are_found_once_each_with_the_first_of_their_rows():
    found = patients_across(["a", "b", "a", "b", "b", "c"], SPLIT)
    assert found["test", "train"].tolist() == [[3, 1]]
    assert found["val", "train"].tolist() == [[2, 0]]
    assert found["test", "val"].tolist() == []


def test_a_patient_in_test_and_training_blocks_and_in_validation_warns():
    found = leaks(Y, list("abcabd"), same=NO_PAIRS, alike=NO_TWINS, split=SPLIT)
    assert kinds(found) == [("patient", "block", 2)]
    assert found[0]["rows"] == [[3, 0], [4, 1]]
    found = leaks(Y, list("abacde"), same=NO_PAIRS, alike=NO_TWINS, split=SPLIT)
    assert kinds(found) == [("patient", "warn", 1)]


def test_twins_across_a_given_split_block_and_suspects_warn():
    found = leaks(Y, range(6), same=NO_PAIRS, alike=alike((0, 4, 0.995), (1, 3, 0.97), (2, 5, 0.96)), split=SPLIT)
    assert kinds(found) == [("twin", "block", 1), ("suspect", "warn", 1), ("suspect", "warn", 1)]
    assert found[0]["rows"] == [[4, 0]]
    assert "1 of 3 test pictures have a twin" in found[0]["says"]
    assert "(2 at 0.95 or above in all)" in found[1]["says"]


def test_a_test_picture_with_a_twin_is_not_counted_as_suspect_again():
    found = leaks(Y, range(6), same=NO_PAIRS, alike=alike((0, 4, 0.995), (1, 4, 0.97)), split=SPLIT)
    assert [kind for kind, *_ in kinds(found)] == ["twin"]


def test_twins_within_one_part_are_only_mentioned():
    found = leaks(Y, range(6), same=[(3, 5)], alike=alike((3, 5, 1.0)), split=SPLIT)
    assert kinds(found) == [("identical", "info", 1), ("twin", "info", 1)]


def test_in_our_own_folds_twins_are_kept_together_and_counted():
    found = leaks(Y, range(6), same=[(3, 5)], alike=alike((3, 5, 1.0), (0, 2, 0.96)), chains=[np.arange(4)])
    assert kinds(found) == [("chain", "warn", 4), ("identical", "info", 1), ("twin", "info", 1), ("suspect", "info", 1)]
    assert "one fold" in found[2]["says"]
    assert "67 % of all" in found[0]["says"]


def test_hashing_and_cut_lists_are_said():
    hashed = Twins(np.array([0]), np.array([2]), np.array([1.0]), recall=0.991)
    assert "about 99.1 %" in leaks(Y, range(6), same=NO_PAIRS, alike=hashed)[0]["says"]
    cut = Twins(np.array([0]), np.array([2]), np.array([0.96]), cut=True)
    assert "More than 1 pairs" in leaks(Y, range(6), same=NO_PAIRS, alike=cut)[0]["says"]


def test_twins_with_different_labels_are_conflicts():
    assert label_conflicts([(0, 1), (0, 2), (4, 5)], Y).tolist() == [[0, 1], [4, 5]]
    found = leaks(Y, range(6), same=[(0, 1)], alike=alike((0, 1, 1.0), (4, 5, 0.999), (0, 3, 0.96)))
    conflict = next(leak for leak in found if leak["kind"] == "label_conflict")
    assert conflict["count"] == 2
    assert conflict["rows"] == [[0, 1], [4, 5]]


def test_the_conflicts_between_test_and_training_are_counted_apart():
    found = leaks(Y, range(6), same=NO_PAIRS, alike=alike((0, 3, 0.999), (1, 3, 0.995), (0, 1, 0.994)), split=SPLIT)
    conflict = next(leak for leak in found if leak["kind"] == "label_conflict")
    assert conflict["count"] == 2
    assert "1 test picture(s) and their nearest twins" in conflict["says"]


def test_rows_free_of_twins_are_the_held_out_rows_without_a_seen_partner():
    free = twin_free([(0, 4), (3, 5), (2, 3)], held=SPLIT == "test", seen=SPLIT == "train")
    assert np.flatnonzero(free).tolist() == [3, 5]


def test_only_the_nearest_seen_partner_of_each_held_out_row_is_listed():
    pairs = np.array([[0, 4], [1, 4], [3, 0], [4, 5]])
    assert across(pairs, SPLIT, "test", "train").tolist() == [[4, 0], [3, 0]]


def test_columns_that_tell_the_target_or_go_with_it_are_named():
    rng = np.random.default_rng(0)
    y = np.arange(300) % 2
    table = pd.DataFrame(
        {
            "diagnosis": np.where(y == 1, "pneumonia", "none"),
            "view": np.where(rng.random(300) < 0.3 + 0.4 * y, "AP", "PA"),
            "sex": rng.choice(["F", "M"], 300),
            "path": np.where(y == 1, "yes/", "no/"),
        }
    )
    found = leaks(
        y,
        range(300),
        same=NO_PAIRS,
        alike=NO_TWINS,
        table=table,
        used=["view", "sex"],
        ignore=["path"],
        classes=["no", "yes"],
    )
    assert [(leak["kind"], leak["column"], leak["severity"]) for leak in found] == [
        ("confounder", "view", "warn"),
        ("giveaway", "diagnosis", "info"),
    ]
    used = leaks(y, range(300), same=NO_PAIRS, alike=NO_TWINS, table=table, used=["diagnosis"])
    assert ("giveaway", "diagnosis", "warn") in [(leak["kind"], leak["column"], leak["severity"]) for leak in used]


def test_no_more_than_200_pairs_are_listed():
    n = 700
    pairs = np.column_stack([np.arange(n // 2), np.arange(n // 2, n)])
    split = np.repeat(["train", "test"], n // 2)
    found = leaks(np.zeros(n, int), range(n), same=pairs, alike=NO_TWINS, split=split)
    assert found[0]["count"] == 350
    assert len(found[0]["rows"]) == 200


@pytest.mark.parametrize("split", [None, SPLIT])
def test_clean_pictures_have_no_leaks(split):
    pictures = np.random.default_rng(0).integers(0, 255, (6, 20, 20)).astype(np.uint8)
    assert leaks(Y, range(6), same=identical(pictures), alike=twins(pictures), split=split) == []
