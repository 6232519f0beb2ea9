"""Which reader takes what, and what is said when none does."""

import numpy as np
import pytest
from small_dicom import write_dicom

from radiolucent.core import UnreadableError
from radiolucent.read import READERS, read


def test_a_path_that_is_absent_is_named(tmp_path):
    with pytest.raises(UnreadableError, match=r"gone\.png does not exist"):
        read(tmp_path / "gone.png")


@pytest.mark.parametrize("name", ["a.png", "a.dcm", "a.txt", "a"])
def test_a_file_of_no_known_kind_is_refused_whatever_its_name(tmp_path, name):
    (tmp_path / name).write_bytes(b"not a picture at all")
    with pytest.raises(UnreadableError, match="cannot be read"):
        read(tmp_path / name)


def test_a_folder_without_dicom_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(UnreadableError, match="holds no DICOM"):
        read(tmp_path)


def test_a_file_named_nifti_that_is_none_is_refused(tmp_path):
    for name in ("a.nii", "a.nii.gz"):
        (tmp_path / name).write_bytes(b"\x1f\x8b" + b"x" * 400)
        with pytest.raises(UnreadableError, match="NIfTI"):
            read(tmp_path / name)


@pytest.mark.parametrize("start", [b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08", b"MZ\x90\0"])
def test_a_dicom_file_whose_preamble_is_another_format_is_dicom(tmp_path, start):
    path = write_dicom(tmp_path / "a.dcm", np.eye(4, dtype=np.uint16))
    path.write_bytes(start + path.read_bytes()[len(start) :])
    (case,) = read(path)
    assert case.images["image"].modality == "CT"


def test_every_reader_says_what_it_can_read_of_nothing(tmp_path):
    for reader in READERS:
        assert not reader.can_read(tmp_path / "absent")
        assert not reader.can_read(tmp_path)
