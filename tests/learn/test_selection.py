import numpy as np
import pytest
from sklearn.feature_selection import f_classif
from sklearn.utils.estimator_checks import parametrize_with_checks

from radiolucent.core import InputError
from radiolucent.learn.selection import Select, f_statistic

WAYS = ["univariate", "mrmr", "importance", "elastic_net"]


@parametrize_with_checks([Select(how=how, k=2) for how in ("none", *WAYS)])
def test_a_selection_keeps_the_contract_of_scikit_learn(estimator, check):
    check(estimator)


def planted(n=300, seed=0):
    """Columns 0 and 1 tell the classes apart, 2 repeats 0, 3 is constant, the rest is noise."""
    random = np.random.default_rng(seed)
    y = np.arange(n) % 2
    X = random.normal(size=(n, 30))
    X[:, 0] += 2 * y
    X[:, 1] += 1.2 * y
    X[:, 2] = X[:, 0] + random.normal(size=n) * 0.01
    X[:, 3] = 7.0
    return X, y


@pytest.mark.parametrize("how", WAYS)
def test_every_way_finds_a_planted_column_and_keeps_as_many_as_asked(how):
    X, y = planted()
    select = Select(how=how, k=3).fit(X, y)
    assert select.transform(X).shape == (300, 3)
    assert select.kept_[0] or select.kept_[2]
    assert not select.kept_[3]


def test_what_repeats_another_column_is_taken_late_by_mrmr_and_at_once_by_the_f_statistic():
    X, y = planted()
    assert np.flatnonzero(Select(how="univariate", k=2).fit(X, y).kept_).tolist() == [0, 2]
    told_apart = np.flatnonzero(Select(how="mrmr", k=2).fit(X, y).kept_)
    assert len({0, 2} & set(told_apart.tolist())) == 1


def test_the_f_statistic_is_that_of_scikit_learn():
    X, _ = planted()
    X = np.delete(X, 3, axis=1)
    y = np.random.default_rng(1).integers(0, 3, len(X))
    np.testing.assert_allclose(f_statistic(X, y), f_classif(X, y)[0], rtol=1e-8)


def test_a_constant_table_is_kept_in_order():
    select = Select(how="univariate", k=2).fit(np.ones((10, 4)), np.arange(10) % 2)
    assert np.flatnonzero(select.kept_).tolist() == [0, 1]


@pytest.mark.parametrize("how", WAYS)
def test_the_same_seed_selects_the_same(how):
    X, y = planted()
    one, two = (Select(how=how, k=5, seed=3).fit(X, y).kept_ for _ in range(2))
    np.testing.assert_array_equal(one, two)


def test_a_way_that_is_none_names_the_nearest():
    with pytest.raises(InputError, match="did you mean 'mrmr'"):
        Select(how="mmr").fit(np.ones((4, 2)), [0, 1, 0, 1])
