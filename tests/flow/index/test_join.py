"""Tables are joined on keyed identifiers; what is ambiguous or identifies is told."""

import pandas as pd
import pytest

from radiolucent.core import InputError
from radiolucent.flow.index.join import outcomes
from radiolucent.read import keyed

KEY = b"k" * 32


def written(folder, text):
    (folder / "outcomes.csv").write_text(text)
    return folder / "outcomes.csv"


def images(*patients, column="patient"):
    return [{column: keyed(patient, KEY), "path": patient} for patient in patients]


def test_images_get_the_columns_of_their_row(tmp_path):
    table = outcomes(written(tmp_path, "PatientID,died,ward\nA,1,north\nB,0,south\nC,1,\n"), "PatientID", KEY)
    made = list(table.joined(images("B", "A", "B", "Z")))
    assert [(row["path"], row["died"], row["ward"]) for row in made] == [
        ("B", 0, "south"), ("A", 1, "north"), ("B", 0, "south")
    ]  # fmt: skip
    assert (table.strange, table.unmet()) == (1, [4])
    assert not any("PatientID" in row for row in made)


def test_the_column_may_have_another_name_and_leading_zeros_stay(tmp_path):
    table = outcomes(written(tmp_path, "mrn,code\n007,012\n08,1\n"), "mrn=PatientID", KEY)
    assert [row["code"] for row in table.joined(images("007"))] == ["012"]


@pytest.mark.parametrize(("on", "column"), [("StudyInstanceUID", "study"), ("Accession Number", "accession")])
def test_studies_can_be_joined_too(tmp_path, on, column):
    table = outcomes(written(tmp_path, f"{on},grade\n1.2,3\n"), on, KEY)
    assert [row["grade"] for row in table.joined(images("1.2", column=column))] == [3]


def test_keys_of_an_earlier_index_can_be_joined(tmp_path):
    key = keyed("A", KEY)
    table = outcomes(written(tmp_path, f"patient,grade\n{key},3\n"), "patient", KEY)
    assert [row["grade"] for row in table.joined(images("A"))] == [3]


def test_what_names_a_person_is_left_out_and_what_is_there_twice_is_renamed(tmp_path):
    table = outcomes(written(tmp_path, "PatientID,Patient Name,sex,died\nA,Doe,F,1\n"), "PatientID", KEY)
    assert table.left_out == ("PatientID", "Patient Name")
    assert list(table.table.columns) == ["sex_outcomes", "died"]
    assert dict(table.renamed) == {"sex": "sex_outcomes"}


def test_rows_that_are_the_same_count_once_and_rows_that_differ_are_refused(tmp_path):
    assert len(outcomes(written(tmp_path, "PatientID,died\nA,1\nA,1\n"), "PatientID", KEY).rows) == 1
    with pytest.raises(InputError, match=r"several rows that differ \(rows 2, 4\)"):
        outcomes(written(tmp_path, "PatientID,died\nA,1\nB,1\nA,0\n"), "PatientID", KEY)


@pytest.mark.parametrize(("on", "says"), [
    ("Patient", "did you mean"), ("ward", "does not know what 'ward' identifies"), ("ward=Bed", "'Bed' identifies"),
])  # fmt: skip
def test_a_column_that_cannot_be_joined_on_is_told(tmp_path, on, says):
    with pytest.raises(InputError, match=says):
        outcomes(written(tmp_path, "PatientID,ward\nA,1\n"), on, KEY)


def test_a_table_that_is_not_there_or_says_nothing_is_told(tmp_path):
    with pytest.raises(InputError, match="no table"):
        outcomes(tmp_path / "gone.csv", "PatientID", KEY)
    with pytest.raises(InputError, match="nothing to join"):
        outcomes(written(tmp_path, "PatientID\nA\n"), "PatientID", KEY)


def test_rows_without_an_identifier_join_nothing(tmp_path):
    table = outcomes(written(tmp_path, "PatientID,died\nA,1\n,0\n"), "PatientID", KEY)
    assert [row["died"] for row in table.joined([*images("A"), {"patient": None}])] == [1]
    assert pd.api.types.is_float_dtype(table.table["died"])
