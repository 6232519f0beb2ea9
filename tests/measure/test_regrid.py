import numpy as np
import pytest
from scipy import ndimage

from radiolucent.core import Grid, Image, InputError, Mask
from radiolucent.measure.regrid import regridded

SHAPE = (9, 20, 23)
SPACING = (3.0, 0.9, 0.7)
GREY = ndimage.gaussian_filter(np.random.default_rng(3).normal(0, 400, SHAPE), 1).astype(np.float32)
INSIDE = (np.linalg.norm((np.indices(SHAPE).T - [4, 9, 11]) / [3, 7, 8], axis=-1).T < 1).astype(np.uint8)


def volume(spacing=SPACING, direction=((0, 0, 1), (0, 1, 0), (1, 0, 0)), origin=(10.0, -5.0, 7.0)):
    grid = Grid(SHAPE, "zyx", spacing, origin_mm=origin, direction=direction)
    return Image(GREY, grid, "CT", "HU"), Mask(INSIDE * 3, grid)


def everywhere(array, spacing_mm, order):
    """The whole new grid in one go and in world coordinates: the manual's equations, with nothing cut off."""
    new_shape = np.ceil(np.multiply(SHAPE, SPACING) / spacing_mm).astype(int)
    lines = []
    for n, m, old, new in zip(SHAPE, new_shape, SPACING, np.broadcast_to(spacing_mm, 3), strict=True):
        first_mm = (old * (n - 1) - new * (m - 1)) / 2
        lines.append((first_mm + np.arange(m) * new) / old)
    where = np.array(np.meshgrid(*lines, indexing="ij"))
    return ndimage.map_coordinates(array.astype(np.float64), where, order=order, mode="mirror"), where


@pytest.mark.parametrize(("interpolation", "order"), [("linear", 1), ("cubic", 3)])
@pytest.mark.parametrize("spacing_mm", [2.0, 1.1, 0.5])
def test_the_region_is_what_interpolation_of_the_whole_picture_gives(interpolation, order, spacing_mm):
    image, mask = regridded(*volume(), 3, spacing_mm=spacing_mm, interpolation=interpolation)
    grey, _ = everywhere(GREY, spacing_mm, order)
    covered, _ = everywhere(INSIDE, spacing_mm, 1)
    ours, theirs = image.array[mask.array == 3], grey[covered >= 0.5 - 1e-9]
    assert len(ours) == len(theirs)
    assert np.allclose(ours, theirs, atol=2e-3)


def test_the_number_of_samples_is_rounded_up_and_both_grids_share_their_centre():
    everything = Mask(np.ones(SHAPE, np.uint8), volume()[0].grid)
    image, _ = regridded(volume()[0], everything, 1, spacing_mm=2.0)
    assert image.array.shape == (14, 9, 9)  # of 13.5, 9 and 8.05
    old, new = volume()[0].grid, image.grid
    middles = [g.affine @ [*((np.array(g.shape) - 1) / 2), 1] for g in (old, new)]
    assert np.allclose(*middles)


def test_a_sample_lies_where_its_place_in_space_says():
    image, mask = regridded(*volume(), 3, spacing_mm=1.3)
    here = np.argwhere(mask.array == 3)[5]
    place = image.grid.affine @ [*here, 1]
    index = np.linalg.solve(np.vstack([volume()[0].grid.affine[:3], [0, 0, 0, 1]]), [*place[:3], 1])[:3]
    expected = ndimage.map_coordinates(GREY, index[:, None], order=1)[0]
    assert image.array[tuple(here)] == pytest.approx(expected, abs=1e-2)


def test_within_slices_the_slices_stay():
    image, mask = regridded(*volume(), 3, spacing_mm=2.0, in_slices=True)
    assert image.grid.spacing_mm == (3.0, 2.0, 2.0)
    assert np.count_nonzero((mask.array == 3).any(axis=(1, 2))) == np.count_nonzero(INSIDE.any(axis=(1, 2)))


def test_rounding_gives_whole_numbers():
    image, _ = regridded(*volume(), 3, spacing_mm=2.0, rounded=True)
    assert (image.array == np.rint(image.array)).all()


def test_the_same_spacing_changes_no_grey_value():
    grid = Grid(SHAPE, "zyx", (1.0, 1.0, 1.0))
    image, mask = regridded(Image(GREY, grid), Mask(INSIDE, grid), 1, spacing_mm=1.0)
    assert np.array_equal(image.array[mask.array == 1], GREY[INSIDE == 1])


def test_a_thin_region_between_the_new_samples_is_told():
    thin = np.zeros(SHAPE, np.uint8)
    thin[4, 9, 9] = 1
    with pytest.raises(InputError, match="no voxel of label 1 is left in voxels of 4 mm"):
        regridded(volume()[0], Mask(thin, volume()[0].grid), 1, spacing_mm=4.0)


def test_voxels_without_end_are_refused():
    with pytest.raises(InputError, match="ask for larger"):
        regridded(*volume(), 3, spacing_mm=0.001)


def test_a_picture_without_spacing_says_what_to_do():
    grid = Grid(SHAPE, "zyx")
    with pytest.raises(InputError, match="--spacing-mm"):
        regridded(Image(GREY, grid), Mask(INSIDE, grid), 1, spacing_mm=1.0)
