"""Reports of grades, numbers and labels, on audits of drawn answers."""

import re

import numpy as np
import pandas as pd
import pytest

from radiolucent.evaluate.audit import audit
from radiolucent.evaluate.audit_grades import audit_grades
from radiolucent.evaluate.audit_labels import audit_labels
from radiolucent.evaluate.audit_number import audit_number
from radiolucent.report import Study, study_page
from radiolucent.report.summary import summary

N = 200
PATIENTS, FOLDS = np.arange(N) // 2, np.arange(N) // 2 % 4
SEXES = pd.DataFrame({"sex": np.where(np.arange(N) // 2 % 3 == 0, "F", "M")})
COMMON = {"patients": PATIENTS, "folds": FOLDS, "best": "cnn", "replicates": 100}
COST = {"seconds": 12.0, "fit_seconds": 10.0, "predict_seconds": 2.0, "peak_mb": 300.0, "size_mb": 1.0}
CURVE = [{"member": k, "step": s, "loss": 1 / s, "held_loss": 1.5 / s} for k in (0, 1) for s in (10, 20, 30)]


def study(task, found, names, headline, counts):
    for scores in found["candidates"].values():
        scores.update(COST)
    remarks = ["net 1 of 2: the weights of step 20 of 30 were best and are kept"]
    found["candidates"]["cnn"]["learning"] = [{"curve": CURVE, "remarks": remarks, "alone": [0.6, 0.7]}] * 4
    design = {"kind": "folds", "folds": 4, "patient_column": "patient", "seed": 0, "bootstrap": 100,
              "n_evaluated": N, "patients_evaluated": N // 2, "skipped": []}  # fmt: skip
    metrics = {"version": 1, "radiolucent": "0", "task": {"target": "age", "positive": None, "headline": headline, **task},
               "n": N, "patients": N // 2, "classes": names, "class_counts": counts, "design": design, "best": "cnn",
               "tuning": {"cnn": {headline: 0.5}, "svm": {headline: 0.4}}, "leaks": [],
               "choice": {headline: found["candidates"]["cnn"][headline], "picked": ["cnn"] * 4},
               "confounding": {}, **found}  # fmt: skip
    return Study(metrics, {"finished": "today"}, methods={"metadata_columns": ["sex"]})


@pytest.fixture(scope="module")
def grades():
    random = np.random.default_rng(0)
    y = random.integers(0, 4, N)
    p = {name: 0.3 + sharp * np.eye(4)[y] + random.random((N, 4)) for name, sharp in (("cnn", 1.5), ("svm", 0.5))}
    p = {name: value / value.sum(axis=1, keepdims=True) for name, value in p.items()}
    found = audit(y, p, classes="0123", groups=SEXES, **COMMON)
    graded = audit_grades(y, p, grades="0123", **COMMON)
    for name, scores in graded["candidates"].items():
        found["candidates"][name] |= scores
    found["differences"] = graded["differences"]
    return study({"kind": "ordinal"}, found, list("0123"), "kappa", {g: 50 for g in "0123"})


@pytest.fixture(scope="module")
def number():
    random = np.random.default_rng(1)
    y = random.uniform(20, 80, N)
    told = {name: y + random.normal(0, sd, N) for name, sd in (("cnn", 5.0), ("svm", 11.0))}
    told = {name: np.column_stack([v, v - 10, v + 10]) for name, v in told.items()}
    found = audit_number(y, told, strata=y > 50, groups=SEXES, **COMMON)
    return study({"kind": "number"}, found, ["20 to 50", "50 to 80"], "mae", {"20 to 50": 100, "50 to 80": 100})


@pytest.fixture(scope="module")
def labels():
    random = np.random.default_rng(2)
    y = random.integers(0, 2, (N, 2))
    p = {name: np.clip(k * y + (1 - k) * random.random((N, 2)), 0, 1) for name, k in (("cnn", 0.3), ("svm", 0.1))}
    found = audit_labels(y, p, labels=("mass", "effusion"), strata=y[:, 0], groups=SEXES,
                         thresholds={name: np.full((N, 2), 0.5) for name in p}, **COMMON)  # fmt: skip
    task = {"kind": "labels", "labels": ["mass", "effusion"]}
    return study(task, found, ["mass", "no label"], "auc", {"mass": 99, "effusion": 98})


def text(study):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", study_page(study)))


def test_grades_are_told_by_kappa_with_a_matrix_and_distances(grades):
    page = text(grades)
    assert "CNN grades age: quadratic kappa 0." in page
    assert "Quadratic kappa of every candidate" in page
    assert "Each image goes to the grade nearest to the mean grade" in page
    assert "Within one grade" in page
    assert "It is better than SVM" in page


def test_a_number_is_told_by_its_error_with_both_plots_and_never_by_an_auc(number):
    page = text(number)
    assert "where telling everybody the mean errs by" in page
    assert "Bland-Altman plot" in page
    assert "hold the truth in" in page
    assert "Mean absolute error of CNN in each group" in page
    assert "AUC" not in page
    assert "It is better than SVM" in page, "less error is better"


def test_labels_are_told_one_by_one(labels):
    page = text(labels)
    assert "CNN finds mass and effusion: mean AUC of the labels 0." in page
    assert "Scores of each label" in page
    assert page.count("effusion") > 4


@pytest.mark.parametrize("name", ["grades", "number", "labels"])
def test_nets_show_how_they_learned_and_the_summary_tells_the_same_figure(name, request):
    one = request.getfixturevalue(name)
    page = text(one)
    assert "How the nets learned: CNN" in page
    assert "step 20 of 30 were best" in page
    assert "Alone, its nets reach a" in page
    measure = {"grades": "Quadratic kappa", "number": "Mean absolute error", "labels": "AUC"}[name]
    assert f"{measure} [95 % interval]" in summary(one)
