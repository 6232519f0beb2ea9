import numpy as np
import pytest

from radiolucent.core import Grid, Image
from radiolucent.measure.histogram import IBSI_CODES, intensity_histogram


def image(values) -> Image:
    array = np.array(values, dtype=float).reshape(1, -1)
    return Image(array, Grid(array.shape, "yx"))


def test_levels_are_counted_from_one():
    found = intensity_histogram(image([10, 20, 30, 40]), bins=4)
    assert (found["minimum"], found["maximum"], found["mean"]) == (1, 4, 2.5)
    assert found["entropy"] == 2


def test_of_equal_modes_the_one_nearest_to_the_mean_counts():
    assert intensity_histogram(image([1, 1, 3, 4, 4, 9]), bin_width=1.0)["mode"] == 4


def test_empty_bins_count_in_the_gradient():
    found = intensity_histogram(image([1, 1, 1, 5]), bin_width=1.0)
    assert (found["minimum_gradient"], found["minimum_gradient_level"]) == (-3, 1)
    assert (found["maximum_gradient"], found["maximum_gradient_level"]) == (1, 5)


def test_one_bin_has_no_gradient():
    left_out = set(IBSI_CODES) - set(intensity_histogram(image([7, 7, 7]), bin_width=1.0))
    assert left_out == {name for name in IBSI_CODES if "gradient" in name}


def test_statistics_are_those_of_the_levels():
    values = np.random.default_rng(0).normal(size=500)
    level = np.floor((values - values.min()) / 0.5) + 1
    assert intensity_histogram(image(values), bin_width=0.5)["variance"] == pytest.approx(level.var())
