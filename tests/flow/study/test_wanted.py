"""Grades, numbers and labels through the whole job, on pictures whose brightness tells them."""

import json

import numpy as np
import pandas as pd
import pytest
from PIL import Image as Pillow
from sklearn.metrics import cohen_kappa_score, mean_absolute_error, roc_auc_score

from radiolucent.core import InputError
from radiolucent.evaluate.ordinal import nearest_grade
from radiolucent.flow.predict import predict
from radiolucent.flow.study.job import learn
from radiolucent.flow.study.question import Question

PATIENTS, SIDE = 60, 24


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bright")
    random = np.random.default_rng(4)
    rows = []
    for patient in range(PATIENTS):
        for image in range(1 + patient % 2):
            grade = patient % 4
            picture = random.integers(0, 60, (SIDE, SIDE)) + 45 * grade
            picture[4:10, 4:10] += 60 * (patient % 3 == 0)
            Pillow.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).save(folder / f"{patient}_{image}.png")
            rows.append(
                {
                    "file": f"{patient}_{image}.png",
                    "patient": f"p{patient}",
                    "grade": grade,
                    "age": round(30 + 10 * grade + random.normal(0, 2), 1),
                    "dense": int(grade >= 2),
                    "square": "yes" if patient % 3 == 0 else "no",
                    "found": "|".join((["dense"] if grade >= 2 else []) + (["square"] if patient % 3 == 0 else []))
                    or "No Finding",
                    "sex": "FM"[patient % 2],
                }
            )
    pd.DataFrame(rows).to_csv(folder / "table.csv", index=False)
    return folder / "table.csv"


def question(table, **changes):
    asked = {"image": "file", "patient": "patient", "groups": ("sex",), "folds": 2, "replicates": 40, "seed": 1}
    return Question(source=str(table), **(asked | {"candidates": ("svm", "metadata")} | changes))


def studied(table, out, **changes):
    said = learn(question(table, **changes), out, threads=1, shown=False)
    told = pd.read_csv(out / "predictions.csv")
    return said, json.loads((out / "metrics.json").read_text()), told, (out / "report.html").read_text()


@pytest.fixture(scope="module")
def graded(table, tmp_path_factory):
    return studied(table, tmp_path_factory.mktemp("graded") / "run", target="grade", kind="ordinal")


@pytest.fixture(scope="module")
def aged(table, tmp_path_factory):
    out = tmp_path_factory.mktemp("aged") / "run"
    return *studied(table, out, target="age"), out


@pytest.fixture(scope="module")
def labelled(table, tmp_path_factory):
    out = tmp_path_factory.mktemp("labelled") / "run"
    return *studied(table, out, target="found"), out


def test_grades_are_chosen_and_judged_by_quadratic_kappa(graded):
    said, metrics, told, _ = graded
    assert metrics["task"] == {"target": "grade", "kind": "ordinal", "positive": None, "headline": "kappa"}
    decided = nearest_grade(told[[f"svm_{grade}" for grade in range(4)]])
    kappa = metrics["candidates"]["svm"]["kappa"]
    assert kappa["value"] == pytest.approx(cohen_kappa_score(told["target"], decided, weights="quadratic"), abs=1e-4)
    assert kappa["low"] > 0.7
    assert metrics["choice"]["kappa"]["value"] == pytest.approx(kappa["value"])
    assert metrics["differences"][0]["kappa"]["low"] > 0, "brightness tells more than sex"
    assert "learned as grades in order, as asked" in said


def test_many_numbers_are_learned_as_a_number_and_it_is_said(aged):
    said, metrics, told, _, _ = aged
    svm = metrics["candidates"]["svm"]
    assert "'age' is learned as a number" in said
    assert svm["mae"]["value"] == pytest.approx(mean_absolute_error(told["target"], told["svm"]), abs=1e-4)
    assert svm["mae"]["high"] < metrics["without_skill"]["mae"] / 2
    inside = (told["target"] >= told["svm_low"]) & (told["target"] <= told["svm_high"])
    assert svm["coverage"]["value"] == pytest.approx(inside.mean(), abs=1e-4)
    assert svm["limit_low"]["value"] < svm["bias"]["value"] < svm["limit_high"]["value"]
    assert metrics["best"] == "svm"
    assert metrics["differences"][0]["mae"]["high"] < 0, "less error than sex alone"


