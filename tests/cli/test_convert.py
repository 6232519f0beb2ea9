"""The command `convert`: files, folders, and what exists."""

import numpy as np
import pytest

from radiolucent.cli import main
from radiolucent.core import Grid, Image
from radiolucent.write import write

GRID = Grid((2, 3, 4), "zyx", (1.0, 1.0, 1.0), None, (0.0, 0.0, 0.0), ((0, 0, 1), (0, 1, 0), (1, 0, 0)))


@pytest.fixture
def source(tmp_path):
    return write(Image(np.zeros(GRID.shape, np.int16), GRID), tmp_path / "a.nii.gz")


def test_a_name_without_suffix_is_a_folder_of_dicom_files(source, tmp_path, capsys):
    assert main(["convert", str(source), str(tmp_path / "series")]) == 0
    assert sorted(file.name for file in (tmp_path / "series").iterdir()) == ["00001.dcm", "00002.dcm"]
    assert capsys.readouterr().out.strip() == str(tmp_path / "series")


@pytest.mark.parametrize("name", ["series", "b.nrrd"])
def test_what_exists_is_replaced_only_when_told(source, tmp_path, name, capsys):
    words = ["convert", str(source), str(tmp_path / name)]
    assert main(words) == 0
    assert main(words) == 2
    assert "--overwrite" in capsys.readouterr().err
    assert main([*words, "--overwrite"]) == 0


def test_a_failure_leaves_no_folder(tmp_path, capsys):
    flat = write(Image(np.zeros((2, 3, 4), np.uint8), Grid((2, 3, 4), "tyx")), tmp_path / "film.nrrd")
    assert main(["convert", str(flat), str(tmp_path / "series")]) == 2
    assert not (tmp_path / "series").exists()
    assert "time" in capsys.readouterr().err
