from itertools import permutations, product

import nibabel
import numpy as np
import pytest

from radiolucent.core import Grid, Image, InputError, Mask
from radiolucent.process.orient import reorient, reorient_mask


def at_place(grid: Grid, values: np.ndarray) -> dict[tuple, float]:
    """Value at each place in space [mm]."""
    index = np.indices(grid.shape).reshape(len(grid.shape), -1)
    places = (grid.affine @ np.vstack([index, np.ones(index.shape[1])]))[:3]
    return dict(zip(map(tuple, np.round(places.T, 6)), values.ravel().tolist(), strict=True))


def turned(order, signs) -> Grid:
    direction = tuple(tuple(float(s) * (axis == i) for i in range(3)) for axis, s in zip(order, signs))
    return Grid((2, 3, 4), "zyx", (3.0, 2.0, 1.0), origin_mm=(5.0, 6.0, 7.0), direction=direction)


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("signs", list(product([1, -1], repeat=3)))
def test_all_48_ways_to_lie_end_upright_with_every_value_at_its_place(order, signs):
    grid = turned(order, signs)
    values = np.arange(24.0).reshape(2, 3, 4)
    result = reorient(Image(values, grid))
    np.testing.assert_array_equal(result.grid.direction, [[0, 0, 1], [0, 1, 0], [1, 0, 0]])
    assert result.grid.axes == "zyx"
    assert at_place(result.grid, result.array) == at_place(grid, values)
    labels = reorient_mask(Mask(values.astype(np.uint8), grid))
    np.testing.assert_array_equal(labels.array, result.array)
    assert labels.grid == result.grid


@pytest.mark.parametrize("seed", range(8))
def test_an_oblique_picture_is_turned_as_nibabel_turns_it(seed):
    turn, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))
    direction = tuple(tuple(float(v) for v in row) for row in turn)
    grid = Grid((3, 4, 5), "zyx", (2.0, 1.0, 0.5), origin_mm=(1.0, 2.0, 3.0), direction=direction)
    values = np.arange(60.0).reshape(3, 4, 5)
    result = reorient(Image(values, grid))
    assert at_place(result.grid, result.array) == at_place(grid, values)
    codes = nibabel.aff2axcodes(result.grid.affine, labels=(("R", "L"), ("A", "P"), ("I", "S")))
    assert codes == ("S", "P", "L")


def test_a_coronal_slice_says_which_axes_it_has():
    grid = Grid((6, 5), "yx", (1.0, 2.0), origin_mm=(0.0, 0.0, 0.0), direction=((0.0, 0.0, -1.0), (1.0, 0.0, 0.0)))
    result = reorient(Image(np.arange(30.0).reshape(6, 5), grid))
    assert result.grid.axes == "zx"
    assert result.grid.origin_mm == (0.0, 0.0, -5.0)
    assert result.array[0, 0] == 25


def test_time_and_colour_stay_where_they_are():
    direction = ((0.0, 1.0, 0.0), (-1.0, 0.0, 0.0))
    grid = Grid((2, 4, 5), "tyx", (1.0, 1.0), origin_mm=(0.0, 0.0, 0.0), direction=direction)
    values = np.random.default_rng(0).normal(size=(2, 4, 5, 3))
    np.testing.assert_array_equal(reorient(Image(values, grid)).array, values[:, :, ::-1])


def test_a_picture_without_directions_is_refused():
    with pytest.raises(InputError, match="directions in space are not known"):
        reorient(Image(np.zeros((4, 4)), Grid((4, 4), "yx")))
