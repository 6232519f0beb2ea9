import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score, mean_absolute_error

from radiolucent.evaluate.ordinal import grade_scores, nearest_grade

COUNTED = [[11, 4, 1, 0], [3, 12, 5, 1], [0, 6, 9, 4], [1, 0, 2, 13]]


@given(st.integers(0, 10_000))
def test_kappa_and_error_are_those_of_scikit_learn(seed):
    random = np.random.default_rng(seed)
    y, decided = random.integers(0, 5, 60), random.integers(0, 5, 60)
    found = grade_scores(y, decided, 5)
    assert found["kappa"][0] == pytest.approx(cohen_kappa_score(y, decided, weights="quadratic", labels=range(5)))
    assert found["mae"][0] == pytest.approx(mean_absolute_error(y, decided))
    assert found["within_one"][0] == pytest.approx((np.abs(y - decided) <= 1).mean())


def test_a_weighted_row_counts_as_so_many_rows():
    random = np.random.default_rng(3)
    y, decided, times = random.integers(0, 4, 40), random.integers(0, 4, 40), random.integers(0, 4, 40)
    weighted = grade_scores(y, decided, 4, times)
    repeated = grade_scores(np.repeat(y, times), np.repeat(decided, times), 4)
    for name, value in weighted.items():
        np.testing.assert_allclose(value, repeated[name])


def test_right_always_is_one_and_the_same_grade_always_is_no_better_than_chance():
    y = np.arange(40) % 5
    assert grade_scores(y, y, 5)["kappa"][0] == 1
    assert grade_scores(y, np.full(40, 2), 5)["kappa"][0] == pytest.approx(0)
    assert np.isnan(grade_scores(np.ones(9, int), np.ones(9, int), 3)["kappa"][0])


def test_the_nearest_grade_lies_at_the_mean_and_not_at_the_mode():
    assert nearest_grade([[0.45, 0.05, 0.1, 0.4]]).tolist() == [1]
