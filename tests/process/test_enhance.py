import numpy as np
import pytest

from radiolucent.core import Grid, Image, InputError
from radiolucent.process import clahe, window
from radiolucent.process.enhance import PRESETS_HU


def ct(values) -> Image:
    array = np.asarray(values, dtype=np.int16)
    return Image(array, Grid(array.shape, "zyx"[-array.ndim :]), "CT", "HU")


def test_a_window_runs_from_zero_to_one_and_cuts_what_lies_outside():
    result = window(ct([[-1000, -50, 50, 150, 1000]]), center=50, width=200)
    np.testing.assert_allclose(result.array, [[0, 0, 0.5, 1, 1]])
    assert result.unit == "1"


@pytest.mark.parametrize("preset", sorted(PRESETS_HU))
def test_a_preset_is_its_center_and_width(preset):
    image = ct(np.arange(-1200, 1800, 7).reshape(1, -1))
    center, width = PRESETS_HU[preset]
    expected = window(image, center=center, width=width).array
    np.testing.assert_array_equal(window(image, preset=preset).array, expected)


def test_with_nothing_given_the_window_is_robust():
    values = np.r_[np.full(3, -30_000), np.linspace(0, 100, 994), np.full(3, 30_000)].reshape(10, 100)
    result = window(ct(values)).array
    assert 0.4 < result[5].mean() < 0.6


def test_a_preset_needs_hounsfield_units():
    image = Image(np.ones((2, 2)), Grid((2, 2), "yx"))
    with pytest.raises(InputError, match="HU and the picture's unit is '1'"):
        window(image, preset="lung")


def test_half_a_window_is_refused():
    with pytest.raises(InputError, match="center=40"):
        window(ct([[1, 2]]), center=40)


def test_a_preset_and_a_width_contradict_each_other():
    with pytest.raises(InputError, match="one or the other"):
        window(ct([[1, 2]]), preset="bone", width=3)


def test_colour_can_be_windowed():
    image = Image(np.random.default_rng(0).integers(0, 255, (6, 5, 3)).astype(np.uint8), Grid((6, 5), "yx"))
    assert window(image).array.shape == (6, 5, 3)


def test_clahe_raises_local_contrast_and_keeps_the_unit_range():
    soft = np.add.outer(np.linspace(0, 1000, 64), 30 * np.sin(np.arange(64)))
    result = clahe(ct(soft)).array
    assert result.dtype == np.float32
    assert result.min() >= 0
    assert result.max() <= 1 + 1e-6
    before = (soft - soft.min()) / np.ptp(soft)
    assert result[30:34].std() > 1.5 * before[30:34].std()


def test_clahe_works_on_every_axis_of_space_and_frame_by_frame():
    values = np.random.default_rng(0).normal(size=(2, 16, 20, 18)).astype(np.float32)
    values[:, 0, 0, 0], values[:, 0, 0, 1] = -9, 9  # the same range in each frame
    series = clahe(Image(values, Grid(values.shape, "tzyx")))
    alone = clahe(Image(values[1], Grid(values.shape[1:], "zyx")))
    np.testing.assert_array_equal(series.array[1], alone.array)


def test_clahe_refuses_colour():
    with pytest.raises(InputError, match="3 colour channels"):
        clahe(Image(np.zeros((8, 8, 3)), Grid((8, 8), "yx")))
