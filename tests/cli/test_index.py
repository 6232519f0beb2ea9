"""The command says what it did, and mends what is typed wrongly."""

import numpy as np
import pytest
from small_dicom import write_dicom

from radiolucent.cli import main


@pytest.fixture
def words(tmp_path):
    write_dicom(tmp_path / "export" / "a.dcm", np.zeros((4, 4), np.uint16), PatientID="MRN-1")
    (tmp_path / "export" / "b.dcm").write_bytes(b"none")
    return ["index", str(tmp_path / "export"), "-o", str(tmp_path / "i.parquet"), "--workers", "1"]


def test_it_counts_what_is_in_the_index_and_what_is_not(words, capsys):
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "1 image in 1 file (2 read, 0 unchanged, 0 gone" in said
    assert "1 file cannot be read: " in said
    assert "never by their identifiers" in said
    assert main(words) == 0
    assert "(0 read, 2 unchanged, 0 gone" in capsys.readouterr().out


def test_a_join_says_what_it_joined(words, tmp_path, capsys):
    (tmp_path / "o.csv").write_text("PatientID,died,sex\nMRN-1,1,F\nMRN-2,0,M\n")
    assert main([*words, "--join", str(tmp_path / "o.csv"), "--on", "PatientID"]) == 0
    said = capsys.readouterr().out
    assert "o.csv: 1 row has images; 0 images without a row were left out" in said
    assert "1 row has no image (row 3)" in said
    assert "PatientID left out, for it identifies" in said
    assert "sex is called sex_o" in said


@pytest.mark.parametrize(("more", "says"), [
    (["--worker", "2"], "did you mean '--workers'"), (["--join", "o.csv"], "go together"), (["--on", "x"], "go together"),
    (["--workers", "0"], "at least 1"), (["--join", "gone.csv", "--on", "PatientID"], "no table"),
])  # fmt: skip
def test_what_is_typed_wrongly_is_one_line(words, capsys, more, says):
    assert main([*words, *more]) == 2
    said = capsys.readouterr().err
    assert says in said
    assert said.count("\n") == 1


def test_no_row_in_common_says_what_to_look_for(words, tmp_path, capsys):
    (tmp_path / "o.csv").write_text("PatientID,died\n1,1\n")
    assert main([*words, "--join", str(tmp_path / "o.csv"), "--on", "PatientID"]) == 2
    assert "leading zeros" in capsys.readouterr().err
