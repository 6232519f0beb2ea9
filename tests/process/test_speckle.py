import numpy as np
import pytest

from radiolucent.core import Grid, Image
from radiolucent.process.speckle import frost, lee, srad

FILTERS = (lee, frost, srad)


def speckled(shape=(64, 64), *, looks=4) -> tuple[np.ndarray, np.ndarray]:
    """Even ground of 50 and 150 without and with multiplicative speckle (a gamma distribution of mean 1)."""
    clean = np.where(np.arange(shape[-1]) < shape[-1] // 2, 50.0, 150.0) + np.zeros(shape)
    return clean, (clean * np.random.default_rng(0).gamma(looks, 1 / looks, shape)).astype(np.float32)


def picture(values, spacing_mm=None) -> Image:
    return Image(values, Grid(values.shape, "zyx"[-values.ndim :], spacing_mm or (1.0,) * values.ndim), "US")


@pytest.mark.parametrize("filtered", FILTERS)
@pytest.mark.parametrize("shape", [(64, 64), (12, 24, 28)])
def test_speckle_falls_and_the_two_grounds_keep_their_means(filtered, shape):
    clean, values = speckled(shape)
    result = filtered(picture(values)).array
    assert result.dtype == np.float32
    for ground in (50, 150):
        there = (clean == ground) & (np.abs(np.arange(shape[-1]) - shape[-1] / 2) > 5)
        assert result[there].mean() == pytest.approx(values[there].mean(), rel=0.05)
        assert result[there].std() < 0.7 * values[there].std()


@pytest.mark.parametrize("filtered", FILTERS)
def test_a_gain_goes_through_the_filter(filtered):
    _, values = speckled((24, 26))
    np.testing.assert_allclose(filtered(picture(4 * values)).array, 4 * filtered(picture(values)).array, rtol=1e-3)


@pytest.mark.parametrize("filtered", FILTERS)
@pytest.mark.parametrize("value", [0.0, 80.0, -20.0])
def test_a_constant_is_kept(filtered, value):
    result = filtered(picture(np.full((12, 13), value, np.float32))).array
    np.testing.assert_allclose(result, value, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("filtered", FILTERS)
def test_frames_are_filtered_apart(filtered):
    values = np.stack([speckled((20, 22))[1], 3 * speckled((20, 22), looks=2)[1]])
    series = filtered(Image(values, Grid(values.shape, "tyx", (1.0, 1.0)))).array
    np.testing.assert_allclose(series[1], filtered(picture(values[1])).array, rtol=1e-5)


def test_lee_keeps_a_bright_point_that_cannot_be_speckle():
    values = np.full((21, 21), 20.0, np.float32)
    values[10, 10] = 2000
    assert lee(picture(values), speckle=0.2).array[10, 10] > 1900


def test_lee_is_its_formula():
    _, values = speckled((9, 9))
    box = values[2:7, 2:7].astype(np.float64)
    variation = box.var() / box.mean() ** 2
    expected = box.mean() + max(0.0, 1 - 0.3**2 / variation) * (values[4, 4] - box.mean())
    assert lee(picture(values), width_mm=5, speckle=0.3).array[4, 4] == pytest.approx(expected, rel=1e-4)


def test_frost_is_its_formula_on_anisotropic_pixels():
    _, values = speckled((9, 9))
    result = frost(picture(values, (2.0, 1.0)), width_mm=5, damping=1.5).array
    box = values[3:6, 2:7].astype(np.float64)  # 5 mm are 3 pixels of 2 mm (the odd number nearest) and 5 of 1 mm
    dy, dx = np.mgrid[-1:2, -2:3]
    distance_mm = np.hypot(2 * dy, dx)
    weights = np.exp(-1.5 * box.var() / box.mean() ** 2 * distance_mm) * (distance_mm <= 2.5)
    assert result[4, 4] == pytest.approx((weights * box).sum() / weights.sum(), rel=1e-4)


def test_srad_keeps_the_mean_and_an_edge_that_even_diffusion_would_lose():
    _, values = speckled((40, 40), looks=20)
    result = srad(picture(values), steps=100).array  # as long as a Gaussian of 7 mm, which leaves 17 of the edge's 100
    assert result.mean() == pytest.approx(values.mean(), rel=1e-4)
    assert (result[:, 21] - result[:, 18]).mean() > 50
    assert result[:, :15].std() < 0.3 * values[:, :15].std()
