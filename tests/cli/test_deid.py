"""radiolucent deid: what a person types, and what the terminal says."""

import numpy as np
import pytest
from small_dicom import write_dicom

from radiolucent.cli import main

PIXELS = np.zeros((4, 4), np.uint16)


@pytest.fixture
def places(tmp_path):
    for k in range(3):
        write_dicom(
            tmp_path / f"in/okafor{k}.dcm",
            PIXELS,
            PatientName="Okafor^Miriam",
            PatientID="MRN4711",
            SOPInstanceUID=f"1.2.3.{k}",
        )
    return [str(tmp_path / "in"), str(tmp_path / "out"), "--key", str(tmp_path / "key.json"), "--threads", "1"]


def test_a_folder_is_deidentified_in_one_command(places, capsys):
    assert main(["deid", *places, "--keep", "modified-dates,device", "--clean", "descriptors", "--verify"]) == 0
    said = capsys.readouterr()
    assert "3 files of 1 patients written; 0 damaged or refused" in said.out
    assert "okafor" not in (said.out + said.err).lower()


def test_files_that_are_left_out_make_the_exit_code_one(places, tmp_path, capsys):
    (tmp_path / "in/broken.dcm").write_bytes((tmp_path / "in/okafor1.dcm").read_bytes()[:-9])
    assert main(["deid", *places]) == 1
    assert "1 damaged" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--keep", "dates"], "there is no option to keep"),
        (["--clean", "face"], "there is no option to clean"),
        (["--keep", "device", "device"], "named twice"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_nothing_is_written(places, tmp_path, capsys, words, said):
    assert main(["deid", *places, *words]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert len(error.strip().splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_a_map_is_opened_by_its_passphrase(places, tmp_path, monkeypatch):
    monkeypatch.setenv("RADIOLUCENT_PASSPHRASE", "correct horse")
    assert main(["deid", *places, "--map", str(tmp_path / "map")]) == 0
    assert "Okafor" not in (tmp_path / "map").read_text()
    monkeypatch.setenv("RADIOLUCENT_PASSPHRASE", "wrong")
    (tmp_path / "in/new.dcm").write_bytes((tmp_path / "in/okafor1.dcm").read_bytes())
    assert main(["deid", *places, "--map", str(tmp_path / "map")]) == 2
