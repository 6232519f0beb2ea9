"""learn, predict, evaluate and demo at the command line: what goes wrong is one line, exit code 2, no traceback."""

import numpy as np
import pandas as pd
import pytest

from radiolucent.cli import main
from radiolucent.flow.recipes import learn as learn_recipe


@pytest.fixture
def table(tmp_path):
    random = np.random.default_rng(0)
    rows = pd.DataFrame(
        {"truth": random.integers(0, 2, 80), "p": random.random(80), "sex": random.choice(["F", "M"], 80)}
    )
    rows.to_csv(tmp_path / "predictions.csv", index=False)
    return tmp_path / "predictions.csv"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["learn", "nowhere.csv", "-o", "run"], "there is no cohort at"),
        (["learn", "predictions.csv", "-o", "run"], "say which one holds the label with --target"),
        (
            ["learn", "predictions.csv", "--target", "truth", "-o", "run"],
            "say which one names the picture with --image",
        ),
        (["learn", "predictions.csv", "--traget", "truth", "-o", "run"], "did you mean '--target'"),
        (["learn", "predictions.csv"], "required: -o/--out"),
        (["learn", "nowhere.csv", "--mask", "mask", "-o", "run"], "nowhere.csv"),
        (
            ["learn", "predictions.csv", "--mask", "truth", "-o", "run"],
            "there is no column in predictions.csv 'image'",
        ),
        (["learn", "predictions.csv", "--mask", "m", "--target", "truth", "-o", "run"], "--target belong to labels"),
        (["predict", "nowhere", "image.png", "-o", "out"], "is not a saved model"),
        (["evaluate", "predictions.csv", "--target", "truht", "--score", "p"], "did you mean 'truth'"),
        (["learn", "predictions.csv", "-o", "run", "--threads", "0"], "at least 1 core is needed"),
        (["learn", "predictions.csv", "-o", "run", "--folds", "1"], "--folds must lie between 2 and 100"),
        (["demo", "-o", "."], "not empty; give another with -o"),
        (["demo", "--cohort", "nowhere", "-o", "run"], "there is no cohort at"),
    ],
)
def test_bad_input_is_one_line_on_standard_error(words, message, table, monkeypatch, capsys):
    monkeypatch.chdir(table.parent)
    assert main(words) == 2
    said = capsys.readouterr()
    assert message in said.err
    assert said.err.count("\n") == 1
    assert said.err.startswith(f"radiolucent {words[0]}: ")
    assert [path.name for path in table.parent.iterdir()] == ["predictions.csv"]


def test_an_audit_goes_beside_the_table_unless_told_otherwise(table, monkeypatch, capsys):
    monkeypatch.chdir(table.parent)
    asked = ["evaluate", "predictions.csv", "--target", "truth", "--score", "p", "--group", "sex", "--replicates", "50"]
    assert main(asked) == 0
    assert "predictions-audit/report.html" in capsys.readouterr().out
    assert (table.parent / "predictions-audit/metrics.json").exists()
    assert main(asked) == 2, "a second time the folder is not empty"


def test_a_column_of_masks_makes_it_a_study_of_outlines(table, monkeypatch, capsys):
    asked = {}
    monkeypatch.setattr(learn_recipe, "learn", lambda cohort, **words: asked.update(cohort=cohort, **words) or "done")
    words = ["--mask", "outline", "--patient", "who", "--size", "96", "--folds", "3", "--threads", "1", "--quiet"]
    assert main(["learn", str(table), "-o", "run", *words]) == 0
    assert capsys.readouterr().out == "done\n"
    assert asked["cohort"] == table
    assert [asked[k] for k in ("image", "mask", "patient", "longest_px", "folds")] == ["image", "outline", "who", 96, 3]
