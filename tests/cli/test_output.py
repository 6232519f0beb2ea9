"""An output folder appears whole or not at all."""

import os

import pytest

from radiolucent.cli.output import refuse_existing, whole_folder
from radiolucent.core import InputError


def test_a_folder_takes_its_name_when_all_went_well(tmp_path):
    with whole_folder(tmp_path / "a" / "out") as folder:
        (folder / "x").write_text("1")
        assert not (tmp_path / "a" / "out").exists()
    assert (tmp_path / "a" / "out" / "x").read_text() == "1"
    assert os.listdir(tmp_path / "a") == ["out"]


def test_after_an_error_there_is_what_there_was(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "old").write_text("1")
    with pytest.raises(RuntimeError), whole_folder(tmp_path / "out") as folder:
        (folder / "new").write_text("2")
        raise RuntimeError
    assert os.listdir(tmp_path) == ["out"]
    assert os.listdir(tmp_path / "out") == ["old"]


def test_what_exists_is_refused_also_a_broken_link(tmp_path):
    refuse_existing(tmp_path / "new", overwrite=False)
    (tmp_path / "link").symlink_to("nowhere")
    with pytest.raises(InputError, match="exists; give another name, or --overwrite"):
        refuse_existing(tmp_path / "link", overwrite=False)
    refuse_existing(tmp_path, overwrite=True)
