"""The audit holds what metrics.json promises, equals its parts, and refuses what it cannot judge."""

import json
import re
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

from radiolucent.core import InputError
from radiolucent.evaluate import audit, delong
from radiolucent.evaluate.score import NAMES

REST = {"threshold", "confusion", "per_class", "auc_fold_mean", "patient", "delong", "curves"}


def cohort(n=300, n_classes=2, seed=0):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, n_classes, n)
    given = {}
    for name, signal in (("cnn", 1.2), ("svm", 0.6)):
        z = rng.standard_normal((n, n_classes)) + signal * np.equal.outer(y, np.arange(n_classes))
        given[name] = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    table = pd.DataFrame({"sex": rng.choice(["F", "M"], n), "age": rng.integers(1, 95, n)})
    return y, given, rng.integers(0, 2 * n // 3, n), table


def classes(n):
    return [f"class {c}" for c in range(n)]


def run(n_classes=2, **changes):
    y, given, patients, table = cohort(n_classes=n_classes)
    asked = {"classes": classes(n_classes), "patients": patients, "groups": table, "replicates": 60} | changes
    return audit(y, given, **asked), y, given, patients


@pytest.mark.parametrize("n_classes", [2, 4])
def test_every_field_of_the_schema_is_there_and_json_can_hold_it(n_classes):
    found, *_ = run(n_classes, folds=np.arange(300) % 5, twin_free=np.arange(300) % 3 > 0)
    assert set(found) == {"candidates", "differences", "twin_free", "groups", "gaps", "confounding"}
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    for one in found["candidates"].values():
        assert set(one) == {*NAMES, *REST}
        assert all(set(one[name]) >= {"value", "low", "high"} for name in NAMES)
        assert set(one["ece"]) == {"value", "low", "high", "expected", "expected_high"}
        assert set(one["patient"]) == {*NAMES, "n", "patients"}
        assert set(one["per_class"]) == set(classes(n_classes))
        assert len(one["auc_fold_mean"]["per_fold"]) == 5
        assert set(one["curves"]) == {"roc", "reliability", "decision"}
    assert set(found["twin_free"]["candidates"]["cnn"]) == set(NAMES)
    assert set(found["groups"]) == set(found["gaps"]) == set(found["confounding"]) == {"sex", "age"}


def test_figures_of_two_classes_equal_scikit_learns_and_lie_in_their_intervals():
    found, y, given, _ = run(replicates=300)
    p = given["cnn"][:, 1]
    one = found["candidates"]["cnn"]
    assert one["auc"]["value"] == pytest.approx(metrics.roc_auc_score(y, p))
    assert one["average_precision"]["value"] == pytest.approx(metrics.average_precision_score(y, p))
    assert one["mcc"]["value"] == pytest.approx(metrics.matthews_corrcoef(y, p >= 0.5))
    assert one["confusion"] == metrics.confusion_matrix(y, p >= 0.5).tolist()
    assert all(one[name]["low"] < one[name]["value"] < one[name]["high"] for name in NAMES)


def test_thresholds_of_the_rows_decide_and_are_summed_up_by_fold():
    fold = np.arange(300) % 3
    limits = {"cnn": np.array([0.3, 0.5, 0.7])[fold], "svm": np.full(300, 0.4)}
    found, y, given, _ = run(folds=fold, thresholds=limits)
    one = found["candidates"]["cnn"]
    assert one["threshold"] == {"mean": pytest.approx(0.5), "per_fold": pytest.approx([0.3, 0.5, 0.7])}
    assert one["confusion"] == metrics.confusion_matrix(y, given["cnn"][:, 1] >= limits["cnn"]).tolist()
    each = [metrics.roc_auc_score(y[fold == k], given["cnn"][fold == k, 1]) for k in range(3)]
    assert one["auc_fold_mean"]["per_fold"] == pytest.approx(each)
    assert one["auc_fold_mean"]["sd"] == pytest.approx(np.std(each, ddof=1))


def test_one_threshold_serves_all_rows_where_none_were_chosen():
    found, y, given, _ = run(threshold=0.8)
    assert found["candidates"]["cnn"]["confusion"] == metrics.confusion_matrix(y, given["cnn"][:, 1] >= 0.8).tolist()


def test_a_patients_probabilities_are_averaged_and_two_labels_count_twice():
    y = np.array([0, 0, 1, 1, 1, 0])
    p = np.array([0.1, 0.3, 0.9, 0.2, 0.8, 0.6])
    who = np.array(["a", "a", "b", "c", "d", "d"])
    one = audit(y, {"m": np.column_stack([1 - p, p])}, classes=["no", "yes"], patients=who, replicates=5)
    patient = one["candidates"]["m"]["patient"]
    assert (patient["n"], patient["patients"]) == (5, 4)
    wanted = metrics.roc_auc_score([0, 1, 1, 1, 0], [0.2, 0.9, 0.2, 0.8, 0.6])
    assert patient["auc"]["value"] == pytest.approx(wanted)


def test_without_patients_each_row_is_its_own_and_there_are_no_patient_figures():
    found, *_ = run(patients=None)
    assert found["candidates"]["cnn"]["patient"] is None
    assert found["groups"]["sex"]["F"]["patients"] == found["groups"]["sex"]["F"]["n"]


def test_delong_stands_only_where_one_model_saw_one_row_per_patient():
    found, y, given, _ = run(patients=None, official=True)
    assert found["candidates"]["cnn"]["delong"] == delong(y == 1, given["cnn"][:, 1])
    assert run(official=True)[0]["candidates"]["cnn"]["delong"] is None
    assert run(patients=None)[0]["candidates"]["cnn"]["delong"] is None
    assert run(4, patients=None, official=True)[0]["candidates"]["cnn"]["delong"] is None


def test_the_best_is_compared_with_every_other_and_given_its_groups():
    found, *_ = run(best="svm", replicates=200)
    difference = found["differences"]
    assert [(d["a"], d["b"]) for d in difference] == [("svm", "cnn")]
    assert difference[0]["auc"]["high"] < 0
    assert difference[0]["p"] < 0.05
    first, *_ = run(replicates=200)
    assert [(d["a"], d["b"]) for d in first["differences"]] == [("cnn", "svm")]
    assert first["groups"] != found["groups"]


def test_twin_free_figures_are_those_of_the_rows_that_are_left():
    free = np.arange(300) % 4 > 0
    found, y, given, _ = run(twin_free=free)
    assert found["twin_free"]["n"] == 225
    wanted = metrics.roc_auc_score(y[free], given["svm"][free, 1])
    assert found["twin_free"]["candidates"]["svm"]["auc"]["value"] == pytest.approx(wanted)
    assert run(twin_free=np.zeros(300, bool))[0]["twin_free"] == {"n": 0, "candidates": {}}


def test_several_classes_have_no_threshold_no_roc_and_no_decision_curve():
    one = run(3)[0]["candidates"]["cnn"]
    assert one["threshold"] is None
    assert one["curves"]["roc"] == one["curves"]["decision"] == []
    assert sum(b["n"] for b in one["curves"]["reliability"]) == 300


def test_the_same_seed_gives_the_same_audit_and_another_other_intervals():
    assert run(seed=1)[0] == run(seed=1)[0]
    assert run(seed=1)[0]["candidates"]["cnn"]["auc"] != run(seed=2)[0]["candidates"]["cnn"]["auc"]


def test_rows_of_one_class_are_undefined_without_a_warning():
    p = np.linspace(0.1, 0.9, 9)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = audit(
            np.zeros(9, int), {"m": np.column_stack([1 - p, p])}, classes=["no", "yes"], patients=range(9), replicates=20,
            groups=pd.DataFrame({"sex": list("FMFMFMFMF")}),
        )  # fmt: skip
    assert found["candidates"]["m"]["auc"] == {"value": None, "low": None, "high": None}
    assert found["candidates"]["m"]["specificity"]["value"] == pytest.approx(4 / 9)


def test_perfect_answers_on_a_few_patients_are_not_certain():
    y = np.repeat([0, 1], [30, 20])
    p = np.where(y == 1, 0.9, 0.1)
    found = audit(
        y, {"m": np.column_stack([1 - p, p])}, classes=["no", "yes"], patients=np.arange(50) // 2, replicates=40,
        groups=pd.DataFrame({"site": ["A"] * 50}),
    )  # fmt: skip
    one, group = found["candidates"]["m"], found["groups"]["site"]["A"]
    assert one["sensitivity"]["low"] == group["tpr"]["low"] == pytest.approx(0.025 ** (1 / 10))
    assert one["specificity"]["low"] == pytest.approx(0.025 ** (1 / 15))
    assert group["fpr"]["high"] == pytest.approx(1 - 0.025 ** (1 / 15))
    assert one["auc"]["low"] == one["per_class"]["yes"]["ppv"]["low"] == pytest.approx(0.025 ** (1 / 10))
    assert one["auc"]["high"] == 1


PAGE = Path(__file__).parents[2] / "docs/metrics.md"


def test_every_field_is_described_in_the_page_of_metrics_json():
    found, *_ = run(folds=np.arange(300) % 5, twin_free=np.arange(300) % 3 > 0)
    page = PAGE.read_text(encoding="utf-8")
    one = found["candidates"]["cnn"]
    fields = {*found, *one, *one["curves"], *found["groups"]["sex"]["F"], *found["confounding"]["sex"], *one["ece"]}
    fields |= {*found["differences"][0], *found["gaps"]["sex"]["auc"], *one["auc_fold_mean"]}
    told = set(re.findall(r"\w+", " ".join(re.findall(r"`[^`\n]+`|^## .*$", page, re.MULTILINE))))
    assert fields - told == set()


def bad(y=(0, 1), p=((0.5, 0.5), (0.5, 0.5)), **changes):
    return audit(np.array(y), {"m": np.array(p)}, **({"classes": ["no", "yes"], "replicates": 5} | changes))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"y": (), "p": ()}, "nothing to evaluate"),
        ({"y": (0, 2)}, "codes 0 to 1"),
        ({"y": (0.0, 1.0)}, "codes 0 to 1"),
        ({"p": ((0.5, 0.5),)}, "not .2 rows, 2 classes"),
        ({"p": ((0.5, 0.5), (np.nan, 1))}, "row 1 has no probability"),
        ({"p": ((0.5, 0.5), (-3, 4))}, "row 1 has no probability"),
        ({"best": "n"}, "no candidate 'n'"),
        ({"thresholds": {"x": [0.5, 0.5]}}, "no candidate with thresholds 'm'"),
        ({"thresholds": {"m": [0.5]}}, "1 thresholds for 2 rows"),
        ({"twin_free": [True]}, "one truth value"),
    ],
)
def test_what_cannot_be_audited_is_refused_with_a_reason(changes, says):
    with pytest.raises(InputError, match=says):
        bad(**changes)


def test_further_pairs_are_compared_beside_those_with_the_best():
    found, *_ = run(best="cnn", pairs=[("svm", "cnn"), ("cnn", "svm")])
    ahead, behind = found["differences"]
    assert [(row["a"], row["b"]) for row in found["differences"]] == [("cnn", "svm"), ("svm", "cnn")]
    assert behind["auc"]["value"] == pytest.approx(-ahead["auc"]["value"])
    assert behind["auc"]["low"] == pytest.approx(-ahead["auc"]["high"])
