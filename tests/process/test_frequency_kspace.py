import numpy as np
import pytest
from scipy.signal import resample

from radiolucent.core import Grid, Image, InputError
from radiolucent.process import suppress_ringing, undersample, zero_fill


def picture(shape=(16, 18)) -> Image:
    values = np.random.default_rng(9).normal(100, 30, shape).astype(np.float32)
    return Image(values, Grid(shape, "zyx"[-len(shape) :], (1.0,) * len(shape)))


def test_zero_filling_draws_the_wave_between_its_samples():
    x = np.arange(20)
    wave = Image(np.broadcast_to(np.cos(2 * np.pi * 3 * x / 20), (4, 20)), Grid((4, 20), "yx"))
    between = (np.arange(80) + 0.5) / 4 - 0.5
    expected = np.broadcast_to(np.cos(2 * np.pi * 3 * between / 20), (16, 80))
    np.testing.assert_allclose(zero_fill(wave, factor=4).array, expected, atol=1e-5)


@pytest.mark.parametrize("size", [15, 16])
def test_an_odd_factor_keeps_the_samples_and_equals_scipys_resampling_about_them(size):
    values = picture((size,)).array
    fine = zero_fill(Image(values, Grid((size,), "x")), factor=3).array
    np.testing.assert_allclose(fine[1::3], values, atol=1e-3)
    np.testing.assert_allclose(np.roll(fine, -1), resample(values.astype(float), 3 * size), atol=1e-3)


def test_zero_filling_keeps_the_mean_and_the_borders_of_the_grid():
    place = {"origin_mm": (10.0, 20.0, 30.0), "direction": ((0, 0, 1.0), (0, 1.0, 0), (1.0, 0, 0))}
    grid = Grid((4, 6, 8), "zyx", (2.0, 1.0, 0.5), **place)
    image = Image(picture((4, 6, 8)).array, grid)
    fine = zero_fill(image, factor=2)
    assert float(fine.array.mean()) == pytest.approx(float(image.array.mean()), rel=1e-5)
    borders = [g.affine @ [-0.5, -0.5, -0.5, 1] for g in (image.grid, fine.grid)]
    np.testing.assert_allclose(*borders)
    far = [g.affine @ [*(np.array(g.shape) - 0.5), 1] for g in (image.grid, fine.grid)]
    np.testing.assert_allclose(*far)


def test_half_the_lines_fold_the_picture_onto_itself():
    """Every second line without a centre: the picture plus its copy half a field of view away, halved."""
    image = picture()
    expected = (image.array + np.roll(image.array, 8, axis=0)) / 2
    np.testing.assert_allclose(undersample(image, factor=2, centre=0).array, expected, atol=1e-3)


@pytest.mark.parametrize("random_seed", [None, 3])
def test_all_lines_give_the_picture_and_a_kept_centre_its_mean(random_seed):
    image = picture()
    np.testing.assert_allclose(undersample(image, factor=1, random_seed=random_seed).array, image.array, atol=1e-3)
    few = undersample(image, factor=8, random_seed=random_seed).array
    assert float(few.mean()) == pytest.approx(float(image.array.mean()), rel=1e-5)


def test_an_axis_that_is_not_there_is_named():
    with pytest.raises(InputError, match="along='z' is not among"):
        undersample(picture(), along="z")


def test_ringing_beside_an_edge_that_the_scanner_cut_off_becomes_less():
    """An edge sampled in k-space overshoots by 9 %; the window leaves less than 2 %."""
    fine = np.zeros(1024)
    fine[256:768] = 1
    spectrum = np.fft.fft(fine)
    kept = np.r_[spectrum[:32], spectrum[-32:]]
    ringing = np.fft.ifft(kept).real / 16
    image = Image(np.broadcast_to(ringing, (8, 64)), Grid((8, 64), "yx"))
    after = suppress_ringing(image, fraction=1.0, boundary="wrap").array
    assert ringing.max() > 1.05
    assert after.max() < 1.02


def test_suppressing_keeps_the_mean_and_slow_waves():
    image = picture()
    assert float(suppress_ringing(image).array.mean()) == pytest.approx(float(image.array.mean()), rel=1e-5)
    x = np.arange(32)
    slow = Image(np.broadcast_to(np.cos(2 * np.pi * 4 * x / 32), (8, 32)), Grid((8, 32), "yx"))
    np.testing.assert_allclose(suppress_ringing(slow, boundary="wrap").array, slow.array, atol=1e-5)
