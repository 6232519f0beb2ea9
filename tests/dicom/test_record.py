"""The plain record of a header."""

import pickle

import numpy as np
import pytest
from pydicom.uid import JPEGBaseline8Bit
from small_dicom import dataset, write_dicom

from radiolucent.core import UnreadableError
from radiolucent.dicom import header_record


def test_a_record_holds_plain_values_and_no_name(tmp_path):
    path = write_dicom(
        tmp_path / "a.dcm", np.zeros((4, 5), np.uint16), PixelSpacing=[0.5, 0.25], ImageType=["DERIVED", "PRIMARY"]
    )
    record = header_record(path)
    assert record.numbers("PixelSpacing", 2) == (0.5, 0.25)
    assert record.words("ImageType") == ("DERIVED", "PRIMARY")
    assert record.number("Rows") == 4
    assert record.bytes_there == record.bytes_promised == 40
    assert "Doe" not in repr(record)
    assert "P1" not in repr(record)
    assert pickle.loads(pickle.dumps(record)).file == "a.dcm"


def test_what_cannot_be_parsed_is_absent(tmp_path):
    made = dataset(np.zeros((4, 4), np.uint16))
    made.add_new(0x00180050, "LO", "thin")
    record = header_record("a", made)
    assert record.number("SliceThickness") is None
    assert record.position_mm is None
    assert record.axes is None


def test_sides_of_descriptions_are_kept_and_the_descriptions_are_not():
    made = dataset(np.zeros((4, 4), np.uint16), SeriesDescription="RIGHT_KNEE ap", StudyDescription="Smith")
    record = header_record("a", made)
    assert record.sides == ("R",)
    assert "Smith" not in repr(record)
    assert "KNEE" not in repr(record)


def test_a_lossy_syntax_is_known():
    made = dataset(np.zeros((4, 4), np.uint16))
    made.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    assert header_record("a", made).is_lossy_syntax


def test_a_file_that_is_no_dicom_is_a_typed_error(tmp_path):
    (tmp_path / "a.dcm").write_bytes(b"nothing")
    with pytest.raises(UnreadableError):
        header_record(tmp_path / "a.dcm")
