"""Size of regions whose answer is known by construction."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiolucent.core import InputError, Mask
from radiolucent.measure.clinical_size import diameters, size
from radiolucent.phantom.shapes import grid, sphere


def told(mask, **more):
    return {finding.code.removeprefix("measure."): finding for finding in size(mask, **more)}


def box(shape, sides, spacing_mm=None):
    array = np.zeros(shape, np.uint8)
    array[tuple(slice(2, 2 + side) for side in sides)] = 1
    return Mask(array, grid(shape, spacing_mm))


def test_a_balls_measures_are_those_of_geometry():
    found = told(sphere((48, 48, 48), radius_mm=20)[1])
    assert found["volume"].value == pytest.approx(4 / 3 * np.pi * 8, rel=0.005)
    assert found["long_axis"].value == pytest.approx(40, abs=1)
    assert found["short_axis"].value == pytest.approx(40, abs=1)
    assert found["maximum_diameter"].value == pytest.approx(40, abs=1)
    assert found["surface"].value == pytest.approx(4 * np.pi * 400, rel=0.1)
    assert [f.unit for f in found.values()] == ["ml", "mm", "mm", "mm", "mm²"]


def test_an_oval_has_its_axes_whatever_the_spacing():
    place = grid((20, 60, 90), (3.0, 1.0, 0.5))
    z, y, x = (np.arange(n) * s for n, s in zip(place.shape, place.spacing_mm, strict=True))
    inside = ((z - 30)[:, None, None] / 20) ** 2 + ((y - 30)[:, None] / 8) ** 2 + ((x - 22) / 15) ** 2 <= 1
    found = told(Mask(inside.astype(np.uint8), place))
    assert found["long_axis"].value == pytest.approx(30, abs=1)
    assert found["short_axis"].value == pytest.approx(16, abs=1)
    assert found["maximum_diameter"].value == pytest.approx(40, abs=3)
    assert found["long_axis"].where.endswith("slice 10")
    assert found["volume"].value == pytest.approx(4 / 3 * np.pi * 20 * 8 * 15 / 1000, rel=0.02)


def test_one_voxel_is_as_long_as_it_is_wide():
    found = told(box((5, 5, 5), (1, 1, 1), (3.0, 0.5, 0.7)))
    assert found["volume"].value == pytest.approx(0.00105)
    assert found["long_axis"].value == pytest.approx(0.7)
    assert found["short_axis"].value == pytest.approx(0.5)


def test_axial_slices_are_those_across_the_body_however_the_array_lies():
    mask = box((12, 30, 9), (8, 20, 5))
    sagittal = replace(mask.grid, direction=((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)))
    found = told(Mask(mask.array, sagittal))
    assert found["long_axis"].value == pytest.approx(np.hypot(20, 8), abs=1)
    assert "across 'x'" in found["long_axis"].because[0]


def test_oblique_slices_are_told():
    mask, half = box((9, 9, 9), (4, 4, 4)), np.sqrt(0.5)
    turned = replace(mask.grid, direction=((0.0, half, half), (0.0, half, -half), (1.0, 0.0, 0.0)))
    assert "the slices lie obliquely in the body" in told(Mask(mask.array, turned))["long_axis"].because


def test_parts_that_do_not_touch_in_the_slice_are_measured_one_by_one():
    array = np.zeros((3, 30, 30), np.uint8)
    array[1, 2:6, 2:6] = array[1, 20:28, 20:22] = 1
    assert told(Mask(array, grid(array.shape)))["long_axis"].value < 10


def test_a_flat_picture_has_an_area():
    found = told(box((9, 9), (3, 4), (2.0, 1.0)))
    assert found["area"].value == 24
    assert "volume" not in found


@given(st.integers(0, 10_000))
def test_the_short_axis_is_never_longer_and_mirrors_change_nothing(seed):
    island = np.random.default_rng(seed).random((6, 8)) > 0.6
    island[2:4, 2:5] = True
    long, short = diameters(island, (1.0, 1.5))
    assert 0 < short <= long + 1e-9
    for other in (island[::-1], island[:, ::-1]):
        assert diameters(other, (1.0, 1.5))[0] == pytest.approx(long)


def test_what_cannot_be_measured_is_refused_with_the_remedy():
    mask = box((9, 9, 9), (3, 3, 3))
    with pytest.raises(InputError, match="label 4 has no pixel"):
        size(mask, label=4)
    with pytest.raises(InputError, match="--spacing-mm"):
        size(Mask(mask.array, replace(mask.grid, spacing_mm=None)))
    with pytest.raises(InputError, match="frames over time"):
        size(Mask(mask.array, replace(mask.grid, axes="tyx", spacing_mm=(1.0, 1.0), direction=None)))
