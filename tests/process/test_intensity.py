import numpy as np
import pytest

from radiolucent.core import Grid, Image, InputError
from radiolucent.process import rescale


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
