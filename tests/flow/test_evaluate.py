import json

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from radiolucent.core import InputError
from radiolucent.flow.evaluate import evaluate


@pytest.fixture
def table(tmp_path):
    random = np.random.default_rng(4)
    n = 240
    truth = random.integers(0, 2, n)
    p = 1 / (1 + np.exp(-(truth - 0.5 + random.normal(0, 1, n))))
    rows = pd.DataFrame(
        {
            "truth": np.where(truth, "ill", "well"),
            "score": 1 - p,
            "rival": random.random(n),
            "sex": random.choice(["F", "M"], n),
            "age": random.integers(20, 90, n),
            "person": random.integers(0, 80, n),
        }
    )
    rows.to_csv(tmp_path / "predictions.csv", index=False)
    return tmp_path / "predictions.csv"


def asked(table, out, **changes):
    settings = {"target": "truth", "scores": ("score", "rival"), "positive": "well", "replicates": 100} | changes
    return evaluate(table, out, **settings)


def test_anyones_predictions_are_audited_without_a_model(table, tmp_path):
    said = asked(table, tmp_path / "out", groups=("sex", "age"), patient="person")
    told = json.loads((tmp_path / "out/metrics.json").read_text())
    rows = pd.read_csv(table)
    figure = told["candidates"]["score"]["auc"]
    assert figure["value"] == pytest.approx(roc_auc_score(rows["truth"] == "well", rows["score"]))
    assert figure["low"] < figure["value"] < figure["high"]
    assert set(told["groups"]) == {"sex", "age"}
    assert told["patients"] == rows["person"].nunique()
    assert [difference["b"] for difference in told["differences"]] == ["rival"]
    assert "not for diagnosis" in (tmp_path / "out/report.html").read_text()
    assert "report.html" in said


def test_several_classes_have_one_score_column_each(table, tmp_path):
    rows = pd.read_csv(table)
    kinds = np.array(["a", "b", "c"])
    random = np.random.default_rng(0)
    rows["truth"] = random.choice(kinds, len(rows))
    shares = random.dirichlet([1, 1, 1], len(rows))
    for column, kind in enumerate(kinds):
        rows[f"p_{kind}"] = shares[:, column]
    rows.to_csv(table, index=False)
    asked(table, tmp_path / "out", scores=("p_{class}",), positive=None)
    told = json.loads((tmp_path / "out/metrics.json").read_text())
    assert told["task"]["kind"] == "multiclass"
    assert told["candidates"]["p"]["auc"]["value"] == pytest.approx(
        roc_auc_score(rows["truth"], shares, multi_class="ovr"), abs=1e-9
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"target": "trut"}, "did you mean 'truth'"),
        ({"scores": ("age",)}, "holds no probability from 0 to 1"),
        ({"scores": ("scor",)}, "did you mean 'score'"),
        ({"positive": "dead"}, "no class 'dead'"),
        ({"groups": ("weight",)}, "no column in predictions.csv 'weight'"),
    ],
)
def test_bad_input_is_one_clear_line_and_nothing_is_written(table, tmp_path, changes, message):
    with pytest.raises(InputError, match=message):
        asked(table, tmp_path / "out", **changes)
    assert not (tmp_path / "out").exists()


def test_a_missing_target_names_the_row(table, tmp_path):
    rows = pd.read_csv(table)
    rows.loc[6, "truth"] = None
    rows.to_csv(table, index=False)
    with pytest.raises(InputError, match="missing in 1 rows, the first is row 7"):
        asked(table, tmp_path / "out")


def test_one_class_cannot_be_audited(table, tmp_path):
    rows = pd.read_csv(table).query("truth == 'ill'")
    rows.to_csv(table, index=False)
    with pytest.raises(InputError, match=r"one class only \(ill\)"):
        asked(table, tmp_path / "out", positive=None)
