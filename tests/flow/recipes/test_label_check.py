"""radiolucent reason label-check"""

import pandas as pd
import pytest

from radiolucent.cli import main

ROWS = [
    ("A 9 mm nodule in the left lung.", "yes", 0.9, 9.5),
    ("No nodule.", "no", 0.1, ""),
    ("A nodule of 6 mm.", "no", 0.8, 12),
    ("The lungs are clear.", "yes", 0.7, ""),
    ("A nodule cannot be excluded.", "yes", 0.2, ""),
    ("", "yes", 0.9, ""),
]


@pytest.fixture
def table(tmp_path):
    pd.DataFrame(ROWS, columns=["report", "nodule", "p", "measured_mm"]).to_csv(tmp_path / "rows.csv", index=False)
    return tmp_path / "rows.csv"


def checked(table, *words):
    out = table.parent / "differ.csv"
    assert main(["reason", "label-check", str(table), "-o", str(out), "--label", "nodule", *words]) == 0
    return pd.read_csv(out)


def test_disagreements_with_the_given_label_stand_with_their_sentence(table, capsys):
    found = checked(table, "--target", "nodule")
    assert list(found["row"]) == [4, 5]
    assert found["sentence"][0] == "A nodule of 6 mm."
    told = capsys.readouterr().out
    assert "1 doubt it, 1 cannot be read" in told
    assert "Against nodule 2 of 4 differ (50.0% [15.0%, 85.0%])" in told


def test_predictions_and_sizes_are_held_against_the_reports(table):
    found = checked(table, "--prediction", "p", "--size", "measured_mm")
    assert list(zip(found["row"], found["against"], strict=True)) == [(5, "p"), (4, "measured_mm")]
    assert found["report"].iloc[-1] == 6.0


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ((), "say what the reports are held against"),
        (("--target", "nodul"), "did you mean 'nodule'"),
        (("--prediction", "measured_mm"), "no probabilities"),
        (("--size", "nodule"), "no sizes in mm"),
        (("--target", "report"), "neither Nodule nor its absence"),
    ],
)
def test_what_cannot_be_compared_is_said(table, capsys, words, complaint):
    out = table.parent / "differ.csv"
    assert main(["reason", "label-check", str(table), "-o", str(out), "--label", "nodule", *words]) == 2
    assert complaint in capsys.readouterr().err
    assert not out.exists()


def test_a_label_that_nobody_reads_for_names_the_nearest(table, capsys):
    words = ["--label", "pneumona", "--target", "nodule"]
    assert main(["reason", "label-check", str(table), "-o", str(table.parent / "x.csv"), *words]) == 2
    assert "did you mean 'pneumonia'" in capsys.readouterr().err
