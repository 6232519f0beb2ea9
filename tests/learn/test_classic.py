import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import make_classification
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import roc_auc_score
from sklearn.utils.estimator_checks import parametrize_with_checks
from threadpoolctl import threadpool_limits

from radiolucent.core import InputError
from radiolucent.learn import boosting, forest, metadata, svm
from radiolucent.learn.classic import MarginSVC, elastic_net, extra_trees, logistic, svm_linear

FAMILIES = [svm, svm_linear, logistic, elastic_net, forest, extra_trees, boosting]

LIBSVM = "libsvm is exact in sample weights only up to its tolerance; scikit-learn expects the same of SVC"


@parametrize_with_checks(
    [MarginSVC(), MarginSVC(C=3.0, break_ties=True, cache_size=500, random_state=1)],
    expected_failed_checks=lambda estimator: {
        "check_sample_weight_equivalence_on_dense_data": LIBSVM,
        "check_sample_weight_equivalence_on_sparse_data": LIBSVM,
    },
)
def test_a_support_vector_machine_keeps_the_contract_of_scikit_learn(estimator, check):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check(estimator)


@pytest.fixture(autouse=True)
def one_thread():
    with threadpool_limits(1):
        yield


def tables(classes, n=240):
    X, y = make_classification(
        n, 30, n_informative=8, n_classes=classes, n_clusters_per_class=1, class_sep=1.5, random_state=3
    )
    return X[: n // 2], y[: n // 2], X[n // 2 :], y[n // 2 :]


@pytest.mark.parametrize("make", FAMILIES)
@pytest.mark.parametrize("classes", [2, 4])
def test_every_classifier_learns_what_can_be_learned(make, classes):
    X, y, X_new, y_new = tables(classes)
    told = make(seed=0).fit(X, y).predict_proba(X_new)
    assert told.shape == (len(X_new), classes)
    np.testing.assert_allclose(told.sum(axis=1), 1)
    score = roc_auc_score(y_new, told[:, 1] if classes == 2 else told, multi_class="ovr")
    assert score > 0.85


@pytest.mark.parametrize("make", FAMILIES)
def test_the_same_seed_gives_the_same_probabilities(make):
    X, y, X_new, _ = tables(2)
    np.testing.assert_array_equal(
        make(seed=7).fit(X, y).predict_proba(X_new), make(seed=7).fit(X, y).predict_proba(X_new)
    )


def test_the_number_of_threads_does_not_change_a_forest():
    X, y, X_new, _ = tables(2)
    one, two = (forest(seed=1, threads=threads).fit(X, y).predict_proba(X_new) for threads in (1, 2))
    np.testing.assert_allclose(one, two, rtol=0, atol=1e-12)  # threads add the trees' votes in any order


def test_the_probability_of_the_svm_is_in_the_order_of_its_margin_even_without_signal():
    random = np.random.default_rng(0)
    X, y = random.normal(size=(60, 5)), random.integers(0, 2, 60)
    machine = MarginSVC().fit(X, y)
    order = np.argsort(machine.decision_function(X))
    assert (np.diff(machine.predict_proba(X)[order, 1]) >= 0).all()


def test_the_rare_class_is_not_drowned():
    random = np.random.default_rng(0)
    y = (np.arange(300) < 15).astype(int)
    X = random.normal(size=(300, 4)) + 1.5 * y[:, None]
    for make in (svm, forest, boosting):
        told = make(seed=0).fit(X[::2], y[::2]).predict_proba(X[1::2])[:, 1]
        assert roc_auc_score(y[1::2], told) > 0.8


def people(n=200):
    random = np.random.default_rng(1)
    frame = pd.DataFrame({"age": random.uniform(20, 90, n), "sex": random.choice(["F", "M"], n), "view": "PA"})
    y = (random.random(n) < np.where(frame["sex"] == "F", 0.85, 0.15)).astype(int)
    return frame, y


def test_the_metadata_baseline_finds_a_confounder():
    frame, y = people()
    told = metadata(seed=0, numeric=("age",), categorical=("sex", "view")).fit(frame[:100], y[:100])
    assert roc_auc_score(y[100:], told.predict_proba(frame[100:])[:, 1]) > 0.75


def test_the_metadata_baseline_sees_a_relation_that_rises_and_falls():
    frame, _ = people()
    y = (np.abs(frame["age"] - 55) > 20).astype(int)
    told = metadata(seed=0, numeric=("age",)).fit(frame[:100], y[:100])
    assert roc_auc_score(y[100:], told.predict_proba(frame[100:])[:, 1]) > 0.9


def test_the_metadata_baseline_bears_gaps_new_words_and_empty_columns():
    frame, y = people()
    frame.loc[::3, "age"] = np.nan
    frame.loc[::5, "sex"] = None
    frame["weight"] = np.nan
    fitted = metadata(seed=0, numeric=("age", "weight"), categorical=("sex", "view")).fit(frame, y)
    new = pd.DataFrame({"age": [np.nan, 40.0], "sex": ["X", None], "view": ["LL", "PA"], "weight": [80.0, np.nan]})
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        assert np.isfinite(fitted.predict_proba(new)).all()


def test_the_metadata_baseline_without_a_column_says_what_it_needs():
    with pytest.raises(InputError, match="at least one column"):
        metadata(seed=0)
