import numpy as np
import pytest

from radiolucent.core import Grid, Image
from radiolucent.process import deconvolve, gaussian

METHODS = ("wiener", "laplacian")


def blocks() -> Image:
    values = np.zeros((48, 48), np.float32)
    values[12:30, 10:22] = 100
    values[20:40, 30:34] = 60
    return Image(values, Grid((48, 48), "yx", (0.5, 0.5)))


@pytest.mark.parametrize("method", METHODS)
def test_a_blurred_picture_comes_closer_to_the_sharp_one(method):
    sharp = blocks()
    blurred = gaussian(sharp, sigma_mm=1.0)
    restored = deconvolve(blurred, sigma_mm=1.0, noise=1e-4, method=method)
    before, after = (float(np.square(one.array - sharp.array).mean()) for one in (blurred, restored))
    assert after < 0.6 * before


@pytest.mark.parametrize("method", METHODS)
def test_the_mean_stays(method):
    image = blocks()
    assert float(deconvolve(image, method=method).array.mean()) == pytest.approx(float(image.array.mean()), rel=1e-4)


@pytest.mark.parametrize("method", METHODS)
def test_more_noise_gives_a_smoother_picture(method):
    noisy = blocks()
    noisy = noisy.with_array(noisy.array + np.random.default_rng(1).normal(0, 5, (48, 48)))
    spread = [deconvolve(noisy, noise=noise, method=method).array.std() for noise in (1e-3, 1e-2, 1e-1)]
    assert spread == sorted(spread, reverse=True)


def test_a_wave_is_lifted_by_the_wiener_gain():
    x = np.arange(40) * 0.5
    wave = Image(np.broadcast_to(np.cos(2 * np.pi * 0.2 * x), (40, 40)), Grid((40, 40), "yx", (0.5, 0.5)))
    blur = np.exp(-2 * np.pi**2 * 1.0 * 0.2**2)
    gain = blur / (blur**2 + 0.05) * 1.05
    np.testing.assert_allclose(deconvolve(wave, noise=0.05, boundary="wrap").array, gain * wave.array, atol=1e-4)
