"""Figures of a picture's look, on drawings for which they can be told."""

import numpy as np
import pytest

from radiolucent.core import Grid, Image
from radiolucent.recognise.traits import has_few_levels, is_hounsfield, planes_of, traits_of


def image(array, **more):
    array = np.asarray(array)
    return Image(array, Grid(array.shape[:3] if array.ndim > 3 else array.shape, "tzyx"[-min(array.ndim, 3) :]), **more)


def disc(size=128, radius=0.5):
    y, x = np.mgrid[-1 : 1 : size * 1j, -1 : 1 : size * 1j]
    return np.where(np.hypot(y, x) < radius, 200.0, 0.0)


def test_a_disc_in_air_has_flat_air_at_its_whole_rim():
    seen = traits_of(image(disc() + np.random.default_rng(0).normal(0, 5, (128, 128)) * (disc() > 0)))
    assert seen.rim_air == 1
    assert seen.flat_air == 1
    assert seen.air == pytest.approx(1 - np.pi * 0.25 / 4, abs=0.03)


def test_grain_that_is_wide_changes_less_from_column_to_column():
    noise = np.random.default_rng(0).rayleigh(1, (128, 128))
    wide = np.apply_along_axis(lambda row: np.convolve(row, np.ones(7) / 7, "same"), 1, noise)
    assert traits_of(image(wide + 1)).across < 0.6
    assert traits_of(image(wide.T + 1)).across > 1.6


def test_a_sector_that_widens_downwards_is_a_fan_and_a_disc_or_a_rectangle_is_none():
    y, x = np.mgrid[0:1:128j, -1:1:128j]
    assert traits_of(image(np.where(np.abs(x) < 0.1 + 0.6 * y, 150.0, 0))).fan > 0.9
    assert traits_of(image(np.where(np.abs(x) < 0.5, 150.0, 0))).fan == 0


def test_what_is_too_small_or_constant_has_no_traits():
    assert traits_of(image(np.zeros((64, 64)))) is None
    assert traits_of(image(np.random.default_rng(0).random((8, 8)))) is None


def test_planes_are_finite_grey_and_few():
    stack = np.random.default_rng(0).random((40, 20, 20)).astype(np.float32)
    stack[20] = np.nan
    planes = planes_of(image(stack))
    assert len(planes) == 5
    assert np.isfinite(planes).all()


def test_hounsfield_units_are_known_by_unit_or_by_values():
    assert is_hounsfield(image(np.zeros((4, 4)), unit="HU"))
    assert is_hounsfield(image(np.array([[-1000, 40], [0, 900]])))
    assert not is_hounsfield(image(np.array([[0, 40], [0, 255]], np.uint8)))
    assert not is_hounsfield(image(np.array([[-1.5, 1.5], [0, 0.2]])))


def test_masks_have_few_levels():
    assert has_few_levels(image(np.eye(20, dtype=np.uint8)))
    assert not has_few_levels(image(np.arange(400.0).reshape(20, 20)))
