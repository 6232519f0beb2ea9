"""Reports from files."""

import pandas as pd

from radiolucent.flow.report_text import finding_table, label_table, read_all, reports_of


def test_a_missing_cell_is_an_empty_report_and_keeps_its_row():
    table = pd.DataFrame({"id": ["a", "b"], "report": ["Edema.", None]})
    given = reports_of(table, (), "reports.csv")
    out = label_table(read_all(given.texts), given.keys, scheme="chexpert")
    assert list(out["id"]) == ["a", "b"]
    assert out["Edema"].tolist() == [1, pd.NA]
    assert "empty" in out["problem"][1]


def test_the_table_of_findings_points_into_the_text():
    (read,) = read_all(["A 9 mm nodule in the left lung."])
    row = finding_table([read]).iloc[0]
    assert read.text[row["start"] : row["end"]] == row["words"] == "nodule"
    assert (row["size_mm"], row["side"]) == (9.0, "left")


def test_the_same_text_is_read_once():
    one, two = read_all(["No edema.", "No edema."])
    assert one is two
