"""A file appears whole or not at all."""

import errno
import os
import stat

import numpy as np
import pytest

from radiolucent.core import Grid, Image, InputError
from radiolucent.write import whole_file, write

IMAGE = Image(np.zeros((3, 3), np.uint8), Grid((3, 3), "yx"))


def test_what_exists_is_kept_unless_told(tmp_path):
    path = write(IMAGE, tmp_path / "new" / "a.png")
    old = path.read_bytes()
    with pytest.raises(InputError, match=r"a\.png exists.*--overwrite"):
        write(Image(np.ones((3, 3), np.uint8), IMAGE.grid), path)
    assert path.read_bytes() == old
    write(Image(np.ones((3, 3), np.uint8), IMAGE.grid), path, overwrite=True)
    assert path.read_bytes() != old


def _fail_half_way(path):
    with whole_file(path, overwrite=True) as draft:
        draft.write_text("half")
        raise RuntimeError


def test_a_failure_half_way_leaves_nothing_and_the_old_file(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(RuntimeError):
        _fail_half_way(path)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_a_full_disk_is_one_line_and_leaves_nothing(tmp_path):
    with (
        pytest.raises(InputError, match="No space left on device; nothing was left behind"),
        whole_file(tmp_path / "a"),
    ):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert not os.listdir(tmp_path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="cannot be written"):
        write(IMAGE, tmp_path / "file" / "a.png")


def test_a_written_file_has_the_usual_permissions(tmp_path):
    (tmp_path / "plain").write_text("x")
    usual = stat.S_IMODE((tmp_path / "plain").stat().st_mode)
    assert stat.S_IMODE(write(IMAGE, tmp_path / "a.png").stat().st_mode) == usual


def test_an_unknown_suffix_is_answered_with_the_known_ones(tmp_path):
    with pytest.raises(InputError, match=r"\.nii\.gz, \.nii, \.nrrd, \.png"):
        write(IMAGE, tmp_path / "a.gif")
