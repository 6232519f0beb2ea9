"""Regions of an ultrasound picture, and the spacing that follows from them."""

import numpy as np
import pytest
from pydicom.dataset import Dataset
from small_dicom import write_dicom

from radiolucent.read import read


def _region(kind=1, units=3, delta=(0.02, 0.01), form=1, box=(0, 0, 3, 3)):
    made = Dataset()
    made.RegionSpatialFormat, made.RegionDataType = form, kind
    made.PhysicalUnitsXDirection = made.PhysicalUnitsYDirection = units
    made.PhysicalDeltaY, made.PhysicalDeltaX = delta
    made.RegionLocationMinY0, made.RegionLocationMinX0, made.RegionLocationMaxY1, made.RegionLocationMaxX1 = box
    return made


def _case(tmp_path, *regions, **elements):
    stored = np.zeros((3, 4, 6), np.uint8)
    options = {"Modality": "US", "SequenceOfUltrasoundRegions": list(regions), "FrameTime": "40", **elements}
    (case,) = read(write_dicom(tmp_path / "a.dcm", stored, **options))
    return case


def test_centimetres_a_pixel_become_spacing(tmp_path):
    case = _case(tmp_path, _region())
    assert case.images["image"].grid.spacing_mm == pytest.approx((0.2, 0.1))
    assert "B-mode (rows 0 to 3" in case.findings[0].says


def test_a_spectrum_beside_the_sector_changes_no_spacing(tmp_path):
    case = _case(tmp_path, _region(), _region(kind=3, form=3, units=4, delta=(0.7, 0.5)))
    assert case.images["image"].grid.spacing_mm == pytest.approx((0.2, 0.1))
    assert "pulsed wave Doppler" in case.findings[0].says


def test_sectors_of_different_scale_leave_the_spacing_open_and_say_so(tmp_path):
    case = _case(tmp_path, _region(), _region(delta=(0.03, 0.03)))
    assert case.images["image"].grid.spacing_mm is None
    assert case.findings[0].severity == "warn"


@pytest.mark.parametrize("changes", [{"units": 0}, {"delta": (0.0, 0.0)}, {"form": 2}])
def test_what_is_no_length_gives_no_spacing(tmp_path, changes):
    assert _case(tmp_path, _region(**changes)).images["image"].grid.spacing_mm is None


def test_pixel_spacing_goes_before(tmp_path):
    case = _case(tmp_path, _region(), PixelSpacing=[0.5, 0.5])
    assert case.images["image"].grid.spacing_mm == (0.5, 0.5)
