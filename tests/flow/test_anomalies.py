"""A detector learns normals of a cohort, is held against simple scores, and is kept."""

import csv
import json

import numpy as np
import pytest
import squares
from sklearn.metrics import roc_auc_score
from squares import pictures

from radiolucent.cli import main
from radiolucent.core import InputError
from radiolucent.flow.anomalies import Asked, compared, learn_normal, rates, spread_of_grey, unlikeness

TINY = {"steps": 2, "encoder_steps": 2, "width": 2}


@pytest.fixture(scope="module")
def npz(tmp_path_factory):
    return squares.npz(tmp_path_factory.mktemp("squares") / "squares.npz", train=44, val=12, test=16)


@pytest.fixture(scope="module")
def run(npz, tmp_path_factory):
    pytest.importorskip("tensorflow")
    out = tmp_path_factory.mktemp("runs") / "run"
    return out, learn_normal(Asked(str(npz), normal="0", **TINY), out, threads=1)


@pytest.mark.deep
def test_the_detector_is_told_beside_simple_scores_from_the_same_draws(run):
    out, told = run
    assert json.loads((out / "metrics.json").read_text()) == told
    assert told["n"] == {"normals": 22, "held_out_normals": 6, "test": 16, "abnormal": 8}
    assert set(told["scores"]) == {"f_anogan", "deviation", "correlation"}
    assert told["scores"]["deviation"]["value"] == 1  # a bright square is seen by the simplest score
    assert [one["b"] for one in told["differences"]] == ["deviation", "correlation"]
    assert 0 <= told["rates"]["sensitivity"]["value"] <= 1
    page = (out / "report.html").read_text()
    assert "f-AnoGAN tells 8 other pictures among 16 test images" in page
    with (out / "scores.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 16
    assert {row["unusual"] for row in rows} <= {"yes", "no"}


def test_the_command_wants_to_learn_or_to_score(tmp_path, capsys):
    assert main(["anomaly", "x.npz", "-o", str(tmp_path / "run")]) == 2
    assert "--normal CLASS to learn" in capsys.readouterr().err


def test_a_class_that_is_not_there_is_said(npz, tmp_path):
    with pytest.raises(InputError, match="class for --normal"):
        learn_normal(Asked(str(npz), normal="healthy"), tmp_path / "run", threads=1)


def test_numbers_out_of_bounds_are_said():
    with pytest.raises(InputError, match="--encoder-steps must lie between 1"):
        Asked("cohort.csv", normal="0", encoder_steps=0)


def test_areas_equal_scikit_learns_and_differences_are_paired():
    random = np.random.default_rng(0)
    abnormal = np.arange(60) % 3 == 0
    score = random.normal(0, 1, 60) + abnormal
    told = compared({"f_anogan": score, "same": score, "none": random.normal(0, 1, 60)}, abnormal, np.arange(60))
    assert told["scores"]["f_anogan"]["value"] == pytest.approx(roc_auc_score(abnormal, score))
    same, none = told["differences"]
    assert same["auc"] == {"value": 0.0, "low": 0.0, "high": 0.0}
    assert none["auc"]["high"] - none["auc"]["low"] > 0
    with pytest.raises(InputError, match="both are needed"):
        compared({"f_anogan": score}, np.zeros(60, bool), np.arange(60))


def test_rates_are_shares_above_the_threshold():
    score, abnormal = np.array([0.1, 0.9, 0.2, 0.8]), np.array([False, False, True, True])
    told = rates(score, abnormal, np.arange(4), 0.5)
    assert (told["sensitivity"]["value"], told["false_alarms"]["value"]) == (0.5, 0.5)
    assert rates(score, abnormal, np.arange(4), None) is None


def test_simple_scores_are_what_they_say():
    X, _ = pictures(12)
    np.testing.assert_allclose(spread_of_grey(X)[3], X[3].astype(float).std())
    flat = X.reshape(12, -1).astype(float)
    expected = 1 - np.mean(sorted(np.corrcoef(flat[0], other)[0, 1] for other in flat[2:])[-5:])
    assert unlikeness(X[:1], X[2:])[0] == pytest.approx(expected)
    assert unlikeness(np.zeros((1, 28, 28), np.uint8), X)[0] == 1
