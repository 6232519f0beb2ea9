"""Opening files: what deflates is bounded, what looks like DICOM is recognised."""

import zlib

import numpy as np
import pytest
from pydicom.filewriter import write_file_meta_info
from pydicom.uid import DeflatedExplicitVRLittleEndian
from small_dicom import dataset, write_dicom

from radiolucent.core import UnreadableError
from radiolucent.dicom import decode, header, is_dicom, read_header


def _deflated(path, body: bytes):
    made = dataset(np.zeros((2, 2), np.uint16))
    made.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    with path.open("wb") as file:
        file.write(b"\0" * 128 + b"DICM")
        write_file_meta_info(file, made.file_meta, enforce_standard=True)
        squeeze = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        file.write(squeeze.compress(body) + squeeze.flush())
    return path


def test_a_deflated_file_reads_as_its_plain_twin(tmp_path):
    stored = np.arange(64, dtype=np.uint16).reshape(8, 8)
    made = dataset(stored)
    made.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    made.save_as(tmp_path / "d.dcm", enforce_file_format=True)
    np.testing.assert_array_equal(decode(tmp_path / "d.dcm").array[0], stored)


def test_a_deflate_bomb_is_refused(tmp_path, monkeypatch):
    bomb = _deflated(tmp_path / "bomb.dcm", b"\x08\x00\x05\x00CS\x02\x00A " + bytes(20 * 2**20))
    assert bomb.stat().st_size < 2**16
    monkeypatch.setattr(header, "MOST_INFLATED", 2**20)
    with pytest.raises(UnreadableError, match="bomb"):
        read_header(bomb)


def test_dicom_is_known_by_content_not_by_name(tmp_path):
    real = write_dicom(tmp_path / "noname", np.zeros((2, 2), np.uint16))
    fake = tmp_path / "fake.dcm"
    fake.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    assert is_dicom(real)
    assert not is_dicom(fake)
    assert not is_dicom(tmp_path)


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(UnreadableError, match="not a file"):
        read_header(tmp_path)


def test_meta_information_of_an_odd_length_is_a_typed_error(tmp_path):
    path = write_dicom(tmp_path / "a.dcm", np.zeros((2, 2), np.uint16))
    whole = path.read_bytes()
    path.write_bytes(whole[:138] + b"\x05" + whole[139:])  # the length of the group's length
    with pytest.raises(UnreadableError, match=r"a\.dcm"):
        read_header(path)


def test_a_length_that_no_memory_holds_is_a_typed_error(tmp_path, monkeypatch):
    def starving(source, force=False, stop_before_pixels=False):
        raise MemoryError

    path = write_dicom(tmp_path / "a.dcm", np.zeros((2, 2), np.uint16))
    monkeypatch.setattr(header.pydicom, "dcmread", starving)
    with pytest.raises(UnreadableError, match="no memory holds"):
        read_header(path)
