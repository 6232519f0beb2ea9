import numpy as np
import pytest

from radiolucent.core import Grid, Image
from radiolucent.measure import hog, intensity, rows, texture


def picture(side: int, seed: int = 0) -> np.ndarray:
    y, x = np.indices((side, side)) / side
    waves = np.sin(9 * x + 3 * y) * np.cos(7 * y) * 60 + 120
    return (waves + np.random.default_rng(seed).normal(0, 12, waves.shape)).clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize("side", [28, 64, 256])
def test_statistics_are_the_operations_numbers_in_the_order_of_the_names(side):
    image = Image(picture(side), Grid((side, side), "yx"))
    expected = intensity(image) | texture(image) | hog(image)
    found = rows.statistics(picture(side))
    assert found.shape == (len(rows.STATISTICS),)
    assert found.dtype == np.float32
    by_name = dict(zip(rows.STATISTICS, found, strict=True))
    assert len(by_name) == len(rows.STATISTICS)
    for name, value in expected.items():
        assert by_name[name] == pytest.approx(value, rel=1e-5, abs=1e-6)


def test_the_last_numbers_are_the_picture_made_small():
    bright = np.zeros((48, 48), np.uint8)
    bright[:4, -4:] = 240
    by_name = dict(zip(rows.STATISTICS, rows.statistics(bright), strict=True))
    assert by_name["pixel_0_11"] == 240
    assert by_name["pixel_11_0"] == 0


@pytest.mark.parametrize("value", [0, 9, 255])
@pytest.mark.parametrize("side", [3, 28, 100])
def test_a_flat_picture_has_finite_numbers(value, side):
    flat = np.full((side, side), value, np.uint8)
    assert np.isfinite(rows.statistics(flat)).all()
    assert rows.descriptors(flat).shape == (200, 128)


def test_a_black_picture_has_no_descriptor():
    assert not rows.descriptors(np.zeros((28, 28), np.uint8)).any()


@pytest.mark.parametrize("side", [28, 64, 128])
def test_descriptors_fill_the_first_slots_and_leave_the_others_zero(side):
    found = rows.descriptors(picture(side))
    assert found.shape == (200, 128)
    assert found.dtype == np.uint8
    present = found.any(axis=1)
    assert present.sum() > 20
    assert present[: present.sum()].all()


@pytest.mark.parametrize("most", [1, 10, 400])
def test_no_more_descriptors_than_asked(most):
    assert rows.descriptors(picture(28), most=most).shape == (most, 128)


def test_the_same_picture_gives_the_same_row():
    np.testing.assert_array_equal(rows.descriptors(picture(128)), rows.descriptors(picture(128)))
    np.testing.assert_array_equal(rows.statistics(picture(128)), rows.statistics(picture(128)))
