import numpy as np
import pytest
from skimage.restoration import denoise_wavelet

from radiolucent.core import Grid, Image, InputError
from radiolucent.process import multiscale_enhance, wavelet_denoise

THRESHOLDS = ("universal", "bayes", "sure")


def scene(shape=(64, 64)) -> np.ndarray:
    index = np.indices(shape)
    ball = sum((axis - size / 2) ** 2 for axis, size in zip(index, shape, strict=True)) < (min(shape) / 3) ** 2
    return (100 * ball + 20 * np.sin(index[-1] / 9)).astype(np.float32)


def noisy(shape=(64, 64), noise=10.0) -> Image:
    values = scene(shape) + np.random.default_rng(6).normal(0, noise, shape)
    return Image(values.astype(np.float32), Grid(shape, "zyx"[-len(shape) :]))


@pytest.mark.parametrize(("threshold", "name"), [("universal", "VisuShrink"), ("bayes", "BayesShrink")])
@pytest.mark.parametrize("rule", ["soft", "hard"])
@pytest.mark.parametrize("shape", [(64, 60), (33, 32, 36)])
def test_one_spin_is_the_denoising_of_scikit_image(threshold, name, rule, shape):
    image = noisy(shape)
    theirs = denoise_wavelet(
        image.array.astype(np.float64), sigma=10, wavelet="db2", mode=rule, wavelet_levels=2, method=name
    )
    ours = wavelet_denoise(image, wavelet="db2", levels=2, threshold=threshold, rule=rule, noise=10, spins=1)
    np.testing.assert_allclose(ours.array, theirs, atol=2e-3)


@pytest.mark.parametrize("threshold", THRESHOLDS)
@pytest.mark.parametrize("shape", [(64, 64), (24, 24, 24)])
def test_noise_is_taken_out(threshold, shape):
    image, truth = noisy(shape), scene(shape)
    result = wavelet_denoise(image, threshold=threshold, levels=2)
    assert np.square(result.array - truth).mean() < 0.75 * np.square(image.array - truth).mean()


def test_cycle_spinning_comes_nearer_than_one_transform():
    errors = [
        np.square(wavelet_denoise(noisy(), wavelet="haar", spins=spins).array - scene()).mean() for spins in (1, 8)
    ]
    assert errors[1] < errors[0]


@pytest.mark.parametrize("threshold", THRESHOLDS)
def test_a_picture_without_noise_stays(threshold):
    image = Image(scene(), Grid((64, 64), "yx"))
    np.testing.assert_allclose(wavelet_denoise(image, threshold=threshold, noise=0).array, image.array, atol=1e-3)


def test_frames_and_colours_are_denoised_apart():
    values = np.stack([noisy(noise=n).array for n in (2, 30)])
    series = wavelet_denoise(Image(values, Grid(values.shape, "tyx"))).array
    colours = wavelet_denoise(Image(np.moveaxis(values, 0, -1), Grid((64, 64), "yx"))).array
    for index in range(2):
        alone = wavelet_denoise(Image(values[index], Grid((64, 64), "yx"))).array
        np.testing.assert_allclose(series[index], alone, atol=1e-3)
        np.testing.assert_allclose(colours[..., index], alone, atol=1e-3)


def test_a_picture_smaller_than_the_wavelet_is_refused():
    with pytest.raises(InputError, match="too small for the wavelet 'db8'"):
        wavelet_denoise(noisy((10, 10)), wavelet="db8")


def test_a_gain_of_one_enhances_nothing():
    image = noisy()
    np.testing.assert_allclose(multiscale_enhance(image, gain=1).array, image.array, atol=1e-3)


def test_edges_are_lifted_more_than_noise():
    """The step grows steeper, while the flat parts keep nearly the noise they had."""
    step = np.where(np.arange(64) < 32, 0.0, 100.0) + np.random.default_rng(0).normal(0, 1, (64, 64))
    image = Image(step, Grid((64, 64), "yx"))
    result = multiscale_enhance(image, gain=3, knee=5).array
    assert np.ptp(result.mean(axis=0)) > 1.3 * np.ptp(step.mean(axis=0))
    assert result[:, :16].std() < 1.5 * step[:, :16].std()
