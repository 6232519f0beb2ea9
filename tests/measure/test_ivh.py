import numpy as np
import pytest

from radiolucent.core import Grid, Image, InputError
from radiolucent.measure.ivh import intensity_volume_histogram


def image(values) -> Image:
    array = np.asarray(values, dtype=float).reshape(1, -1)
    return Image(array, Grid(array.shape, "yx"))


def test_a_ramp_of_whole_values_has_its_own_deciles():
    found = intensity_volume_histogram(image(np.arange(101)))
    assert found["volume_fraction_at_10_percent_intensity"] == pytest.approx(91 / 101)
    assert found["intensity_at_10_percent_volume"] == 91
    assert found["area_under_curve"] == pytest.approx(0.5, abs=0.01)


def test_bins_of_a_width_give_their_centres():
    found = intensity_volume_histogram(image(np.arange(0, 100, 0.5)), bin_width=2.5)
    assert found["intensity_at_10_percent_volume"] == 91.25


def test_other_grey_values_are_put_into_a_thousand_bins():
    found = intensity_volume_histogram(image(np.linspace(-1, 1, 5001)))
    assert found["intensity_at_90_percent_volume"] == pytest.approx(101, abs=1)


def test_intensity_fractions_are_those_of_the_range_where_one_is_given():
    found = intensity_volume_histogram(image(np.arange(51)), range_low=0, range_high=100)
    assert found["volume_fraction_at_90_percent_intensity"] == 0
    assert found["volume_fraction_at_10_percent_intensity"] == pytest.approx(41 / 51)


def test_one_grey_value_has_no_histogram():
    assert intensity_volume_histogram(image([3, 3, 3])) == {}


def test_too_many_steps_are_refused():
    with pytest.raises(InputError, match="widen the bins"):
        intensity_volume_histogram(image([0.0, 1e6]), bin_width=0.1)
