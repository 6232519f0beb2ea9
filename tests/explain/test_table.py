import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from radiolucent.core import InputError
from radiolucent.explain import permutation_importance, shapley

RANDOM = np.random.default_rng(0)
TABLE = RANDOM.normal(size=(60, 5))
SLOPES = np.array([2.0, -1.0, 0.5, 0.0, 0.0])


def linear(table):
    return table @ SLOPES


def test_the_values_of_a_linear_model_are_slope_times_distance_from_the_mean():
    values, base = shapley(linear, TABLE, TABLE[:6], seed=0)
    np.testing.assert_allclose(values, (TABLE[:6] - TABLE.mean(axis=0)) * SLOPES, atol=1e-9)
    np.testing.assert_allclose(base, linear(TABLE).mean())


def test_values_and_base_add_up_to_the_prediction_of_a_crooked_model():
    def crooked(table):
        return np.tanh(table[:, 0] * table[:, 1]) + (table[:, 2] > 0)

    values, base = shapley(crooked, TABLE, TABLE[:6], seed=0)
    np.testing.assert_allclose(values.sum(axis=1) + base, crooked(TABLE[:6]), atol=1e-9)
    np.testing.assert_allclose(values[:, 3:], 0, atol=1e-12)


def test_the_same_seed_gives_the_same_values():
    def product(table):
        return table.prod(axis=1)

    one, two = (shapley(product, TABLE, TABLE[:3], seed=4, rounds=1)[0] for _ in range(2))
    np.testing.assert_array_equal(one, two)


def test_tables_of_different_width_are_refused():
    with pytest.raises(InputError, match="equal width"):
        shapley(linear, TABLE, TABLE[:, :4], seed=0)


def test_the_column_that_decides_is_the_most_important_and_a_useless_one_counts_nothing():
    y = (TABLE[:, 1] > 0).astype(int)
    table = np.column_stack([TABLE[:, :2], np.zeros(60)])
    frame = permutation_importance(LogisticRegression().fit(table, y), table, y, seed=0, names=["a", "b", "nothing"])
    assert frame["name"][0] == "b"
    assert frame.set_index("name")["mean"]["nothing"] == 0


def test_names_must_fit_the_columns():
    y = (TABLE[:, 1] > 0).astype(int)
    with pytest.raises(InputError, match="2 names were given for 5 columns"):
        permutation_importance(LogisticRegression().fit(TABLE, y), TABLE, y, seed=0, names=["a", "b"])
