import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from radiolucent.core import InputError
from radiolucent.learn import load, save
from radiolucent.learn.harmonise import Harmonised
from radiolucent.measure.harmonise import Combat


def sites(n=240, seed=0):
    """Five features and the site; site 1 adds 3 and stretches twofold; the class is in feature 0 alone."""
    random = np.random.default_rng(seed)
    site, y = np.arange(n) % 3, random.integers(0, 2, n)
    X = random.normal(size=(n, 5))
    X[:, 0] += 1.5 * y
    X[site == 1] = X[site == 1] * 2 + 3
    return np.column_stack([X, site]), y


def test_sites_are_brought_together_and_the_column_of_the_site_is_gone():
    X, _ = sites()
    made = Harmonised(Combat()).fit(X).transform(X)
    assert made.shape == (240, 5)
    means = np.array([made[X[:, -1] == site].mean(axis=0) for site in range(3)])
    assert np.ptp(means, axis=0).max() < 0.3
    assert np.ptp([X[X[:, -1] == site, 2].mean() for site in range(3)]) > 2


def test_it_is_combat_fitted_on_the_training_rows_alone():
    X, _ = sites()
    made = Harmonised(Combat()).fit(X[:150]).transform(X[150:])
    plain = Combat().fit(X[:150, :-1], batch=X[:150, -1]).transform(X[150:, :-1], batch=X[150:, -1])
    np.testing.assert_allclose(made, plain)


@pytest.mark.parametrize("stranger", [-1, 7])
def test_rows_of_a_site_never_seen_stay_as_they_are(stranger):
    X, _ = sites()
    harmonised = Harmonised(Combat()).fit(X)
    other = X[:4].copy()
    other[:2, -1] = stranger
    made = harmonised.transform(other)
    np.testing.assert_array_equal(made[:2], other[:2, :-1])
    assert harmonised.knows(other).tolist() == [False, False, True, True]


def test_a_site_with_few_training_rows_is_none_that_is_known():
    X, _ = sites()
    few = np.vstack([X[X[:, -1] != 2], X[X[:, -1] == 2][:3]])
    assert Harmonised(Combat()).fit(few).sites_.tolist() == [0, 1]


def test_one_site_alone_leaves_everything_as_it_is():
    X, _ = sites()
    X[:, -1] = 0
    np.testing.assert_array_equal(Harmonised(Combat()).fit(X).transform(X), X[:, :-1])


def test_constant_features_and_absent_words_stay_finite():
    X, _ = sites()
    X[:, 1] = 4.0
    X[X[:, -1] == 2, 3] = 0.0
    assert np.isfinite(Harmonised(Combat()).fit(X).transform(X)).all()


def test_a_table_without_features_is_refused():
    with pytest.raises(InputError, match="as its last column, the site"):
        Harmonised(Combat()).fit(np.zeros((6, 1)))


def test_in_a_pipeline_it_is_saved_without_pickle_and_tells_the_same(tmp_path):
    X, y = sites()
    model = make_pipeline(Harmonised(Combat()), LogisticRegression()).fit(X, y)
    back = load(save(tmp_path / "model", estimator=model, manifest={})).estimator
    np.testing.assert_array_equal(back.predict_proba(X), model.predict_proba(X))
