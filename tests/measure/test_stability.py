import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiolucent.core import InputError
from radiolucent.measure.stability import icc

JUDGED = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])
"""Table 2 of Shrout & Fleiss 1979: six targets, four judges."""


@pytest.mark.parametrize(("form", "published"), [("1,1", 0.17), ("2,1", 0.29), ("3,1", 0.71)])
def test_the_published_example_comes_out(form, published):
    assert icc(JUDGED, form=form).value[0] == pytest.approx(published, abs=0.005)


@pytest.mark.parametrize(("form", "low", "high"), [("1,1", -0.133, 0.72), ("2,1", 0.019, 0.76), ("3,1", 0.342, 0.95)])
def test_intervals_of_the_published_example_are_those_of_the_psych_package(form, low, high):
    found = icc(JUDGED, form=form)
    assert found.low[0] == pytest.approx(low, abs=6e-4)
    assert found.high[0] == pytest.approx(high, abs=6e-3)


def test_features_are_judged_one_by_one():
    both = icc(np.stack([JUDGED, -3 * JUDGED], axis=2), form="3,1")
    assert both.value == pytest.approx([0.7148, 0.7148], abs=1e-4)


def test_a_constant_shift_between_repeats_counts_for_agreement_and_not_for_consistency():
    first = np.random.default_rng(0).normal(size=40)
    shifted = np.column_stack([first, first + 2])
    assert icc(shifted, form="3,1").value[0] == pytest.approx(1)
    assert icc(shifted, form="2,1").value[0] < 0.5
    assert icc(shifted, form="1,1").value[0] < 0.2


def test_perfect_repeats_agree_fully_and_a_constant_feature_is_undefined():
    first = np.arange(8.0)
    table = np.stack([np.column_stack([first] * 3), np.full((8, 3), 7.1)], axis=2)
    found = icc(table)
    assert found.value[0] == found.low[0] == 1
    assert np.isnan(found.value[1])
    assert found.bands == ["excellent", "undefined"]


@given(st.integers(0, 10_000), st.sampled_from(["1,1", "2,1", "3,1"]))
def test_the_value_lies_within_its_interval(seed, form):
    random = np.random.default_rng(seed)
    ratings = random.normal(size=(9, 1)) + 0.7 * random.normal(size=(9, 3))
    found = icc(ratings, form=form)
    assert found.low[0] <= found.value[0] <= found.high[0]


def test_intervals_hold_the_truth_as_often_as_they_say():
    random = np.random.default_rng(1)
    ratings = random.normal(size=(15, 1, 2000)) + np.sqrt(0.25) * random.normal(size=(15, 3, 2000))
    found = icc(ratings)
    assert np.mean((found.low <= 0.8) & (found.high >= 0.8)) == pytest.approx(0.95, abs=0.015)


def test_one_subject_is_too_few():
    with pytest.raises(InputError, match="at least 2 subjects"):
        icc(np.ones((1, 4)))
