"""Records come back from text as they were."""

import numpy as np
from small_dicom import write_dicom

from radiolucent.core import Grid
from radiolucent.read.index import record
from radiolucent.read.record import Record, packed, unpacked

KEY = b"k" * 32


def test_a_dicom_record_comes_back_exactly(tmp_path):
    path = write_dicom(
        tmp_path / "a.dcm", np.zeros((4, 5), np.uint16), ImagePositionPatient=[0.1, 1 / 3, -7.123456789012],
        ImageOrientationPatient=[1, 0, 0, 0, 1, 0], PixelSpacing=[0.3, 0.7], EchoTime=12.5, StudyDate="20240229",
    )  # fmt: skip
    known = record(path, KEY)
    assert unpacked(packed(known)) == known


def test_a_grid_comes_back_exactly():
    grid = Grid((2, 3, 4, 5), "tzyx", (0.1, 0.2, 0.3), (0.0, 1.5), (0, 1, 2), ((0, 0, 1), (0, 1, 0), (1, 0, 0)))
    known = Record("nifti", {"case": "c"}, {"bits": 16}, grid=grid, duration_s=1.5)
    assert unpacked(packed(known)) == known
