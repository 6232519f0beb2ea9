"""Deflated frames and run lengths of single bits, and what damaged ones say."""

import zlib

import numpy as np
import pytest
from pydicom.encaps import encapsulate
from pydicom.uid import JPEGBaseline8Bit
from small_dicom import dataset

from radiolucent.core import UnreadableError
from radiolucent.dicom import decode
from radiolucent.dicom.framed import DEFLATED_FRAMES

STORED = np.random.default_rng(0).integers(0, 4000, (3, 4, 6)).astype(np.uint16)


def _deflate(content):
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return squeeze.compress(content) + squeeze.flush()


def _write(path, frames):
    made = dataset(STORED, Modality="OT", PixelData=encapsulate(frames))
    made["PixelData"].is_undefined_length = True
    made["PixelData"].VR = "OB"
    made.file_meta.TransferSyntaxUID = JPEGBaseline8Bit  # pydicom writes no syntax that it does not know
    made.save_as(path, enforce_file_format=True)
    name = DEFLATED_FRAMES.encode().ljust(len(JPEGBaseline8Bit), b"\0")
    path.write_bytes(path.read_bytes().replace(JPEGBaseline8Bit.encode(), name))
    return path


def test_frames_that_are_deflated_one_by_one_come_back(tmp_path):
    file = _write(tmp_path / "a.dcm", [_deflate(frame.tobytes()) for frame in STORED])
    np.testing.assert_array_equal(decode(file).array, STORED)


def test_a_frame_inflates_to_what_its_header_promises_and_no_further(tmp_path):
    file = _write(tmp_path / "a.dcm", [_deflate(frame.tobytes() + bytes(10**7)) for frame in STORED])
    np.testing.assert_array_equal(decode(file).array, STORED)


@pytest.mark.parametrize("frames", [[b"\xff\xff\xff\xff"] * 3, [_deflate(b"short")] * 3, [_deflate(bytes(48))] * 2])
def test_damaged_frames_are_a_typed_error(tmp_path, frames):
    with pytest.raises(UnreadableError, match=r"a\.dcm"):
        decode(_write(tmp_path / "a.dcm", frames))
