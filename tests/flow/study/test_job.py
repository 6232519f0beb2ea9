"""The whole cohort job on small phantoms; slow parts run once and are looked at by many tests."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from radiolucent.core import InputError
from radiolucent.flow.predict import predict
from radiolucent.flow.study.job import learn
from radiolucent.flow.study.question import Question
from radiolucent.phantom import radiographs

PATIENTS, SIZE = 16, 64


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    return radiographs(tmp_path_factory.mktemp("phantoms") / "cohort", patients=PATIENTS, size=SIZE, seed=2)


def question(table, **changes):
    asked = {"target": "nodule", "patient": "patient", "groups": ("sex", "age"), "folds": 2, "replicates": 50}
    return Question(source=str(table), **(asked | {"candidates": ("svm", "metadata")} | changes))


@pytest.fixture(scope="module")
def run(table, tmp_path_factory):
    out = tmp_path_factory.mktemp("study") / "run"
    text = learn(question(table), out, threads=1, shown=False, command="radiolucent learn table.csv")
    return out, text


@pytest.fixture(scope="module")
def metrics(run):
    return json.loads((run[0] / "metrics.json").read_text())


def test_it_leaves_report_metrics_predictions_model_and_provenance_and_nothing_else(run):
    names = {path.name for path in run[0].iterdir()}
    assert names == {"report.html", "metrics.json", "predictions.csv", "model", "provenance.json"}
    assert "report.html" in run[1]


def test_every_image_is_tested_once_and_its_probability_is_one(run, table):
    told, rows = pd.read_csv(run[0] / "predictions.csv"), pd.read_csv(table)
    assert len(told) == len(rows)
    assert told["svm"].between(0, 1).all()
    assert (told["target"].to_numpy() == rows["nodule"].to_numpy()).all()


def test_no_patient_is_in_two_folds(run):
    told = pd.read_csv(run[0] / "predictions.csv")
    assert (told.groupby("patient")["fold"].nunique() == 1).all()


def test_no_raw_identifier_or_path_is_in_what_is_written(run, table):
    rows = pd.read_csv(table, dtype=str)
    for name in ("predictions.csv", "metrics.json", "provenance.json", "report.html"):
        text = (run[0] / name).read_text()
        assert str(table.parent) not in text
        assert not [patient for patient in rows["patient"] if f">{patient}<" in text or f",{patient}," in text]
        assert not [file for file in rows["file"] if Path(file).name in text]


def test_the_planted_copy_is_found(metrics):
    same = [leak for leak in metrics["leaks"] if leak["kind"] == "identical"]
    assert same[0]["count"] >= 1


def test_metrics_say_what_was_asked(metrics, table):
    rows = pd.read_csv(table)
    assert (metrics["version"], metrics["n"], metrics["patients"]) == (1, len(rows), rows["patient"].nunique())
    assert metrics["best"] == "svm", "the metadata baseline is no contender"
    assert metrics["task"] == {"target": "nodule", "kind": "binary", "positive": "1"}
    assert set(metrics["candidates"]) == {"svm", "metadata"}
    assert metrics["candidates"]["svm"]["peak_mb"] > 50
    assert set(metrics["groups"]) == {"sex", "age"}


def test_auc_is_that_of_scikit_learn_on_the_predictions(run, metrics):
    from sklearn.metrics import roc_auc_score

    told = pd.read_csv(run[0] / "predictions.csv")
    assert metrics["candidates"]["svm"]["auc"]["value"] == pytest.approx(
        roc_auc_score(told["target"], told["svm"]), abs=2e-3
    )


def test_the_saved_model_judges_new_images_and_shows_where_it_looks(run, table, tmp_path):
    said = predict(
        run[0] / "model", str(table.parent / "images/r000[0-2].dcm"), tmp_path / "out", threads=1, shown=False
    )
    told = pd.read_csv(tmp_path / "out/predictions.csv")
    assert "3 images judged" in said
    assert (told["p_0"] + told["p_1"]).round(3).eq(1).all()
    assert len(list((tmp_path / "out/heat").glob("*.png"))) == len(told) == 3
    assert "file" not in told


def test_an_image_unlike_the_training_data_is_refused(run, tmp_path):
    from PIL import Image as Pillow

    Pillow.fromarray(np.zeros((SIZE, SIZE, 3), np.uint8)).save(tmp_path / "photo.png")
    with pytest.raises(InputError, match="modality is OT"):
        predict(run[0] / "model", str(tmp_path / "photo.png"), tmp_path / "out", threads=1, shown=False)
    assert not (tmp_path / "out").exists()


def hears_ctrl_c():
    """Tests that run in the background are started deaf to it, and would pass that on."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_an_interrupted_run_goes_on_and_equals_an_uninterrupted_one(run, table, tmp_path):
    asked = (
        "--target nodule --patient patient --group sex --group age --folds 2 --replicates 50 --candidates svm,metadata"
    )
    command = [sys.executable, "-m", "radiolucent", "learn", str(table), *asked.split(), "-o", str(tmp_path / "run")]
    process = subprocess.Popen(
        [*command, "--threads", "1"], stderr=subprocess.PIPE, text=True, start_new_session=True, preexec_fn=hears_ctrl_c
    )
    first = tmp_path / "run/work/svm/fold_0.npz"
    waited = time.monotonic()
    while not first.exists() and process.poll() is None and time.monotonic() - waited < 120:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "--resume" in said
    finished = (first.stat().st_ino, first.stat().st_mtime_ns)
    kept = tmp_path / "kept.npz"
    os.link(first, kept)  # the work folder goes when the run is done; the link shows whether the fold was fitted again
    subprocess.run([*command, "--threads", "1", "--resume", "--quiet"], check=True, capture_output=True)
    assert (kept.stat().st_ino, kept.stat().st_mtime_ns) == finished
    one, other = (pd.read_csv(folder / "predictions.csv") for folder in (run[0], tmp_path / "run"))
    pd.testing.assert_frame_equal(one, other)


