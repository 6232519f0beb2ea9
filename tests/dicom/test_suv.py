"""SUV by body weight, by hand, and why there is none."""

import numpy as np
import pytest
from pydicom.dataset import Dataset
from small_dicom import write_dicom

from radiolucent.dicom import decode

HALF_LIFE_S = 6586.2


def _tracer(**changes):
    made = Dataset()
    own = {
        "RadionuclideTotalDose": 350e6,
        "RadionuclideHalfLife": HALF_LIFE_S,
        "RadiopharmaceuticalStartTime": "110000",
    }
    for name, value in {**own, **changes}.items():
        if value is not None:
            setattr(made, name, value)
    return [made]


def _decoded(tmp_path, tracer=None, **changes):
    elements = {
        "Modality": "PT", "Units": "BQML", "CorrectedImage": ["ATTN", "DECY"], "DecayCorrection": "START",
        "PatientWeight": 70.0, "SeriesDate": "20200102", "SeriesTime": "120000", "AcquisitionDate": "20200102",
        "AcquisitionTime": "120005", "RescaleSlope": "2", "RescaleIntercept": "0",
        "RadiopharmaceuticalInformationSequence": _tracer() if tracer is None else tracer, **changes,
    }  # fmt: skip
    return decode(write_dicom(tmp_path / "a.dcm", np.array([[0, 5000]], np.uint16), **elements))


EXPECTED = 10000 * 70000 / (350e6 * 0.5 ** (3600 / HALF_LIFE_S))


def test_activity_becomes_suv_with_the_dose_decayed_to_the_start_of_the_scan(tmp_path):
    got = _decoded(tmp_path)
    assert got.unit == "SUV"
    np.testing.assert_allclose(got.array[0], [[0, EXPECTED]], rtol=1e-6)


def test_a_dose_corrected_to_its_injection_is_not_decayed(tmp_path):
    np.testing.assert_allclose(_decoded(tmp_path, DecayCorrection="ADMIN").array[0, 0, 1], 2.0, rtol=1e-6)


@pytest.mark.parametrize(
    ("tracer", "times"),
    [
        (_tracer(RadiopharmaceuticalStartDateTime="20200101233000", RadiopharmaceuticalStartTime=None), "003000"),
        (_tracer(RadiopharmaceuticalStartTime="233000"), "003000"),
    ],
)
def test_an_injection_before_midnight_is_an_hour_before_half_past_twelve(tmp_path, tracer, times):
    got = _decoded(tmp_path, tracer, SeriesTime=times, AcquisitionTime=times)
    np.testing.assert_allclose(got.array[0, 0, 1], EXPECTED, rtol=1e-6)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"PatientWeight": None}, "weight"),
        ({"tracer": _tracer(RadionuclideTotalDose=None)}, "dose"),
        ({"tracer": []}, "dose"),
        ({"tracer": _tracer(RadiopharmaceuticalStartTime=None)}, "injection"),
        ({"CorrectedImage": ["ATTN"]}, "corrected"),
        ({"DecayCorrection": "NONE"}, "moment"),
        ({"SeriesTime": "130000"}, "dated after"),
    ],
)
def test_without_what_it_needs_the_unit_stays_and_the_reason_is_given(tmp_path, changes, why):
    got = _decoded(tmp_path, **changes)
    assert got.unit == "Bq/ml"
    assert [(remark.code, why in remark.says) for remark in got.remarks] == [("suv.unknown", True)]


def test_counts_and_values_that_are_suv_already_stay(tmp_path):
    assert _decoded(tmp_path, Units="GML").unit == "SUV"
    assert _decoded(tmp_path, Units="CNTS").unit == "counts"


def _map(code, slope=0.5, intercept=1.0):
    made, unit = Dataset(), Dataset()
    unit.CodeValue, unit.CodingSchemeDesignator, unit.CodeMeaning = code, "UCUM", code
    made.RealWorldValueSlope, made.RealWorldValueIntercept = slope, intercept
    made.RealWorldValueFirstValueMapped, made.RealWorldValueLastValueMapped = 0, 65535
    made.MeasurementUnitsCodeSequence = [unit]
    return [made]


def test_a_map_to_real_world_values_goes_before_the_rescale(tmp_path):
    got = _decoded(tmp_path, RealWorldValueMappingSequence=_map("{SUVbw}g/ml"))
    assert got.unit == "SUV"
    np.testing.assert_allclose(got.array[0], [[1, 2501]])


def test_a_map_without_a_unit_is_left_to_the_rescale(tmp_path):
    file = write_dicom(
        tmp_path / "a.dcm", np.array([[4]], np.uint16), Modality="MR", RescaleSlope="3",
        RealWorldValueMappingSequence=_map("1"),
    )  # fmt: skip
    assert (decode(file).array.item(), decode(file).unit) == (12, "1")
