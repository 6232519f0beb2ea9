"""Bands, figures of each group against scikit-learn, gaps and flags."""

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

from radiolucent.evaluate import banded, bands, resamples, subgroups


def test_ages_fall_into_their_bands_and_impossible_ones_into_unknown():
    ages = [0, 17.9, 18, 39, 40, 59, 60, 79, 80, 120, 121, 414, -1, np.nan]
    assert bands(ages).tolist() == [
        *("0-17", "0-17", "18-39", "18-39", "40-59", "40-59", "60-79", "60-79", "80+", "80+"),
        *("unknown",) * 4,
    ]


def test_columns_are_banded_by_what_they_hold():
    assert set(banded(pd.Series(range(10, 90), name="age_years"))) == {"0-17", "18-39", "40-59", "60-79", "80+"}
    assert banded(pd.Series(range(100), name="kvp")).value_counts().tolist() == [25] * 4
    assert banded(pd.Series([1, 2.0, np.nan], name="site")).tolist() == ["1", "2", "unknown"]
    assert banded(pd.Series(["F", None, " ", "M "], name="sex")).tolist() == ["F", "unknown", "unknown", "M"]
    assert banded(pd.Series([True, False])).tolist() == ["True", "False"]


def test_quantile_bands_keep_missing_numbers_apart_and_hold_every_other_one():
    found = banded(pd.Series([*np.linspace(0, 1, 40), np.nan], name="dose"))
    assert found.iloc[-1] == "unknown"
    assert found.iloc[:-1].value_counts().tolist() == [10] * 4


def cohort(n=900, n_classes=2, seed=0):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, n_classes, n)
    z = rng.standard_normal((n, n_classes)) + np.equal.outer(y, np.arange(n_classes))
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    return y, p, p.argmax(axis=1), rng.integers(0, 500, n), rng


def test_each_groups_figures_equal_scikit_learns_on_its_rows():
    y, p, decided, patients, rng = cohort()
    sex = rng.choice(["F", "M"], len(y))
    groups, _ = subgroups(y, p, decided, pd.Series(sex, name="sex"), resamples(y, patients, replicates=100))
    for name, found in groups.items():
        mine = sex == name
        assert found["n"] == mine.sum()
        assert found["patients"] == len(np.unique(patients[mine]))
        assert found["positives"] == y[mine].sum()
        assert found["prevalence"] == pytest.approx(y[mine].mean())
        assert found["auc"]["value"] == pytest.approx(metrics.roc_auc_score(y[mine], p[mine, 1]))
        assert found["tpr"]["value"] == pytest.approx(decided[mine & (y == 1)].mean())
        assert found["fpr"]["value"] == pytest.approx(decided[mine & (y == 0)].mean())
        assert all(found[key]["low"] < found[key]["value"] < found[key]["high"] for key in ("auc", "tpr", "fpr"))
        assert found["flag"] is None


def test_a_planted_gap_is_found_between_the_right_groups_with_an_interval_clear_of_nought():
    y, p, _, patients, rng = cohort(1500)
    site = rng.choice(["A", "B", "C"], len(y))
    p[site == "C"] = rng.permutation(p[site == "C"])
    _, gaps = subgroups(y, p, p.argmax(1), pd.Series(site, name="site"), resamples(y, patients, replicates=200))
    assert gaps["auc"]["between"][1] == "C"
    assert 0 < gaps["auc"]["low"] < gaps["auc"]["value"] < gaps["auc"]["high"]


@pytest.mark.parametrize(
    ("n_pos", "n_neg", "patients", "says"),
    [(19, 40, 59, "19 positive"), (40, 19, 59, "19 negative"), (40, 40, 9, "9 patient"), (20, 20, 10, None)],
)
def test_small_groups_are_flagged_with_the_reason(n_pos, n_neg, patients, says):
    y = np.repeat([1, 0, 1, 0], [n_pos, n_neg, 100, 100])
    small = n_pos + n_neg
    who = np.concatenate([np.arange(small) % patients, 1000 + np.arange(200)])
    p = np.column_stack([1 - 0.5 * y, 0.5 * y])
    site = pd.Series(np.where(np.arange(len(y)) < small, "small", "large"), name="site")
    groups, gaps = subgroups(y, p, y, site, resamples(y, who, replicates=20))
    assert groups["large"]["flag"] is None
    assert (says in groups["small"]["flag"]) if says else groups["small"]["flag"] is None
    assert bool(gaps) == (says is None)


def test_a_group_of_one_class_has_no_auc_and_no_gap():
    y = np.repeat([0, 1, 0], [50, 50, 50])
    p = np.column_stack([1 - 0.6 * y, 0.6 * y])
    site = pd.Series(np.repeat(["A", "A", "B"], 50), name="site")
    groups, gaps = subgroups(y, p, y, site, resamples(y, None, replicates=20))
    assert groups["B"]["auc"] == {"value": None, "low": None, "high": None}
    assert gaps == {}


def test_several_classes_have_macro_rates_and_no_positives():
    y, p, decided, patients, rng = cohort(600, 3)
    groups, gaps = subgroups(
        y, p, decided, pd.Series(rng.choice(["F", "M"], 600)), resamples(y, patients, replicates=30)
    )
    assert groups["F"]["positives"] is groups["F"]["prevalence"] is None
    assert 0.5 < groups["F"]["auc"]["value"] < 1
    assert set(gaps) == {"auc", "tpr", "fpr"}


def test_groups_come_in_order_and_unknown_comes_last_and_out_of_the_gaps():
    y, p, decided, patients, rng = cohort()
    age = pd.Series(np.where(rng.random(900) < 0.3, np.nan, rng.integers(0, 100, 900)), name="age")
    groups, gaps = subgroups(y, p, decided, age, resamples(y, patients, replicates=20))
    assert list(groups) == ["0-17", "18-39", "40-59", "60-79", "80+", "unknown"]
    assert "unknown" not in gaps["auc"]["between"]
