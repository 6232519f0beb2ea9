"""Overlap scores have their textbook values, defined ends, and intervals that draw whole patients."""

import numpy as np
import pytest
from scipy.ndimage import binary_erosion, distance_transform_edt
from sklearn.metrics import f1_score, jaccard_score, precision_score, recall_score

from radiolucent.core import InputError
from radiolucent.evaluate import overlap, overlap_summary, overlaps


def square(low, high, n=32):
    flags = np.zeros((n, n), bool)
    flags[low:high, low:high] = True
    return flags


def test_shares_are_those_of_scikit_learn():
    rng = np.random.default_rng(0)
    a, b = rng.random((2, 20, 20)) < 0.3
    found = overlap(a, b)
    y, p = b.ravel(), a.ravel()
    assert found["dice"] == pytest.approx(f1_score(y, p))
    assert found["iou"] == pytest.approx(jaccard_score(y, p))
    assert found["precision"] == pytest.approx(precision_score(y, p))
    assert found["sensitivity"] == pytest.approx(recall_score(y, p))
    assert found["volume_difference"] == pytest.approx((a.sum() - b.sum()) / b.sum())


def test_a_region_agrees_wholly_with_itself():
    found = overlap(square(8, 20), square(8, 20), spacing_mm=(2, 1), centre_lines=True)
    assert found["dice"] == found["iou"] == found["nsd"] == found["cldice"] == 1
    assert found["hd_mm"] == found["hd95_mm"] == found["assd_mm"] == found["volume_difference"] == 0


def test_the_greatest_distance_of_full_shapes_is_the_one_between_their_edge_pixels():
    a, b = square(4, 16), square(8, 26)
    to_b = distance_transform_edt(~(b & ~binary_erosion(b)))[a & ~binary_erosion(a)].max()
    to_a = distance_transform_edt(~(a & ~binary_erosion(a)))[b & ~binary_erosion(b)].max()
    assert overlap(a, b)["hd_px"] == pytest.approx(max(to_a, to_b), abs=1)


def test_lengths_scale_with_the_spacing_and_say_their_unit():
    a, b = square(8, 20), square(10, 22)
    assert overlap(a, b, spacing_mm=(3, 3))["hd_mm"] == pytest.approx(3 * overlap(a, b)["hd_px"])
    assert "hd_mm" not in overlap(a, b)


def test_a_wider_tolerance_forgives_more():
    shares = [overlap(square(8, 20), square(10, 22), tolerance=t)["nsd"] for t in (0, 1, 2, 3)]
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_a_vessel_that_is_cut_loses_centre_line_but_hardly_dice():
    vessel = np.zeros((40, 40), bool)
    vessel[18:23, 2:38] = True
    cut = vessel.copy()
    cut[:, 20:22] = False
    found = overlap(cut, vessel, centre_lines=True)
    assert found["dice"] > 0.96
    assert 0.5 < found["cldice"] < 1


def test_with_one_region_empty_shares_are_none_and_distances_endless():
    found = overlap(np.zeros((8, 8), bool), square(2, 4, 8), centre_lines=True)
    assert found["dice"] == found["sensitivity"] == found["nsd"] == found["cldice"] == 0
    assert np.isinf([found["hd_px"], found["assd_px"]]).all()
    assert np.isnan(found["precision"])


def test_labels_are_scored_each_by_itself():
    truth = np.zeros((10, 10), int)
    truth[:5], truth[5:] = 1, 2
    found = overlaps(truth, truth)
    assert sorted(found) == [1, 2]
    assert all(scores["dice"] == 1 for scores in found.values())
    assert np.isnan(overlaps(truth, truth, labels=[3])[3]["dice"])


def test_a_summary_counts_empty_cases_apart():
    nothing = np.zeros((8, 8), bool)
    cases = [overlap(square(2, 6, 8), square(2, 6, 8)), overlap(nothing, nothing), overlap(nothing, square(2, 6, 8))]
    found = overlap_summary(cases, groups=[1, 2, 3], replicates=200)
    assert (found["n"], found["both_empty"], found["one_empty"]) == (3, 1, 1)
    assert found["mean"]["dice"]["value"] == 0.5
    assert found["mean"]["hd_px"]["value"] == 0


def test_the_interval_of_one_patients_many_cases_is_wider_than_that_of_many_patients():
    rng = np.random.default_rng(3)
    level = np.repeat(rng.uniform(0.6, 0.9, 10), 10)
    cases = [{"dice": float(d), "hd_px": 1.0} for d in level]
    apart = overlap_summary(cases, groups=None)["mean"]["dice"]
    together = overlap_summary(cases, groups=np.repeat(np.arange(10), 10))["mean"]["dice"]
    assert together["high"] - together["low"] > 2 * (apart["high"] - apart["low"])


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: overlap(square(1, 4, 8), square(1, 4, 9)), "bring them to one grid"),
        (lambda: overlap(np.full((4, 4), 2), np.ones((4, 4), bool)), "several labels"),
        (lambda: overlap(np.ones(4, bool), np.ones(4, bool)), "1 axes"),
        (lambda: overlap(square(1, 4), square(1, 4), spacing_mm=(1, 1, 1)), "3 spacings"),
        (lambda: overlap(square(1, 4), square(1, 4), tolerance=-1), "cannot be negative"),
        (lambda: overlap_summary([], groups=None), "no case"),
    ],
)
def test_what_cannot_be_scored_is_said(call, says):
    with pytest.raises(InputError, match=says):
        call()
