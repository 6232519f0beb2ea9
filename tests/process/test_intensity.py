import numpy as np
import pytest

from radiolucent.core import Grid, Image, InputError
from radiolucent.process import fill_not_finite, gaussian, invert, rescale


def image(values, dtype="float32") -> Image:
    array = np.asarray(values, dtype)
    return Image(array, Grid(array.shape, "yx"), unit="HU")


def test_least_and_greatest_value_become_the_ends():
    result = rescale(image([[-1000, 0, 1000]], "int16"), low=-1.0, high=1.0)
    np.testing.assert_allclose(result.array, [[-1, 0, 1]])
    assert result.array.dtype == np.float32
    assert result.unit == "1"


def test_percentiles_cut_outliers():
    values = np.linspace(0, 1, 1000).reshape(20, 50)
    result = rescale(image(values), low_percentile=10, high_percentile=90).array
    expected = np.clip(
        (values - np.percentile(values, 10)) / (np.percentile(values, 90) - np.percentile(values, 10)), 0, 1
    )
    np.testing.assert_allclose(result, expected, atol=1e-6)


def test_a_constant_picture_becomes_the_lower_end():
    assert (rescale(image([[7, 7]]), low=0.25).array == 0.25).all()


@pytest.mark.parametrize("ends", [{"low": 1.0, "high": 0.0}, {"low_percentile": 60, "high_percentile": 40}])
def test_ends_in_the_wrong_order_are_refused(ends):
    with pytest.raises(InputError, match="must be below"):
        rescale(image([[1, 2]]), **ends)


def test_inverting_twice_gives_the_picture_back():
    image = Image(np.random.default_rng(0).integers(3, 900, (8, 9)).astype(np.int16), Grid((8, 9), "yx"))
    once = invert(image)
    assert (once.array.min(), once.array.max()) == (image.array.min(), image.array.max())
    np.testing.assert_array_equal(invert(once).array, image.array)
    np.testing.assert_array_equal(invert(image, low=0, high=4095).array, 4095 - image.array)


def test_holes_are_filled_from_the_nearest_pixel_in_mm():
    values = np.array([[1.0, np.nan, 5.0], [2.0, np.inf, 6.0]])
    image = Image(values, Grid((2, 3), "yx", (1.0, 10.0)))
    filled = fill_not_finite(Image(values[:, :2], Grid((2, 2), "yx", (1.0, 10.0)))).array
    np.testing.assert_array_equal(filled, [[1, 1], [2, 2]])
    np.testing.assert_array_equal(fill_not_finite(image, method="value", value=-3).array[:, 1], [-3, -3])


def test_frames_are_filled_from_themselves_alone():
    values = np.arange(12.0).reshape(3, 2, 2)
    values[1, 0, 0] = np.nan
    filled = fill_not_finite(Image(values, Grid((3, 2, 2), "tyx", (1.0, 1.0)))).array
    assert filled[1, 0, 0] in values[1].ravel()[1:]
    np.testing.assert_array_equal(filled[[0, 2]], values[[0, 2]])


def test_a_frame_of_nothing_but_nan_is_refused():
    with pytest.raises(InputError, match="none of 4 pixels is finite"):
        fill_not_finite(Image(np.full((2, 2), np.nan), Grid((2, 2), "yx")))


def test_other_operations_count_what_is_not_finite_and_name_the_remedy():
    values = np.ones((4, 4))
    values[1, 1:3] = np.nan, -np.inf
    with pytest.raises(InputError, match=r"2 of 16 pixels are NaN or infinite; .*fill_not_finite"):
        gaussian(Image(values, Grid((4, 4), "yx", (1.0, 1.0))))


def test_huge_values_are_finite_all_the_same():
    image = Image(np.full((4, 4), 3e38, np.float32), Grid((4, 4), "yx"))
    assert invert(image, low=0, high=0).array[0, 0] == np.float32(-3e38)
