"""Audits of grades, numbers and labels against scikit-learn and scipy, on rows of patients."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr
from sklearn.metrics import cohen_kappa_score, mean_absolute_error, roc_auc_score

from radiolucent.core import InputError
from radiolucent.evaluate.audit_grades import audit_grades
from radiolucent.evaluate.audit_labels import audit_labels
from radiolucent.evaluate.audit_number import audit_number
from radiolucent.evaluate.ordinal import nearest_grade

N = 120
PATIENTS = np.arange(N) // 2
FOLDS = PATIENTS % 3


def test_grades_are_judged_by_kappa_with_an_interval_and_compared_in_pairs():
    random = np.random.default_rng(0)
    y = random.integers(0, 4, N)
    good = 0.1 + 2.0 * np.eye(4)[y] + random.random((N, 4))
    p = {"a": good / good.sum(axis=1, keepdims=True), "b": np.full((N, 4), 0.25)}
    found = audit_grades(y, p, grades="0123", patients=PATIENTS, folds=FOLDS, best="a", replicates=200)
    kappa = found["candidates"]["a"]["kappa"]
    assert kappa["value"] == pytest.approx(cohen_kappa_score(y, nearest_grade(p["a"]), weights="quadratic"))
    assert kappa["low"] < kappa["value"] < kappa["high"]
    assert found["candidates"]["b"]["kappa"]["value"] == pytest.approx(0)
    assert found["differences"][0]["kappa"]["low"] > 0
    assert np.sum(found["candidates"]["a"]["confusion"]) == N
    assert len(found["candidates"]["a"]["kappa_fold_mean"]["per_fold"]) == 3
    json.dumps(found, allow_nan=False)


def ages():
    random = np.random.default_rng(1)
    y = random.uniform(20, 80, N)
    told = {name: y + random.normal(0, sd, N) for name, sd in (("a", 4.0), ("b", 12.0))}
    return y, {name: np.column_stack([v, v - 8, v + 8]) for name, v in told.items()}


def test_numbers_are_judged_by_their_error_with_coverage_and_groups():
    y, told = ages()
    table = pd.DataFrame({"sex": np.where(np.arange(N) % 4 < 2, "F", "M")})
    found = audit_number(y, told, strata=y > 50, patients=PATIENTS, folds=FOLDS, groups=table, best="a", replicates=200)
    a = found["candidates"]["a"]
    assert a["mae"]["value"] == pytest.approx(mean_absolute_error(y, told["a"][:, 0]))
    assert a["spearman"]["value"] == pytest.approx(spearmanr(y, told["a"][:, 0])[0])
    assert a["coverage"]["value"] == pytest.approx((np.abs(y - told["a"][:, 0]) <= 8).mean())
    assert a["limit_low"]["value"] < a["bias"]["value"] < a["limit_high"]["value"]
    assert found["differences"][0]["mae"]["high"] < 0, "the best is nearer"
    assert 10 < found["without_skill"]["mae"] < 20
    assert found["groups"]["sex"]["F"]["n"] + found["groups"]["sex"]["M"]["n"] == N
    assert set(found["gaps"]["sex"]) == {"mae", "bias"}
    json.dumps(found, allow_nan=False)


def test_a_number_without_its_interval_is_refused():
    y, told = ages()
    with pytest.raises(InputError, match="value, low, high"):
        audit_number(y, {"a": told["a"][:, :1]}, strata=y > 50, best="a")


def test_labels_are_judged_one_by_one_and_on_average():
    random = np.random.default_rng(2)
    y = random.integers(0, 2, (N, 3))
    p = {"a": np.clip(0.4 * y + 0.6 * random.random((N, 3)), 0, 1), "b": random.random((N, 3))}
    found = audit_labels(
        y, p, labels=("x", "y", "z"), strata=y[:, 0], thresholds={name: np.full((N, 3), 0.5) for name in p},
        patients=PATIENTS, folds=FOLDS, groups=pd.DataFrame({"site": np.arange(N) % 2}), best="a", replicates=200,
    )  # fmt: skip
    a = found["candidates"]["a"]
    aucs = [roc_auc_score(y[:, k], p["a"][:, k]) for k in range(3)]
    assert [a["per_label"][name]["auc"]["value"] for name in "xyz"] == pytest.approx(aucs)
    assert a["auc"]["value"] == pytest.approx(np.mean(aucs))
    assert a["auc"]["low"] < a["auc"]["value"] < a["auc"]["high"]
    assert a["per_label"]["x"]["n"] == y[:, 0].sum()
    assert found["differences"][0]["auc"]["low"] > 0
    assert set(found["groups"]["site"]) == {"0", "1"}
    json.dumps(found, allow_nan=False)
