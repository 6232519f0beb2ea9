import itertools
import warnings

import numpy as np
import pytest
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils.estimator_checks import parametrize_with_checks
from threadpoolctl import threadpool_limits

from radiolucent.core import InputError
from radiolucent.learn import load, save
from radiolucent.learn.search import Search, inner_folds


@pytest.fixture(autouse=True)
def one_thread():
    with threadpool_limits(1):
        yield


LINE = make_pipeline(StandardScaler(), LogisticRegression())
SPACE = {"logisticregression__C": ("log", 1e-3, 1e3)}


@parametrize_with_checks([Search(LINE, SPACE, settings=3, inner=2), Search()])
def test_a_search_keeps_the_contract_of_scikit_learn(estimator, check):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check(estimator)


def tables(n=240, classes=2, flip=0.1):
    return make_classification(n, 12, n_informative=4, n_classes=classes, flip_y=flip, random_state=2)


@pytest.mark.parametrize("classes", [2, 3])
def test_the_best_setting_on_inner_folds_is_fitted_on_all_rows(classes):
    X, y = tables(classes=classes)
    space = {"max_depth": ("one of", (1, 3, 5))}
    search = Search(DecisionTreeClassifier(max_depth=1, random_state=0), space, settings=8, seed=1).fit(X, y)
    assert search.chosen_["max_depth"] > 1
    assert search.told()["inner_auc"] > search.told()["inner_auc_default"]
    plain = DecisionTreeClassifier(random_state=0, **search.chosen_).fit(X, y)
    np.testing.assert_array_equal(search.predict_proba(X), plain.predict_proba(X))


def test_the_same_seed_chooses_the_same_and_another_draws_others():
    X, y = tables()
    one, two, other = (Search(LINE, SPACE, settings=6, seed=seed).fit(X, y) for seed in (1, 1, 2))
    assert one.chosen_ == two.chosen_
    assert one.tried_ == two.tried_
    assert one.tried_[1]["setting"] != other.tried_[1]["setting"]


def test_settings_that_fall_behind_are_given_up_half_way():
    X, y = tables()
    tried = Search(LINE, SPACE, settings=9, inner=4).fit(X, y).tried_
    lengths = sorted(len(one["aucs"]) for one in tried)
    assert lengths.count(2) >= 5
    assert lengths.count(4) in (3, 4), "the best third, and the estimator as it is"
    assert len(tried[0]["aucs"]) == 4


def test_no_patient_is_on_both_sides_of_an_inner_fold():
    random = np.random.default_rng(0)
    groups = random.integers(0, 30, 200)
    y = (groups % 3 == 0).astype(int)
    folds, says = inner_folds(y, groups, n_folds=4, seed=3)
    assert (len(folds), says) == (4, "")
    for rows, held in folds:
        assert not set(groups[rows]) & set(groups[held])
    assert sorted(np.concatenate([held for _, held in folds])) == list(range(200))


class Spy(LogisticRegression):
    """Remembers which rows (by the first column) it was fitted on."""

    seen: list = []  # noqa: RUF012 - shared by clones on purpose

    def fit(self, X, y):
        self.seen.append(set(X[:, 0].astype(int)))
        return super().fit(X, y)


def test_inner_fits_see_whole_patients_of_the_training_rows_alone():
    X, y = tables(60)
    X[:, 0] = np.arange(60)
    groups = np.arange(60) // 3
    Spy.seen.clear()
    Search(Spy(max_iter=500), {"C": ("log", 0.1, 10)}, settings=2, inner=3).fit(X[:48], y[:48], groups=groups[:48])
    for rows in Spy.seen:
        assert rows <= set(range(48))
        assert all(len({row for row in range(48) if groups[row] == g} - rows) in (0, 3) for g in range(16))


def test_groups_make_repeated_images_of_a_patient_count_as_one():
    """Pure noise, each patient four times alike: without groups the nearest rows give the class away."""
    random = np.random.default_rng(0)
    X = np.repeat(random.normal(size=(40, 5)), 4, axis=0)
    y = np.repeat(np.arange(40) % 2, 4)
    tree = DecisionTreeClassifier(random_state=0)
    space = {"max_depth": ("one of", (5, 10))}
    grouped = Search(tree, space, settings=2).fit(X, y, groups=np.repeat(np.arange(40), 4))
    loose = Search(tree, space, settings=2).fit(X, y)
    assert loose.told()["inner_auc"] > 0.9
    assert grouped.told()["inner_auc"] < 0.8


def test_a_budget_that_runs_out_keeps_the_best_so_far_and_says_so(monkeypatch):
    X, y = tables()
    ticks = itertools.count()
    monkeypatch.setattr("radiolucent.learn.search.perf_counter", lambda: float(next(ticks)))
    search = Search(LINE, SPACE, settings=5000, inner=4, budget_s=30).fit(X, y)
    told = search.told()
    assert told["exhausted"]
    assert 1 <= told["tried"] < told["planned"] == 5000
    assert roc_auc_score(y, search.predict_proba(X)[:, 1]) > 0.7


def test_a_budget_too_small_for_one_fit_keeps_the_estimator_as_it_is():
    X, y = tables()
    told = Search(LINE, SPACE, budget_s=1e-9).fit(X, y).told()
    assert told["exhausted"]
    assert (told["tried"], told["chosen"], told["inner_auc"]) == (0, {}, None)


@pytest.mark.parametrize("budget_s", [0, -1.0])
def test_a_budget_of_nothing_is_refused(budget_s):
    X, y = tables(40)
    with pytest.raises(InputError, match="budget above 0 s"):
        Search(LINE, SPACE, budget_s=budget_s).fit(X, y)


def test_a_class_with_one_patient_leaves_nothing_to_compare_and_it_is_said():
    X, y = tables(60)
    groups = np.where(y == 1, 0, np.arange(60))
    search = Search(LINE, SPACE, settings=5).fit(X, y, groups=groups)
    assert search.chosen_ == {}
    assert "class 1 has one patient" in search.told()["says"]
    assert search.told()["tried"] == 0


def test_few_patients_of_a_class_make_fewer_inner_folds_and_it_is_said():
    X, y = tables(60)
    groups = np.where(y == 1, np.arange(60) % 3, 10 + np.arange(60))
    search = Search(LINE, SPACE, settings=3, inner=4).fit(X, y, groups=groups)
    assert "3 inner folds instead of 4" in search.says_


def test_gaps_and_constant_columns_pass_where_the_estimator_takes_them():
    from sklearn.impute import SimpleImputer

    from radiolucent.learn.selection import Select

    X, y = tables(80)
    X[::5, 1], X[:, 2], X[:, 3] = np.nan, np.nan, 4.0
    model = make_pipeline(SimpleImputer(keep_empty_features=True), Select(k=5), LINE)
    search = Search(model, {"select__k": ("log whole", 2, 8)}, settings=3).fit(X, y)
    assert np.isfinite(search.predict_proba(X)).all()


def test_groups_of_another_length_are_refused():
    X, y = tables(40)
    with pytest.raises(InputError, match="give one patient a row"):
        Search(LINE, SPACE).fit(X, y, groups=np.arange(3))


def test_a_saved_search_tells_the_same_probabilities_and_the_same_story(tmp_path):
    X, y = tables()
    search = Search(LINE, SPACE, settings=4).fit(X, y)
    back = load(save(tmp_path / "model", estimator=search, manifest={})).estimator
    np.testing.assert_array_equal(back.predict_proba(X), search.predict_proba(X))
    assert back.told() == search.told()