def test_cells_that_name_several_labels_are_learned_label_by_label(labelled):
    said, metrics, told, _, _ = labelled
    assert metrics["task"]["labels"] == ["dense", "square"]
    assert "labels, any number a row" in said
    truth = told["target"].str.contains("dense")
    each = metrics["candidates"]["svm"]["per_label"]
    assert each["dense"]["auc"]["value"] == pytest.approx(roc_auc_score(truth, told["svm_dense"]), abs=1e-4)
    assert min(each[name]["auc"]["value"] for name in each) > 0.8


def test_the_same_labels_in_columns_of_their_own_give_the_same_figures(table, labelled, tmp_path):
    _, metrics, _, _ = studied(table, tmp_path / "run", target="dense", more_targets=("square",))
    assert metrics["task"]["labels"] == ["dense", "square"]
    same = labelled[1]["candidates"]["svm"]["per_label"]
    for label, scores in metrics["candidates"]["svm"]["per_label"].items():
        assert scores["auc"] == same[label]["auc"]


def test_saved_models_of_numbers_and_labels_judge_new_images(table, aged, labelled, tmp_path):
    predict(aged[-1] / "model", str(table.parent / "[0-3]_0.png"), tmp_path / "age", threads=1, shown=False)
    ages = pd.read_csv(tmp_path / "age/predictions.csv")
    assert (ages["predicted_low"] < ages["predicted"]).all()
    assert ages["predicted"].max() - ages["predicted"].min() > 15
    predict(labelled[-1] / "model", str(table.parent / "[0-3]_0.png"), tmp_path / "set", threads=1, shown=False)
    sets = pd.read_csv(tmp_path / "set/predictions.csv", keep_default_na=False)
    assert {"p_dense", "p_square"} <= set(sets.columns)
    assert set(sets["predicted"]) <= {"none", "dense", "square", "dense|square"}


def test_no_report_speaks_of_what_its_kind_has_not(graded, aged, labelled):
    assert "uadratic kappa" in graded[3]
    assert "Bland" in aged[3]
    head = aged[3].split("Checklists")[0]
    assert "AUC" not in head.replace("alone reaches AUC", "")  # of a confounder and the upper half of the numbers
    assert "square" in labelled[3]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"target": "age", "kind": "ordinal", "folds": 3}, "patient"),
        ({"target": "square", "kind": "number"}, "no finite number in 90 of 90 rows"),
        ({"target": "dense", "more_targets": ("age",)}, "neither yes nor no"),
        ({"target": "dense", "more_targets": ("shape",)}, "shape"),
        ({"target": "found", "folds": 30}, "ask for fewer --folds"),
        ({"target": "dense", "kind": "ordinal"}, "three classes at least"),
        ({"target": "age", "search": True}, "leave --search out"),
        ({"target": "age", "candidates": ("lightgbm",)}, "lightgbm"),
    ],
)
def test_what_cannot_be_learned_is_refused_before_anything_is(table, tmp_path, changes, says):
    with pytest.raises(InputError, match=says):
        learn(question(table, **changes), tmp_path / "run", threads=1, shown=False)
    assert not (tmp_path / "run").exists()


def rewritten(table, tmp_path, column, cells):
    frame = pd.read_csv(table)
    frame[column] = cells(frame)
    frame["file"] = [str(table.parent / name) for name in frame["file"]]
    frame.to_csv(tmp_path / "table.csv", index=False)
    return tmp_path / "table.csv"


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (lambda frame: 50.0, "all 90 rows have the target"),
        (lambda frame: frame["age"].mask(frame.index == 3), "missing in 1 of 90 rows .row 5"),
        (lambda frame: frame["age"].astype(object).mask(frame.index == 3, "inf"), "no finite number in 1 of 90"),
    ],
)
def test_a_number_that_is_missing_infinite_or_always_the_same_is_told_with_its_row(table, tmp_path, cells, says):
    with pytest.raises(InputError, match=says):
        learn(
            question(rewritten(table, tmp_path, "age", cells), target="age"), tmp_path / "run", threads=1, shown=False
        )


def test_a_class_of_one_patient_and_more_classes_than_patients_are_refused(table, tmp_path):
    alone = rewritten(table, tmp_path, "grade", lambda frame: frame["grade"].mask(frame.index == 0, 9))
    with pytest.raises(InputError, match=r"rarest class has 1 patient"):
        learn(question(alone, target="grade", kind="ordinal"), tmp_path / "run", threads=1, shown=False)
    each = rewritten(table, tmp_path, "grade", lambda frame: [f"class {k}" for k in range(len(frame))])
    with pytest.raises(InputError, match=r"rarest class has 1 patient"):
        learn(question(each, target="grade"), tmp_path / "run", threads=1, shown=False)
