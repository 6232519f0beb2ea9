"""LightGBM as an estimator of scikit-learn's contract; it is an extra and may be absent."""

import sys

import numpy as np
import pytest
from sklearn.datasets import make_classification
from sklearn.metrics import roc_auc_score
from sklearn.utils.estimator_checks import parametrize_with_checks

from radiolucent.core import InputError
from radiolucent.learn import load, save
from radiolucent.learn.lightgbm import LightGBM


def tables(classes=2, n=240):
    X, y = make_classification(
        n, 30, n_informative=8, n_classes=classes, n_clusters_per_class=1, class_sep=1.5, random_state=3
    )
    return X[: n // 2], y[: n // 2], X[n // 2 :], y[n // 2 :]


@parametrize_with_checks([LightGBM(trees=10, least=2, column_share=1.0)])
def test_it_keeps_the_contract_of_scikit_learn(estimator, check):
    pytest.importorskip("lightgbm")
    check(estimator)


@pytest.mark.parametrize("classes", [2, 4])
def test_it_learns_what_can_be_learned(classes):
    pytest.importorskip("lightgbm")
    X, y, X_new, y_new = tables(classes)
    told = LightGBM(trees=50).fit(X, y).predict_proba(X_new)
    np.testing.assert_allclose(told.sum(axis=1), 1)
    assert roc_auc_score(y_new, told[:, 1] if classes == 2 else told, multi_class="ovr") > 0.85


def test_threads_do_not_change_it_and_a_saved_one_tells_the_same(tmp_path):
    pytest.importorskip("lightgbm")
    X, y, X_new, _ = tables()
    one, two = (LightGBM(trees=20, threads=threads, seed=1).fit(X, y) for threads in (1, 2))
    np.testing.assert_array_equal(one.predict_proba(X_new), two.predict_proba(X_new))
    back = load(save(tmp_path / "model", estimator=one, manifest={})).estimator
    np.testing.assert_array_equal(back.predict_proba(X_new), one.predict_proba(X_new))


def test_without_the_extra_it_says_which(monkeypatch):
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    X, y, *_ = tables()
    with pytest.raises(InputError, match=r"radiolucent\[lightgbm\]"):
        LightGBM().fit(X, y)
