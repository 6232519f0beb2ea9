"""Bone density from lines that are known by construction."""

import numpy as np
import pytest
from scipy import stats

from radiolucent.core import Image, InputError, Mask
from radiolucent.measure.clinical_bone import bone_density
from radiolucent.phantom.shapes import grid

RODS = (0.0, 50.0, 100.0, 200.0)


def scan(bone_mg=150.0, slope=0.8, intercept=-4.0, noise=0.0):
    """A vertebra over four rods, with density = slope * HU + intercept."""
    place = grid((4, 20, 60))
    density = np.zeros(place.shape)
    bone, rods = np.zeros(place.shape, np.uint8), np.zeros(place.shape, np.uint8)
    bone[:, :8, 5:55] = 1
    density[bone > 0] = bone_mg
    for k, rod in enumerate(RODS):
        rods[:, 12:18, 5 + 12 * k : 15 + 12 * k] = k + 1
        density[rods == k + 1] = rod
    hu = (density - intercept) / slope + np.random.default_rng(3).normal(0, noise, place.shape)
    return Image(hu.astype(np.float32), place, "CT", "HU"), Mask(bone, place), Mask(rods, place)


def told(*arguments, **more):
    return {finding.code.removeprefix("measure."): finding for finding in bone_density(*arguments, **more)}


def test_density_is_read_off_the_line_through_the_rods():
    found = told(*scan(), reference_mg_per_cm3=RODS)["bone_density"]
    assert found.value == pytest.approx(150.0, abs=1e-3)
    assert found.unit == "mg/cm³"
    assert "0.8 mg/cm³ per HU" in found.because[0]


def test_pairs_may_be_given_as_numbers():
    image, mask, _ = scan()
    hu = tuple((rod + 4.0) / 0.8 for rod in RODS)
    found = told(image, mask, reference_mg_per_cm3=RODS, reference_hu=hu)
    assert found["bone_density"].value == pytest.approx(150.0, abs=1e-3)


def test_two_tissues_make_a_line_without_an_interval():
    image, mask, _ = scan(bone_mg=120.0)
    hu = ((-770 + 4) / 0.8, (40 + 4) / 0.8)
    found = told(image, mask, reference_mg_per_cm3=(-770.0, 40.0), reference_hu=hu)
    assert found["bone_density"].value == pytest.approx(120.0, abs=1e-3)
    assert found["bone_density"].interval is None
    assert found["bone_density.extrapolated"].severity == "warn"


def test_the_interval_is_the_lines_as_a_textbook_has_it():
    image, mask, _ = scan()
    hu, density = (0.0, 70.0, 120.0, 260.0, 330.0), (0.0, 50.0, 100.0, 200.0, 250.0)
    found = told(image, mask, reference_mg_per_cm3=density, reference_hu=hu)["bone_density"]
    fit = stats.linregress(hu, density)
    at = float(image.array[mask.array == 1].mean(dtype=float))
    error = np.hypot(
        fit.stderr * (at - np.mean(hu)), np.sqrt(fit.intercept_stderr**2 - (fit.stderr * np.mean(hu)) ** 2)
    )
    half = stats.t.ppf(0.975, 3) * error
    assert found.interval == pytest.approx((found.value - half, found.value + half), rel=1e-4)


def test_the_interval_covers_the_truth_as_often_as_it_says():
    rng, covered = np.random.default_rng(5), 0
    image, mask, _ = scan()
    hu = tuple((rod + 4.0) / 0.8 for rod in RODS)
    for _ in range(300):
        told_rods = tuple(rod + rng.normal(0, 5) for rod in RODS)
        low, high = told(image, mask, reference_mg_per_cm3=told_rods, reference_hu=hu)["bone_density"].interval
        covered += low <= 150.0 <= high
    assert 0.91 <= covered / 300 <= 0.985


def test_without_calibration_there_is_the_mean_and_a_warning():
    found = told(*scan()[:2])
    assert found["mean"].value == pytest.approx((150 + 4) / 0.8, rel=1e-5)
    assert found["bone_density.uncalibrated"].severity == "warn"


def test_a_calibration_that_makes_no_line_is_refused():
    image, mask, rods = scan()
    for wrong, words in (
        ({"reference_mg_per_cm3": (0.0,), "reference_hu": (1.0,)}, "two densities"),
        ({"reference_mg_per_cm3": (0.0, 1.0), "reference_hu": (5.0, 5.0)}, "HU differ"),
        ({"reference_mg_per_cm3": (0.0, 1.0), "reference_hu": (5.0,)}, "as many"),
        ({"reference_mg_per_cm3": (0.0, 1.0)}, "either"),
    ):
        with pytest.raises(InputError, match=words):
            bone_density(image, mask, **wrong)
    with pytest.raises(InputError, match="in the reference"):
        bone_density(image, mask, rods, reference_mg_per_cm3=(*RODS, 300.0))
    with pytest.raises(InputError, match="Hounsfield"):
        bone_density(image.with_array(image.array, unit="1"), mask, rods, reference_mg_per_cm3=RODS)