def official(table, tmp_path, leak):
    """A given split by patient; with `leak`, one patient is on both sides."""
    rows = pd.read_csv(table)
    order = {patient: number for number, patient in enumerate(rows["patient"].unique())}
    number = rows["patient"].map(order)
    rows["part"] = np.where(number % 2 == 0, "train", "test")
    if leak:
        twice = rows.index[rows["patient"] == rows["patient"].mode()[0]]
        rows.loc[twice, "part"] = ["train", "test"] * (len(twice) // 2) + ["train"] * (len(twice) % 2)
    rows["file"] = [str(table.parent / file) for file in rows["file"]]
    rows.to_csv(tmp_path / "official.csv", index=False)
    return tmp_path / "official.csv"


def test_a_given_split_that_leaks_stops_the_run_and_shows_the_pairs(table, tmp_path):
    asked = question(official(table, tmp_path, leak=True), split="part")
    with pytest.raises(InputError, match=r"the given split leaks: .*--allow-leaks"):
        learn(asked, tmp_path / "run", threads=1, shown=False)
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["leaks.html"]
    assert "<img" in (tmp_path / "run/leaks.html").read_text()


def test_leaks_that_are_allowed_are_marked_and_figures_are_given_twice(table, tmp_path):
    asked = question(official(table, tmp_path, leak=True), split="part", allow_leaks=True, candidates=("metadata",))
    learn(asked, tmp_path / "run", threads=1, shown=False)
    told = json.loads((tmp_path / "run/metrics.json").read_text())
    assert told["design"]["kind"] == "official"
    assert told["design"]["allow_leaks"]
    assert any(leak["severity"] == "block" for leak in told["leaks"])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"target": "nodul"}, "did you mean 'nodule'"),
        ({"patient": "person"}, "no column in table.csv 'person'"),
        ({"folds": 40}, "40 folds were asked"),
        ({"candidates": ("svn",)}, "did you mean 'svm'"),
        ({"candidates": ("metadata",), "groups": ()}, "no --group column was given"),
        ({"positive": "7"}, "no class '7'"),
    ],
)
def test_bad_input_is_one_clear_line_and_leaves_nothing(table, tmp_path, changes, message):
    with pytest.raises(InputError, match=message) as told:
        learn(question(table, **changes), tmp_path / "run", threads=1, shown=False)
    assert "\n" not in str(told.value)
    assert not (tmp_path / "run").exists()


