import numpy as np
import pytest
from scipy import ndimage

from radiolucent.core import Grid, Image, InputError
from radiolucent.process import gaussian, mean, median

FILTERS = (gaussian, mean, median)


def picture(shape: tuple[int, ...], spacing_mm: tuple[float, ...] | None, axes: str = "", colours: int = 0) -> Image:
    values = np.random.default_rng(1).normal(100, 30, shape + ((colours,) if colours else ()))
    return Image(values.astype(np.float32), Grid(shape, axes or "zyx"[-len(shape) :], spacing_mm))


def test_the_gaussian_is_as_wide_in_mm_along_every_axis_of_anisotropic_voxels():
    image = picture((11, 30, 28), (3.0, 1.0, 0.5))
    expected = ndimage.gaussian_filter(image.array.astype(float), (2 / 3, 2.0, 4.0))
    np.testing.assert_allclose(gaussian(image, sigma_mm=2.0).array, expected, atol=1e-4)


def test_a_box_of_even_width_stays_centred():
    impulse = np.zeros((9, 9), np.float32)
    impulse[4, 4] = 1
    result = mean(Image(impulse, Grid((9, 9), "yx", (1.0, 1.0))), width_mm=4.0).array
    np.testing.assert_array_equal(np.argwhere(result > 0).mean(axis=0), [4, 4])


@pytest.mark.parametrize("filtered", FILTERS)
def test_frames_of_a_series_are_filtered_apart(filtered):
    image = picture((3, 14, 15), (0.5, 0.5), "tyx")
    together = filtered(image).array
    for index in range(3):
        alone = filtered(Image(image.array[index], Grid((14, 15), "yx", (0.5, 0.5)))).array
        np.testing.assert_allclose(together[index], alone, rtol=1e-6)


@pytest.mark.parametrize("filtered", FILTERS)
def test_volumes_over_time_are_filtered_in_space_only(filtered):
    image = picture((2, 6, 9, 8), (1.0, 1.0, 1.0), "tzyx")
    alone = filtered(Image(image.array[1], Grid((6, 9, 8), "zyx", (1.0, 1.0, 1.0)))).array
    np.testing.assert_allclose(filtered(image).array[1], alone, rtol=1e-6)


@pytest.mark.parametrize("filtered", FILTERS)
def test_colours_are_filtered_apart(filtered):
    image = picture((14, 15), (0.5, 0.5), colours=3)
    for channel in range(3):
        alone = filtered(Image(image.array[..., channel], image.grid)).array
        np.testing.assert_allclose(filtered(image).array[..., channel], alone, rtol=1e-6)


@pytest.mark.parametrize("filtered", FILTERS)
@pytest.mark.parametrize("dtype", ["uint8", "int16", "uint16", "float64", "bool"])
def test_every_kind_of_pixel_gives_float32(filtered, dtype):
    image = picture((12, 12), (1.0, 1.0))
    assert filtered(image.with_array(image.array.astype(dtype))).array.dtype == np.float32


@pytest.mark.parametrize("filtered", FILTERS)
def test_a_picture_without_spacing_is_told_how_to_give_one(filtered):
    with pytest.raises(InputError, match="--spacing-mm"):
        filtered(picture((8, 8), None))


@pytest.mark.parametrize("filtered", FILTERS)
def test_missing_pixels_are_counted_and_refused(filtered):
    values = np.ones((8, 8), np.float32)
    values[2, 3:5] = np.nan
    with pytest.raises(InputError, match="2 of 64 pixels are NaN"):
        filtered(Image(values, Grid((8, 8), "yx", (1.0, 1.0))))


def test_a_length_beyond_the_picture_is_refused_with_both_lengths():
    with pytest.raises(InputError, match=r"sigma_mm=50 mm is larger than the picture.* 8 mm"):
        gaussian(picture((8, 4), (1.0, 1.0)), sigma_mm=50)


def test_an_empty_picture_is_refused():
    with pytest.raises(InputError, match="empty"):
        mean(picture((0, 4), (1.0, 1.0)))


def test_complex_values_are_refused():
    with pytest.raises(InputError, match="complex"):
        gaussian(Image(np.ones((4, 4), complex), Grid((4, 4), "yx", (1.0, 1.0))))


@pytest.mark.parametrize("filtered", FILTERS)
def test_the_boundary_is_an_argument(filtered):
    image = picture((10, 10), (1.0, 1.0))
    assert not np.array_equal(filtered(image, boundary="wrap").array, filtered(image, boundary="constant").array)


def test_the_median_commutes_with_a_monotone_map():
    image = picture((12, 13), (1.0, 1.0))
    squared = image.with_array(image.array**3)
    np.testing.assert_allclose(median(squared).array, median(image).array ** 3, rtol=1e-6)
