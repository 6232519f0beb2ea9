"""Agatston's score of phantoms whose score is known by construction."""

import numpy as np
import pytest
from small_dicom import write_dicom

from radiolucent.core import Case, Image, InputError, Mask
from radiolucent.measure.clinical_calcium import agatston
from radiolucent.phantom.shapes import grid
from radiolucent.read import read

SPACING = (3.0, 0.5, 0.5)
KNOWN = Case("a", {"tube_kv": 120.0, "contrast": False})


def heart(*deposits, spacing_mm=SPACING, names=None):
    """A CT of 40 HU with boxes of calcium: each (slice, first row, first column, pixels down, pixels right, HU, label)."""
    hu = np.full((6, 40, 40), 40, np.int16)
    arteries = np.ones(hu.shape, np.uint8)
    for z, y, x, down, right, value, label in deposits:
        hu[z, y : y + down, x : x + right] = value
        arteries[z, y : y + down, x : x + right] = label
    place = grid(hu.shape, spacing_mm)
    return Image(hu, place, "CT", "HU"), Mask(arteries, place, names or {})


def score(*arguments, **more):
    return {(f.code.removeprefix("measure."), f.where): f.value for f in agatston(*arguments, **more)}


@pytest.mark.parametrize(
    ("hu", "weight"), [(129, 0), (130, 1), (199, 1), (200, 2), (299, 2), (300, 3), (399, 3), (400, 4), (1200, 4)]
)
def test_density_counts_by_the_greatest_value(hu, weight):
    found = score(*heart((2, 5, 5, 4, 6, hu, 1)), KNOWN)
    assert found["agatston", "all"] == pytest.approx(weight * 24 * 0.25)


def test_the_score_sums_lesions_slice_by_slice():
    image, mask = heart((1, 5, 5, 4, 4, 250, 1), (2, 5, 5, 4, 4, 450, 1), (2, 20, 20, 2, 4, 150, 1))
    found = score(image, mask, KNOWN)
    assert found["agatston", "all"] == 4 * 2 + 4 * 4 + 2 * 1
    assert found["calcium_volume", "all"] == (16 + 16 + 8) * 0.25 * 3


def test_what_is_smaller_than_a_square_millimetre_is_noise():
    image, mask = heart((1, 5, 5, 1, 3, 500, 1), (1, 20, 20, 1, 4, 500, 1))
    assert score(image, mask, KNOWN)["agatston", "all"] == 4
    assert score(image, mask, KNOWN, least_mm2=0.0)["agatston", "all"] == 7


def test_corners_join_a_lesion_whose_greatest_value_rules_it():
    image, mask = heart((1, 5, 5, 2, 2, 150, 1), (1, 7, 7, 2, 2, 410, 1))
    assert score(image, mask, KNOWN)["agatston", "all"] == 2 * 4


def test_each_artery_has_its_score_and_calcium_elsewhere_does_not_count():
    image, mask = heart((1, 5, 5, 4, 4, 450, 2), (3, 20, 20, 4, 4, 150, 3), (3, 30, 30, 4, 4, 900, 0),
                        names={1: "rest", 2: "LAD", 3: "RCA"})  # fmt: skip
    found = score(image, mask, KNOWN)
    assert [found["agatston", name] for name in ("all", "LAD", "RCA", "rest")] == [20, 16, 4, 0]


def test_no_calcium_is_a_score_of_zero():
    assert score(*heart(), KNOWN)["agatston", "all"] == 0


def test_a_scan_that_meets_the_conditions_gets_no_warning():
    assert {finding.severity for finding in agatston(*heart(), KNOWN)} == {"info"}


@pytest.mark.parametrize(
    ("facts", "spacing_mm", "words"),
    [
        ({"tube_kv": 120.0, "contrast": False}, (2.5, 0.5, 0.5), ["Slices lie 2.5 mm apart"]),
        ({"tube_kv": 100.0, "contrast": False}, SPACING, ["tube voltage was 100 kV"]),
        ({"tube_kv": 120.0, "contrast": True}, SPACING, ["contrast agent was given, the"]),
        ({"tube_kv": 120.0}, SPACING, ["contrast agent was given is not known"]),
        ({}, SPACING, ["voltage is not known", "is not known, the score is defined without"]),
    ],
)
def test_each_condition_that_is_not_met_or_not_known_is_warned_of(facts, spacing_mm, words):
    found = agatston(*heart(spacing_mm=spacing_mm), Case("a", facts))
    warned = [finding.says for finding in found if finding.severity == "warn"]
    assert len(warned) == len(words)
    assert all(word in says for word, says in zip(words, warned, strict=True))
    assert found[0].because == tuple(warned)


def test_what_the_case_does_not_know_can_be_said_but_not_against_it():
    assert {f.severity for f in agatston(*heart(), tube_kv=120.0, no_contrast=True)} == {"info"}
    enhanced = agatston(*heart(), Case("a", {"tube_kv": 80.0, "contrast": True}), tube_kv=120.0, no_contrast=True)
    assert sum(finding.severity == "warn" for finding in enhanced) == 2


def test_voltage_and_contrast_come_from_the_header(tmp_path):
    for slice_, place in enumerate((0, 3, 6)):
        write_dicom(
            tmp_path / f"{slice_}.dcm", np.full((16, 16), 40, np.int16), KVP=100, ContrastBolusAgent="IODINE",
            ImagePositionPatient=[0, 0, place], ImageOrientationPatient=[1, 0, 0, 0, 1, 0], PixelSpacing=[1, 1],
            RescaleSlope=1, RescaleIntercept=0, InstanceNumber=slice_ + 1, SliceThickness=3, FrameOfReferenceUID="1.2",
        )  # fmt: skip
    (case,) = read(tmp_path)
    (image,) = case.images.values()
    found = agatston(image, Mask(np.ones(image.array.shape, np.uint8), image.grid), case)
    assert [finding.says[:26] for finding in found if finding.severity == "warn"] == [
        "The tube voltage was 100 k", "A contrast agent was given"
    ]  # fmt: skip


def test_thin_slices_can_be_scaled_to_three_millimetres():
    deposit = (1, 5, 5, 4, 4, 450, 1)
    thin = score(*heart(deposit, spacing_mm=(1.5, 0.5, 0.5)), KNOWN, to_3_mm=True)
    assert thin["agatston", "all"] == 8
    assert score(*heart(deposit), KNOWN, to_3_mm=True)["agatston", "all"] == 16


def test_what_is_no_ct_or_has_no_mask_is_refused():
    image, mask = heart()
    with pytest.raises(InputError, match="Hounsfield"):
        agatston(image.with_array(image.array, unit="1"), mask)
    assert agatston(image.with_array(image.array, unit="1"), mask, KNOWN, is_hu=True) == agatston(image, mask, KNOWN)
    with pytest.raises(InputError, match="apart from bone"):
        agatston(image, Mask(np.zeros(mask.array.shape, np.uint8), mask.grid))
    with pytest.raises(InputError, match="different grids"):
        agatston(image, Mask(mask.array[1:].copy(), grid((5, 40, 40), SPACING)))
    flat = Image(image.array[0], grid((40, 40)), "CT", "HU")
    with pytest.raises(InputError, match="volume"):
        agatston(flat, Mask(mask.array[0], flat.grid))
