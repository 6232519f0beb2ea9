"""Distances of samples agree with brute force and with known cases, and what was copied is found."""

import numpy as np
import pytest
from scipy.linalg import sqrtm

from radiolucent.core import InputError
from radiolucent.evaluate.generated import frechet, kid, memorised, nearest, precision_recall


def normal(n, d=5, seed=0, shift=0.0):
    return np.random.default_rng(seed).standard_normal((n, d)) + shift


def kid_by_loops(x, y):
    def kernel(a, b):
        return (a @ b / len(a) + 1) ** 3

    n, m = len(x), len(y)
    same_x = sum(kernel(x[i], x[j]) for i in range(n) for j in range(n) if i != j) / (n * (n - 1))
    same_y = sum(kernel(y[i], y[j]) for i in range(m) for j in range(m) if i != j) / (m * (m - 1))
    return same_x + same_y - 2 * np.mean([kernel(a, b) for a in x for b in y])


def test_kid_equals_its_definition_written_out_in_loops():
    x, y = normal(12), normal(9, seed=1, shift=0.5)
    assert kid(x, y)["value"] == pytest.approx(kid_by_loops(x, y), abs=1e-12)


def test_its_interval_is_the_jackknife_with_each_row_left_out_in_turn():
    x, y = normal(8), normal(7, seed=1, shift=0.5)
    without_x = [kid_by_loops(np.delete(x, i, axis=0), y) for i in range(len(x))]
    without_y = [kid_by_loops(x, np.delete(y, i, axis=0)) for i in range(len(y))]
    error = np.sqrt(7 * np.var(without_x) + 6 * np.var(without_y))
    found = kid(x, y)
    assert (found["high"] - found["low"]) / 2 == pytest.approx(1.959964 * error, rel=1e-5)


def test_kid_is_unbiased_and_its_interval_covers_the_truth_about_as_often_as_it_says():
    truth = kid(normal(3000, d=2, seed=100), normal(3000, d=2, seed=101, shift=0.8))["value"]
    found = [kid(normal(60, d=2, seed=s), normal(60, d=2, seed=1000 + s, shift=0.8)) for s in range(200)]
    assert np.mean([f["value"] for f in found]) == pytest.approx(truth, rel=0.1)
    assert 0.88 <= np.mean([f["low"] <= truth <= f["high"] for f in found]) <= 0.99
    alike = [kid(normal(20, seed=s), normal(30, seed=1000 + s))["value"] for s in range(300)]
    assert abs(np.mean(alike)) < 4 * np.std(alike) / np.sqrt(len(alike))


def test_frechet_equals_the_formula_with_the_root_of_the_product():
    x, y = normal(40), normal(50, seed=1, shift=0.4) * [1, 2, 0.5, 1, 3]
    first, second = np.cov(x, rowvar=False), np.cov(y, rowvar=False)
    expected = np.sum((x.mean(0) - y.mean(0)) ** 2) + np.trace(first + second - 2 * np.real(sqrtm(first @ second)))
    assert frechet(x, y) == pytest.approx(expected, rel=1e-8)


def test_frechet_is_zero_of_a_sample_with_itself_the_squared_shift_of_a_moved_one_and_bears_fewer_rows_than_columns():
    x = normal(10, d=30)
    assert frechet(x, x) == pytest.approx(0, abs=1e-6)
    assert frechet(x, x + 2.0) == pytest.approx(4 * 30, rel=1e-6)
    wide = normal(500, d=1, seed=4)
    assert frechet(wide, 3 * wide) == pytest.approx(4 * (wide.mean() ** 2 + wide.var(ddof=1)), rel=1e-6)


def precision_by_loops(real, other, k):
    def among(row, sample):
        for i, centre in enumerate(sample):
            reach = sorted(np.linalg.norm(centre - one) for j, one in enumerate(sample) if j != i)[k - 1]
            if np.linalg.norm(row - centre) <= reach:
                return True
        return False

    return np.mean([among(row, real) for row in other]), np.mean([among(row, other) for row in real])


def test_precision_and_recall_equal_their_definition_written_out_in_loops():
    x, y = normal(20, d=3), 1.6 * normal(15, d=3, seed=1)
    found = precision_recall(x, y, k=3)
    assert (found["precision"], found["recall"]) == pytest.approx(precision_by_loops(x, y, 3))


def test_one_picture_drawn_again_and_again_is_precise_and_recalls_little():
    x = normal(100, d=3)
    again = x[:1] + 1e-3 * normal(100, d=3, seed=1)
    found = precision_recall(x, again)
    assert found["precision"] == 1
    assert found["recall"] < 0.1
    far = precision_recall(x, normal(100, d=3, seed=2, shift=50))
    assert far == {"precision": 0, "recall": 0}


def test_a_generator_that_copies_training_rows_is_found_and_an_honest_one_is_not():
    training, held_out = normal(60), normal(30, seed=1)
    copies = training[np.random.default_rng(0).integers(0, 60, 100)] + 0.2 * normal(100, seed=2)
    found = memorised(training, held_out, copies, draws=500)
    assert found["share"] > 0.95
    assert found["p"] == pytest.approx(1 / 501)
    assert found["nearest_training"] < found["nearest_held_out"]
    honest = [memorised(training, held_out, normal(100, seed=s), draws=200)["p"] for s in range(10, 20)]
    assert min(honest) > 0.01


def test_the_p_value_of_the_copying_test_is_uniform_where_nothing_is_copied():
    p = [
        memorised(normal(20, seed=s), normal(12, seed=1000 + s), normal(25, seed=2000 + s), draws=99)["p"]
        for s in range(300)
    ]
    assert np.mean(np.array(p) <= 0.05) < 0.09
    assert 0.42 < np.mean(p) < 0.58


def test_within_classes_an_uneven_share_of_classes_is_not_taken_for_copying():
    sick, well = normal(50, shift=5.0), normal(10, seed=1)
    held_sick, held_well = normal(10, seed=2, shift=5.0), normal(50, seed=3)
    drawn = normal(80, seed=4, shift=5.0)
    training, held_out = np.concatenate([sick, well]), np.concatenate([held_sick, held_well])
    strata = (np.repeat([1, 0], [50, 10]), np.repeat([1, 0], [10, 50]))
    assert memorised(training, held_out, drawn, draws=200)["p"] < 0.05
    assert memorised(training, held_out, drawn, draws=200, strata=strata)["p"] > 0.05


def test_rows_that_are_equally_near_share_the_vote():
    row = np.zeros((1, 3))
    found = memorised(row, row, row, draws=50)
    assert found["share"] == 0.5
    assert found["p"] == 1


def test_the_nearest_row_and_its_distance_are_given():
    at, away = nearest([[0.0, 1.0], [9.0, 9.0]], [[10.0, 9.0], [0.0, 0.0]])
    assert at.tolist() == [1, 0]
    assert away.tolist() == [1, 1]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: kid(normal(5), normal(5, d=4)), "rows of 5 and 4 numbers"),
        (lambda: kid(normal(2), normal(5)), "3 of each are needed"),
        (lambda: precision_recall(normal(3), normal(9)), "4 of each"),
        (lambda: frechet(np.full((4, 2), np.nan), normal(4, d=2)), "not finite"),
        (lambda: memorised(normal(4), normal(4), normal(4), strata=([1], [2])), "classes were given for 4 and 4"),
    ],
)
def test_what_cannot_be_compared_is_said(call, says):
    with pytest.raises(InputError, match=says):
        call()
