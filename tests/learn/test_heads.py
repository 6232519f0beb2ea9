import numpy as np
import pytest

from radiolucent.core import InputError
from radiolucent.learn.heads import Categorical, Labels, Number, Ordinal, described, head_of


def test_a_head_is_made_again_from_its_description():
    for head in (Categorical(3), Ordinal(5), Labels(4), Number(61.5, 12.0)):
        assert head_of(described(head)) == head
    with pytest.raises(InputError, match="kind of head"):
        head_of({"kind": "cathegorical", "classes": 2})


def test_grades_are_taught_as_being_above_each_grade():
    np.testing.assert_array_equal(Ordinal(4).targets(np.array([0, 2, 3])), [[0, 0, 0], [1, 1, 0], [1, 1, 1]])


def test_probabilities_of_grades_sum_to_one_and_fall_from_grade_to_grade_as_asked():
    outputs = np.random.default_rng(0).normal(0, 3, (50, 4))
    p = Ordinal(5).told(outputs)
    np.testing.assert_allclose(p.sum(axis=1), 1)
    assert (p >= 0).all()
    above = 1 - np.cumsum(p, axis=1)[:, :-1]
    odds = np.log(above / np.hstack([np.ones((50, 1)), above[:, :-1]])) - np.log1p(
        -above / np.hstack([np.ones((50, 1)), above[:, :-1]])
    )
    np.testing.assert_allclose(odds, outputs, atol=1e-6)


def test_a_number_is_taught_around_its_centre_and_told_as_it_was():
    head = Number(60.0, 10.0)
    y = np.array([40.0, 60.0, 85.0])
    np.testing.assert_allclose(head.targets(y)[:, 0], [-2, 0, 2.5])
    np.testing.assert_allclose(head.told(head.targets(y))[:, 0], y)


@pytest.mark.deep
def test_the_loss_of_grades_is_the_negative_log_likelihood_of_the_grade():
    keras = pytest.importorskip("keras")
    head, y = Ordinal(4), np.array([0, 1, 2, 3, 2])
    outputs = np.random.default_rng(1).normal(size=(5, 3)).astype(np.float32)
    told = np.asarray(head.loss(keras, 0.0)(head.targets(y), outputs))
    np.testing.assert_allclose(told, -np.log(head.told(outputs)[np.arange(5), y]), rtol=1e-5)


@pytest.mark.deep
def test_what_speaks_for_a_column_is_its_log_odds():
    keras = pytest.importorskip("keras")
    outputs = np.random.default_rng(2).normal(size=(6, 3)).astype(np.float32)
    for head in (Categorical(3), Ordinal(4), Labels(3)):
        for column in range(head.told(outputs).shape[1]):
            p = head.told(outputs)[:, column]
            score = np.asarray(head.score(keras.ops, outputs, column))
            np.testing.assert_allclose(score, np.log(p / (1 - p)), rtol=1e-4, atol=1e-4)
