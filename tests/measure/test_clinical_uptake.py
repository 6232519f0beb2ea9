"""Uptake of balls whose answer is known by construction."""

import numpy as np
import pytest

from radiolucent.core import Mask
from radiolucent.measure.clinical_uptake import uptake
from radiolucent.measure.local import RADIUS_MM
from radiolucent.phantom.shapes import sphere


def hot(radius_mm, *, suv=5.0, unit="SUV", spacing_mm=(1.0, 1.0, 1.0)):
    image, mask = sphere((41, 41, 41), radius_mm=radius_mm, inside=suv, outside=0.0, spacing_mm=spacing_mm)
    return image.with_array(image.array, modality="PT", unit=unit), mask


def told(image, mask, **more):
    return {finding.code.removeprefix("measure."): finding for finding in uptake(image, mask, **more)}


def test_an_even_ball_has_one_value_and_its_glycolysis_is_volume_times_value():
    image, mask = hot(12)
    found = told(image, mask)
    volume = mask.array.sum() / 1000
    assert [found[name].value for name in ("suv_maximum", "suv_mean", "suv_peak")] == [5.0, 5.0, 5.0]
    assert found["metabolic_volume"].value == pytest.approx(volume, rel=1e-5)
    assert found["glycolysis"].value == pytest.approx(5 * volume, rel=1e-5)
    assert found["suv_peak"].unit == "g/ml"
    assert found["glycolysis"].unit == "g"


def test_the_peak_of_a_ball_smaller_than_a_cubic_centimetre_is_thinned_by_its_share():
    image, mask = hot(4, spacing_mm=(0.5, 0.5, 0.5))
    assert told(image, mask)["suv_peak"].value == pytest.approx(5 * (4 / RADIUS_MM) ** 3, rel=0.03)


def test_the_peak_may_lie_apart_from_the_greatest_value():
    image, mask = hot(12)
    array = image.array.copy()
    array[20, 20, 31] = 30.0  # one noisy voxel near the edge
    found = told(image.with_array(array), mask)
    assert found["suv_maximum"].value == 30.0
    assert found["suv_peak"].value > found["suv_local_peak"].value


def test_volume_counts_from_the_threshold_on():
    image, mask = hot(12)
    array = image.array.copy()
    array[:20] *= 0.4
    ramp = image.with_array(array)
    upper = mask.array[20:].sum() / 1000
    assert told(ramp, mask)["metabolic_volume"].value == pytest.approx(upper, rel=1e-5)
    assert told(ramp, mask, threshold_suv=1.9)["metabolic_volume"].value == pytest.approx(mask.array.sum() / 1000)
    assert told(ramp, mask, threshold_suv=9.0)["glycolysis"].value == 0
    assert told(ramp, mask, threshold_percent=None)["metabolic_volume"].value == pytest.approx(mask.array.sum() / 1000)


def test_a_picture_of_unknown_unit_is_measured_in_its_own_with_a_warning():
    found = told(*hot(12, unit="1"))
    assert found["suv.unknown"].severity == "warn"
    assert found["suv_peak"].unit == "1"
    assert "suv.unknown" not in told(*hot(12, unit="1"), is_suv=True)


def test_the_region_is_the_label_asked_for():
    image, mask = hot(12)
    labels = mask.array.copy()
    labels[:20] *= 2
    assert told(image, Mask(labels, mask.grid), label=2)["suv_mean"].value == 5.0
    assert np.isclose(
        told(image, Mask(labels, mask.grid), label=2)["metabolic_volume"].value, (labels == 2).sum() / 1000
    )
