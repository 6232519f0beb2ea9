"""The cohort job on columns of measured features beside the pictures."""

import json

import numpy as np
import pandas as pd
import pytest

from radiolucent.core import InputError
from radiolucent.flow.predict import predict
from radiolucent.flow.study.job import learn
from radiolucent.flow.study.question import Question
from radiolucent.phantom import radiographs


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    path = radiographs(tmp_path_factory.mktemp("phantoms") / "cohort", patients=16, size=64, seed=2)
    rows = pd.read_csv(path)
    random = np.random.default_rng(0)
    rows["glcm_contrast"] = (rows["nodule"] == rows["nodule"].max()) * 2.0 + random.normal(size=len(rows))
    rows["morphology_sphericity"] = random.normal(size=len(rows))
    rows.loc[3, "morphology_sphericity"] = np.nan
    rows.to_csv(path, index=False)
    return path


def question(table, **changes):
    asked = {"target": "nodule", "patient": "patient", "folds": 2, "replicates": 50, "candidates": ("features",)}
    return Question(source=str(table), **(asked | {"features": ("glcm_*", "morphology_*")} | changes))


@pytest.fixture(scope="module")
def run(table, tmp_path_factory):
    out = tmp_path_factory.mktemp("study") / "run"
    learn(question(table), out, threads=1, shown=False)
    return out


def test_features_of_the_table_are_learned_from_on_the_same_folds(run):
    metrics = json.loads((run / "metrics.json").read_text())
    assert metrics["candidates"]["features"]["auc"]["value"] > 0.7
    assert metrics["best"] == "features"


def test_the_report_says_which_family_the_features_rest_on(run):
    page = (run / "report.html").read_text()
    assert "What Measured features rests on" in page or "Measured features" in page


def test_a_model_of_features_is_not_applied_to_pictures(run, table, tmp_path):
    with pytest.raises(InputError, match="learned from columns of features"):
        predict(run / "model", str(table.parent), tmp_path / "out", threads=1, shown=False)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"features": ("glcn_*",)}, "feature column"),
        ({"features": ("sex",)}, "holds words"),
        ({"features": ()}, "no --features columns were given"),
    ],
)
def test_features_that_are_none_are_named(table, tmp_path, changes, says):
    with pytest.raises(InputError, match=says):
        learn(question(table, **changes), tmp_path / "run", threads=1, shown=False)
