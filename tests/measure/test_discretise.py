import numpy as np
import pytest

from radiolucent.core import Grid, Image, InputError, Mask
from radiolucent.measure.discretise import cut_out, discretised

RAMP = np.arange(24, dtype=np.int16).reshape(1, 4, 6)


def image(array=RAMP) -> Image:
    return Image(array, Grid(array.shape, "zyx"[-array.ndim :]))


def levels(*, bins=4, bin_width=None, low=None, high=None, sigma=None):
    return discretised(cut_out(image(), None, 1, low, high, sigma), bins, bin_width)


def test_a_number_of_bins_parts_the_range_equally_and_the_greatest_value_is_in_the_last():
    assert levels().present.tolist() == [1] * 6 + [2] * 6 + [3] * 6 + [4] * 6


def test_whole_values_on_the_edge_of_a_bin_fall_into_the_upper_one():
    values = np.arange(50, dtype=np.int16).reshape(1, 1, 50)  # 49 steps: 1 / 49 is not exact in binary
    found = discretised(cut_out(image(values), None, 1), 49, None).present
    assert found.tolist() == [*range(1, 50), 49]


def test_bins_of_a_width_start_at_the_least_value():
    found = levels(bin_width=10.0)
    assert found.present.tolist() == [1] * 10 + [2] * 10 + [3] * 4
    assert found.count == 3


def test_bins_of_a_width_start_at_the_end_of_the_range_where_one_is_given():
    assert levels(bin_width=10.0, low=-10).present.min() == 2


def test_what_lies_outside_the_range_is_left_out_of_the_levels_but_not_of_the_shape():
    found = levels(low=5, high=9)
    assert len(found.present) == 5
    assert found.shape.sum() == 24


def test_the_outlier_filter_looks_at_the_whole_region():
    kept = cut_out(image(), None, 1, 0, None, 1.0).grey
    middle, spread = RAMP.mean(), RAMP.std()
    assert kept.tolist() == [v for v in range(24) if abs(v - middle) <= spread]


def test_a_range_without_a_value_is_refused():
    with pytest.raises(InputError, match="widen the range"):
        levels(low=100)


def test_too_many_levels_are_refused():
    with pytest.raises(InputError, match="widen the bins"):
        levels(bin_width=0.001)


def test_a_frame_must_be_chosen_first():
    film = Image(RAMP, Grid(RAMP.shape, "tyx"))
    with pytest.raises(InputError, match="one frame"):
        cut_out(film, None, 1)


def test_only_the_box_of_the_region_is_kept():
    inside = np.zeros(RAMP.shape, np.uint8)
    inside[0, 1:3, 2:5] = 7
    roi = cut_out(image(), Mask(inside, image().grid), 7)
    assert roi.values.shape == (1, 2, 3)
