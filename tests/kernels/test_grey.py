import numpy as np
import pytest

from radiolucent.kernels.grey import robust_limits, to_eight_bit


def test_eight_bits_stay_as_they_are():
    given = np.arange(12, dtype=np.uint8)
    assert to_eight_bit(given) is given


def test_sixteen_bits_are_windowed_and_not_cut_off():
    given = np.linspace(0, 65535, 10_000).astype(np.uint16)
    codes = to_eight_bit(given)
    assert codes.dtype == np.uint8
    assert codes.min() == 0
    assert codes.max() == 255
    assert (np.diff(codes.astype(int)) >= 0).all()


def test_the_window_can_be_undone_up_to_half_a_code():
    given = np.random.default_rng(0).normal(1000, 200, 5000)
    low, high = robust_limits(given)
    inside = (given > low) & (given < high)
    undone = low + to_eight_bit(given) / 255 * (high - low)
    assert np.abs(undone - given)[inside].max() <= (high - low) / 255 * 0.51


@pytest.mark.parametrize("value", [0, -5, 1e6])
def test_a_constant_picture_becomes_zero(value):
    assert not to_eight_bit(np.full((4, 4), value, np.float32)).any()


def test_a_few_bright_dots_on_flat_ground_are_kept():
    given = np.zeros((100, 100), np.float32)
    given[3, 3] = 9
    assert to_eight_bit(given)[3, 3] == 255
