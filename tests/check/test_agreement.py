"""What the files of a series should have one of."""

import pytest

from radiolucent.check import agreement
from radiolucent.dicom import Header


@pytest.mark.parametrize("one", agreement.ONES, ids=lambda one: f"{one.code} {one.keyword}")
def test_the_file_that_differs_is_named(one):
    common = {"Modality": one.only[0] if one.only else "MR"}
    values = [(1.0, 1.0), (1.0, 1.0), (1.1, 3.0)] if one.tolerance else ["A", "A", "B"]
    found = agreement.mixed(tuple(Header(f"{k}", {**common, one.keyword: value}) for k, value in enumerate(values)))
    (finding,) = [finding for finding in found if finding.code == one.code]
    assert finding.where == "2"
    assert finding.severity == one.severity
    assert one.keyword in finding.because[0]


def test_rounding_is_no_difference():
    near = (Header("0", {"PixelSpacing": (0.8, 0.8)}), Header("1", {"PixelSpacing": (0.80000001, 0.8)}))
    assert not agreement.mixed(near)


@pytest.mark.parametrize(
    ("stated", "described", "conflict"),
    [({"Laterality": "L"}, ("R",), True), ({"Laterality": "L"}, ("L", "R"), False), ({}, ("R",), False)],
)
def test_a_description_of_both_sides_denies_nothing(stated, described, conflict):
    assert bool(agreement.laterality((Header("a", stated, sides=described),))) == conflict


@pytest.mark.parametrize(("letters", "conflict"), [(("L", "P"), False), (("LA", "PF"), False), (("R", "P"), True)])
def test_letters_are_compared_with_the_main_direction(letters, conflict):
    values = {"ImageOrientationPatient": (0.99, -0.14106736, 0.0, 0.14106736, 0.99, 0.0), "PatientOrientation": letters}
    assert bool(agreement.patient_orientation((Header("a", values),))) == conflict


def test_a_stated_magnification_explains_a_smaller_pixel():
    values = {"PixelSpacing": (0.1, 0.1), "ImagerPixelSpacing": (0.3, 0.3)}
    assert agreement.detector_spacing((Header("a", values),))
    explained = Header("a", {**values, "EstimatedRadiographicMagnificationFactor": 3.0})
    assert not agreement.detector_spacing((explained,))
