import numpy as np
import pytest

from radiolucent.core import Grid, Image, InputError, Mask
from radiolucent.process.crop import crop, crop_border, pad

GRID = Grid(
    (10, 12, 14), "zyx", (2.0, 1.0, 0.5), origin_mm=(5.0, 6.0, 7.0), direction=((0, 0, 1.0), (0, 1.0, 0), (-1.0, 0, 0))
)


def volume() -> Image:
    return Image(np.random.default_rng(0).integers(0, 900, GRID.shape).astype(np.int16), GRID)


def place(grid: Grid, index) -> np.ndarray:
    return grid.affine @ [*index, 1]


def test_the_box_around_a_mask_keeps_pixels_and_places():
    labels = np.zeros(GRID.shape, np.uint8)
    labels[4, 5:8, 6] = 2
    result = crop(volume(), Mask(labels, GRID), margin_mm=2.0)
    np.testing.assert_array_equal(result.array, volume().array[3:6, 3:10, 2:11])
    np.testing.assert_allclose(place(result.grid, (1, 2, 4)), place(GRID, (4, 5, 6)))
    assert result.array.dtype == np.int16


def test_a_margin_ends_at_the_picture():
    labels = np.zeros(GRID.shape, np.uint8)
    labels[0, 0, 0] = 1
    assert crop(volume(), Mask(labels, GRID), margin_mm=1000).grid == GRID


def test_an_empty_mask_has_no_box():
    with pytest.raises(InputError, match="mask is empty"):
        crop(volume(), Mask(np.zeros(GRID.shape, np.uint8), GRID))


@pytest.mark.parametrize("fill", ["least", "edge", "reflect", "zero"])
def test_a_frame_leaves_the_picture_in_its_place(fill):
    result = pad(volume(), margin_mm=1.5, fill=fill)
    assert result.grid.shape == (12, 16, 20)
    np.testing.assert_array_equal(result.array[1:-1, 2:-2, 3:-3], volume().array)
    np.testing.assert_allclose(place(result.grid, (1, 2, 3)), place(GRID, (0, 0, 0)))
    corner = {"least": volume().array.min(), "zero": 0, "edge": volume().array[0, 0, 0]}
    assert result.array[0, 1, 2] == corner.get(fill, volume().array[0, 0, 0])


def test_cropping_undoes_padding():
    wide = pad(volume(), margin_mm=3.0)
    labels = np.zeros(wide.grid.shape, np.uint8)
    labels[2:-2, 3:-3, 6:-6] = 1
    result = crop(wide, Mask(labels, wide.grid))
    np.testing.assert_array_equal(result.array, volume().array)
    np.testing.assert_allclose(result.grid.origin_mm, GRID.origin_mm)


def radiograph() -> np.ndarray:
    return np.random.default_rng(0).normal(500, 100, (60, 50))


@pytest.mark.parametrize("level", [0.0, 1023.0])
def test_collimation_is_cut_off_on_each_side(level):
    film = np.full((80, 90), level) + np.random.default_rng(1).normal(0, 2, (80, 90))
    film[7:67, 21:71] = radiograph()
    result = crop_border(Image(film, Grid(film.shape, "yx", (0.2, 0.2))))
    np.testing.assert_array_equal(result.array, film[7:67, 21:71])


def test_a_picture_without_border_stays():
    assert crop_border(Image(radiograph(), Grid((60, 50), "yx"))).grid.shape == (60, 50)


def test_a_picture_that_is_all_border_stays():
    assert crop_border(Image(np.zeros((9, 9)), Grid((9, 9), "yx"))).grid.shape == (9, 9)


def test_all_frames_are_cut_alike():
    cine = np.zeros((3, 40, 40), np.uint8)
    cine[:, 10:30, 12:32] = np.random.default_rng(0).integers(30, 255, (3, 20, 20))
    assert crop_border(Image(cine, Grid(cine.shape, "tyx"))).grid.shape == (3, 20, 20)
