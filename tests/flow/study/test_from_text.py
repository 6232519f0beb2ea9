"""Labels that the reports of a cohort give, as target or held against the target."""

import json

import pandas as pd
import pytest

from radiolucent.core import InputError
from radiolucent.flow.study.from_text import cohort_of, label_check, source_table
from radiolucent.flow.study.job import learn
from radiolucent.flow.study.question import Question
from radiolucent.phantom import radiographs

SAYS = {True: "A nodule in the right upper lobe.", False: "The lungs are clear. No nodule."}


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """A phantom cohort with reports; the truth is flipped in row 2, and row 3 is doubted, row 4 empty."""
    path = radiographs(tmp_path_factory.mktemp("reports") / "cohort", patients=16, size=64, seed=2)
    rows = pd.read_csv(path)
    truth = rows["nodule"] == sorted(rows["nodule"].unique())[-1]
    rows["report"] = [SAYS[bool(one)] for one in truth]
    rows.loc[0, "report"] = SAYS[not truth[0]]
    rows.loc[1, "report"] = "A nodule cannot be excluded."
    rows.loc[2, "report"] = ""
    rows["gold"] = truth.astype(int)
    rows.to_csv(path, index=False)
    return path


def question(table, **changes):
    asked = {"source": str(table), "patient": "patient", "report_column": "report", "folds": 2, "replicates": 50}
    return Question(**(asked | changes))


def test_reports_become_the_target_and_leave_the_table(table):
    asked = question(table, target_from_text="nodule", target="gold")
    made, rows = cohort_of(asked), pd.read_csv(table)
    assert made.classes == ("no Nodule", "Nodule")
    assert made.target_name == "Nodule (from text)"
    assert len(made) == len(rows) - 2  # one is doubted, one is empty
    assert not {"report", "gold"} & set(source_table(asked))


def test_the_error_of_labels_from_text_is_told_against_a_column_of_truth(table):
    told, differ = label_check(question(table, target_from_text="nodule", target="gold"))
    assert (told["doubted"], told["unread"], told["differ"]) == (1, 1, 1)
    assert told["compared"] == len(pd.read_csv(table)) - 2
    assert told["error"]["low"] < told["error"]["value"] < told["error"]["high"]
    assert list(differ["row"]) == [2]


def test_without_truth_the_measured_error_of_the_rules_stands_in(table):
    told, differ = label_check(question(table, target_from_text="nodule"))
    assert "error" not in told
    assert (told["rules"]["wrong"], told["rules"]["of"]) == (7, 593)
    assert not len(differ)


def test_a_given_target_is_held_against_the_reports(table):
    asked = question(table, target="nodule")
    told, differ = label_check(asked)
    assert told["label"] == "Nodule"
    assert (told["differ"], list(differ["row"])) == (1, [2])
    assert len(cohort_of(asked)) == len(pd.read_csv(table))
    assert "report" not in source_table(asked)


def test_without_reports_nothing_is_checked(table):
    assert label_check(Question(source=str(table), target="nodule")) is None


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"report_column": None, "target_from_text": "nodule"}, "say which column holds them with --report-column"),
        ({"report_column": "reprot", "target_from_text": "nodule"}, "did you mean 'report'"),
        ({"target_from_text": "noduel"}, "did you mean"),
        ({"target": "sex"}, "name of a label"),
        ({"target_from_text": "nodule", "target": "sex"}, "neither Nodule nor its absence"),
    ],
)
def test_what_cannot_be_asked_is_said(table, changes, complaint):
    with pytest.raises(InputError, match=complaint):
        label_check(question(table, **changes))


def test_a_folder_of_pictures_has_no_reports(tmp_path):
    with pytest.raises(InputError, match="--report-column names a column of a table"):
        cohort_of(question(tmp_path))


def test_a_study_on_labels_from_text_says_how_far_they_can_be_trusted(table, tmp_path):
    asked = question(table, target_from_text="nodule", target="gold", groups=("sex",), candidates=("metadata",))
    learn(asked, tmp_path / "run", threads=1, shown=False)
    metrics = json.loads((tmp_path / "run" / "metrics.json").read_text())
    assert metrics["label_check"]["differ"] == 1
    assert metrics["task"]["positive"] == "Nodule"
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert "was not given but read from reports" in page
    told = (tmp_path / "run" / "label_check.csv").read_text()
    assert told.startswith("row,key,target,report")
    assert SAYS[True] not in page + told
