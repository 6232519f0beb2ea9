"""What comes before a classical candidate, and that all of it is fitted on training rows alone."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from radiolucent.flow.classical import classical, is_searched
from radiolucent.flow.describe import SITE, Description
from radiolucent.learn import CANDIDATES
from radiolucent.learn.search import Search

SEARCH = {"budget_s": None, "settings": 2}


def made(name="logistic", **how):
    told = {"description": Description(), "search": None, "seed": 3} | how
    return classical(CANDIDATES[name], CANDIDATES[name].make(seed=3), **told)


def test_what_is_usual_is_words_and_statistics_and_nothing_else():
    pipeline = made()
    assert list(pipeline.named_steps) == ["rows", "classify"]
    assert pipeline.named_steps["rows"].words.seed == 3
    assert "fill" not in getattr(pipeline.named_steps["classify"], "named_steps", {})


def test_words_are_left_out_where_they_are_not_seen():
    assert made(description=Description(("hog",))).named_steps["rows"].words is None


def test_gaps_are_filled_before_sites_are_evened_out_and_columns_chosen():
    seen = Description(("columns",), ("a", "b"), site="clinic", sites=("x", "y"))
    search = made(description=seen, search=SEARCH).named_steps["classify"]
    assert isinstance(search, Search)
    assert list(search.estimator.named_steps) == ["fill", "harmonise", "select", "classify"]


def test_only_classical_candidates_are_searched():
    assert is_searched("svm", SEARCH)
    assert not is_searched("svm", None)
    assert not is_searched("cnn", SEARCH)
    assert not is_searched("metadata", SEARCH)


@pytest.mark.parametrize("search", [None, SEARCH])
def test_measured_features_with_sites_are_learned_from_a_frame(search):
    random = np.random.default_rng(0)
    y = np.arange(60) % 2
    X = pd.DataFrame({"a": random.normal(size=60) + y, "b": random.normal(size=60), SITE: np.arange(60) // 2 % 3})
    X.loc[3, "a"] = np.nan
    seen = Description(site="clinic", sites=("x", "y", "z"))
    pipeline = made("features", description=seen, search=search)
    groups = {"classify__groups": np.arange(60) // 2} if search else {}
    told = pipeline.fit(X, y, **groups).predict_proba(X)
    assert told.shape == (60, 2)


@pytest.mark.parametrize("search", [None, SEARCH])
def test_empty_and_constant_features_are_no_obstacle(search):
    y = np.arange(60) % 2
    X = pd.DataFrame({"a": y + np.sin(np.arange(60)), "empty": np.nan, "constant": 7.0, SITE: np.arange(60) // 2 % 2})
    seen = Description(("columns",), ("a", "empty", "constant"), site="clinic", sites=("x", "y"))
    rows = seen.filled(60, columns=X, sites=X[SITE].map({0: "x", 1: "y"}))
    groups = {"classify__groups": np.arange(60) // 2} if search else {}
    told = made(description=seen, search=search).fit(rows, y, **groups).predict_proba(rows)
    assert np.isfinite(told).all()


def test_a_changed_test_row_changes_nothing_of_what_is_fitted():
    random = np.random.default_rng(1)
    seen = Description(("columns",), ("a", "b", "c"), site="clinic", sites=("x", "y"))
    rows = seen.filled(80, columns=pd.DataFrame(random.normal(size=(80, 3)), columns=list("abc")))
    rows["site"] = np.arange(80) // 2 % 2
    y = np.arange(80) % 2
    fit, test = np.arange(60), np.arange(60, 80)

    def fitted(table):
        pipeline = classical(CANDIDATES["logistic"], LogisticRegression(), description=seen, search=None, seed=0)
        return pipeline.fit(table[fit], y[fit]).predict_proba(table[fit])

    other = rows.copy()
    other["columns"][test] *= 100
    np.testing.assert_array_equal(fitted(rows), fitted(other))
