"""What a ventricle of known volumes ejects."""

import numpy as np
import pytest

from radiolucent.core import InputError, Mask
from radiolucent.measure.clinical_heart import ejection_fraction
from radiolucent.phantom.shapes import grid


def ventricle(voxels, spacing_mm=(8.0, 1.25, 1.25), label=1):
    array = np.zeros(20 * 30 * 30, np.uint8)
    array[:voxels] = label
    place = grid((20, 30, 30), spacing_mm)
    return Mask(array.reshape(place.shape), place)


def told(*masks, **more):
    return {finding.code.removeprefix("measure."): finding for finding in ejection_fraction(*masks, **more)}


def test_volumes_stroke_and_fraction_are_those_of_the_two_masks():
    found = told(ventricle(9600), ventricle(4800), heart_rate_per_min=70.0)
    assert [finding.value for finding in found.values()] == [120.0, 60.0, 60.0, 50.0, 4.2]
    assert [finding.unit for finding in found.values()] == ["ml", "ml", "ml", "%", "l/min"]


def test_the_two_masks_may_lie_on_different_grids():
    found = told(ventricle(9600), ventricle(2400, (8.0, 2.5, 1.25)))
    assert found["ejection_fraction"].value == 75 - 12.5 - 12.5


def test_exchanged_masks_get_a_warning():
    found = told(ventricle(4800), ventricle(9600))
    assert found["ejection_fraction"].value == -100
    assert found["ejection_fraction.reversed"].severity == "warn"


def test_an_empty_or_flat_mask_is_refused_by_its_name():
    with pytest.raises(InputError, match="end-systolic mask"):
        ejection_fraction(ventricle(100), ventricle(0))
    flat = Mask(np.ones((4, 4), np.uint8), grid((4, 4)))
    with pytest.raises(InputError, match="end-diastolic mask has axes 'yx'"):
        ejection_fraction(flat, flat)