def test_a_truncated_dicom_file_is_named_with_its_remedy(table, tmp_path):
    rows = pd.read_csv(table)
    rows["file"] = [str(table.parent / file) for file in rows["file"]]
    broken = tmp_path / "broken.dcm"
    whole = Path(rows.loc[3, "file"]).read_bytes()
    broken.write_bytes(whole[: len(whole) - 1000])
    rows.loc[3, "file"] = str(broken)
    rows.to_csv(tmp_path / "table.csv", index=False)
    with pytest.raises(InputError, match=r"row 4 of the cohort, broken\.dcm.*--skip-unreadable"):
        learn(question(tmp_path / "table.csv"), tmp_path / "run", threads=1, shown=False)
    learn(
        question(tmp_path / "table.csv", skip_unreadable=True, candidates=("metadata",)),
        tmp_path / "run",
        threads=1,
        shown=False,
    )
    told = json.loads((tmp_path / "run/metrics.json").read_text())
    assert [skipped["row"] for skipped in told["design"]["skipped"]] == [3]
    assert told["n"] == len(rows) - 1


def test_three_classes_in_folders_without_patients(tmp_path):
    from PIL import Image as Pillow

    random = np.random.default_rng(0)
    for label, angle in (("flat", 0), ("steep", 90), ("upright", 45)):
        (tmp_path / "cohort" / label).mkdir(parents=True)
        for number in range(14):
            y, x = np.mgrid[:40, :40] + random.uniform(0, 9)
            wave = np.sin((x * np.cos(np.deg2rad(angle)) + y * np.sin(np.deg2rad(angle))) / random.uniform(1.5, 3))
            picture = 128 + 60 * wave + random.normal(0, 20, (40, 40))
            Pillow.fromarray(picture.clip(0, 255).astype(np.uint8)).save(tmp_path / "cohort" / label / f"{number}.png")
    asked = Question(source=str(tmp_path / "cohort"), candidates=("svm",), folds=2, replicates=50)
    learn(asked, tmp_path / "run", threads=1, shown=False)
    told = json.loads((tmp_path / "run/metrics.json").read_text())
    assert told["task"]["kind"] == "multiclass"
    assert told["design"]["patient_column"] is None
    assert told["candidates"]["svm"]["auc"]["value"] > 0.9, "stripes of three directions are easy"
    assert np.array(told["candidates"]["svm"]["confusion"]).shape == (3, 3)
    assert told["candidates"]["svm"]["threshold"] is None
    rows = pd.read_csv(tmp_path / "run/predictions.csv")
    assert rows[["svm_flat", "svm_steep", "svm_upright"]].sum(axis=1).round(3).eq(1).all()


@pytest.mark.deep
def test_the_net_learns_is_explained_and_saved(table, tmp_path):
    pytest.importorskip("tensorflow")
    learn(question(table, candidates=("cnn",), groups=()), tmp_path / "run", threads=1, shown=False)
    assert (tmp_path / "run/model/weights.npz").exists()
    said = predict(
        tmp_path / "run/model", str(next((table.parent / "images").iterdir())), tmp_path / "out", threads=1, shown=False
    )
    assert said.startswith("1 images judged")
    assert pd.read_csv(tmp_path / "out/predictions.csv")["explained_by"].tolist() == ["Grad-CAM"]
