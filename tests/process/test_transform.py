"""Carrying pictures and masks by a transform that was found before."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from radiolucent.core import Image, InputError, Mask, Transform
from radiolucent.measure import register, register_keypoints
from radiolucent.phantom.shapes import grid, sphere
from radiolucent.process import apply_transform, apply_transform_mask

SHIFT = np.eye(4)
SHIFT[:3, 3] = (3.0, -2.0, 4.0)


def pair():
    fixed, _ = sphere((24, 28, 32), radius_mm=7, centre_mm=(10, 14, 15), spacing_mm=(1.0, 1.0, 1.0))
    moving, mask = sphere((26, 30, 30), radius_mm=7, centre_mm=(14, 12, 18), spacing_mm=(1.0, 1.0, 1.0))
    return fixed, moving, mask


def test_the_moving_picture_comes_to_lie_on_the_fixed_one():
    fixed, moving, mask = pair()
    transform = Transform(fixed.grid, moving.grid, SHIFT)
    carried = apply_transform(moving, transform)
    assert carried.grid == fixed.grid
    assert np.array_equal(carried.array, fixed.array)
    assert np.array_equal(apply_transform_mask(mask, transform).array, (fixed.array > 0).astype(np.uint8))


def test_there_and_back_is_the_same_mask():
    fixed, moving, mask = pair()
    transform = Transform(fixed.grid, moving.grid, SHIFT)
    back = apply_transform_mask(apply_transform_mask(mask, transform), transform, back=True)
    assert back.grid == mask.grid
    assert np.array_equal(back.array, mask.array)


@pytest.mark.parametrize("model", ["rigid", "affine", "bspline"])
def test_a_kept_transform_gives_the_picture_that_the_registration_gave(model):
    fixed, moving, _ = pair()
    found = register(fixed, moving, model=model, metric="mean_squares", iterations=20, start="mass", knots=2)
    again = apply_transform(moving, found["transform"])
    inner = (slice(2, -2),) * 3
    assert np.abs(again.array - found["image"].array)[inner].max() < 0.2  # of 100
    assert np.median(np.abs(again.array - found["image"].array)) < 1e-3


def test_a_flat_picture_without_spacing_is_carried_in_pixels():
    rng = np.random.default_rng(2)
    array = np.clip(gaussian_filter(rng.normal(size=(120, 120)), 2) * 900 + 120, 0, 255).astype(np.uint8)
    bare = replace(grid((100, 100)), spacing_mm=None, origin_mm=None, direction=None)
    fixed, moving = Image(array[10:110, 10:110], bare), Image(array[4:104, 15:115], bare)
    found = register_keypoints(fixed, moving, model="similarity")
    again = apply_transform(moving, found["transform"])
    assert np.abs(again.array - found["image"].array)[10:-10, 10:-10].max() < 0.1


def test_another_picture_of_the_same_space_may_lie_on_another_grid():
    fixed, moving, _ = pair()
    transform = Transform(fixed.grid, moving.grid, SHIFT)
    coarse = replace(moving.grid, shape=(13, 15, 15), spacing_mm=(2.0, 2.0, 2.0))
    ramp = np.indices(coarse.shape)[2] * 2.0
    carried = apply_transform(Image(ramp.astype(np.float32), coarse), transform)
    assert carried.grid == fixed.grid
    assert np.allclose(carried.array[5:15, 5:15, 0:20], (np.arange(20) + 3.0), atol=1e-4)


def test_what_cannot_be_carried_is_refused():
    fixed, moving, mask = pair()
    field = Transform(fixed.grid, moving.grid, None, np.zeros((*fixed.grid.shape, 3), np.float32))
    with pytest.raises(InputError, match="no way back"):
        apply_transform(moving, field, back=True)
    bare = replace(moving.grid, origin_mm=None, direction=None, shape=(25, 30, 30))
    with pytest.raises(InputError, match="no place in space"):
        apply_transform(Image(moving.array[:-1], bare), field)
    with pytest.raises(InputError, match="frames over time"):
        apply_transform_mask(
            Mask(mask.array, replace(mask.grid, axes="tyx", spacing_mm=(1.0, 1.0), direction=None)), field
        )
