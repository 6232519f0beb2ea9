import cv2
import numpy as np
import pytest
from skimage import data, restoration

from radiolucent.core import Grid, Image, InputError
from radiolucent.process.denoise import (
    bilateral,
    curvature_flow,
    noise_of,
    non_local_means,
    perona_malik,
    total_variation,
)

FILTERS = (bilateral, non_local_means, total_variation, perona_malik, curvature_flow)


def picture(values, spacing_mm=None, axes="") -> Image:
    array = np.asarray(values)
    axes = axes or "zyx"[-array.ndim :]
    return Image(array, Grid(array.shape, axes, spacing_mm or (1.0,) * len(axes.strip("t"))))


def noisy(shape, *, sigma=10.0) -> np.ndarray:
    """A step of 100 along the last axis with noise."""
    values = np.where(np.arange(shape[-1]) < shape[-1] // 2, 0.0, 100.0) + np.zeros(shape)
    return (values + np.random.default_rng(0).normal(0, sigma, shape)).astype(np.float32)


def real(size: int = 96) -> np.ndarray:
    return data.camera()[100 : 100 + size, 180 : 180 + size].astype(np.float32)


@pytest.mark.parametrize("filtered", FILTERS)
def test_noise_falls_and_the_step_stays(filtered):
    result = filtered(picture(noisy((12, 20, 24)))).array
    assert result.dtype == np.float32
    assert result[..., 2:9].std() < 7
    assert result[..., 14:].mean() - result[..., :10].mean() > 95


@pytest.mark.parametrize("filtered", FILTERS)
def test_a_constant_is_kept(filtered):
    np.testing.assert_allclose(filtered(picture(np.full((9, 10), 7.0))).array, 7, rtol=1e-5)


@pytest.mark.parametrize("filtered", FILTERS)
def test_frames_and_colours_are_filtered_apart(filtered):
    values = noisy((3, 14, 15))
    series = filtered(picture(values, (0.5, 0.5), "tyx")).array
    colour = filtered(Image(np.moveaxis(values, 0, -1), Grid((14, 15), "yx", (0.5, 0.5)))).array
    for index in range(3):
        alone = filtered(picture(values[index], (0.5, 0.5))).array
        np.testing.assert_allclose(series[index], alone, atol=1e-4)
        np.testing.assert_allclose(colour[..., index], alone, atol=1e-4)


@pytest.mark.parametrize("filtered", [bilateral, perona_malik, curvature_flow, total_variation])
def test_a_pixel_twice_as_long_counts_as_one_twice_as_far(filtered):
    """Along an axis on which nothing changes, spacing has no say; along the other it has."""
    line = noisy((40,))
    thin, thick = (filtered(picture(np.tile(line, (7, 1)), (step, 1.0))).array[3] for step in (1.0, 1.5))
    np.testing.assert_allclose(thick, thin, atol=3 if filtered in (bilateral, total_variation) else 0.05)


def test_the_bilateral_is_that_of_opencv_on_a_real_picture():
    values = real()
    theirs = cv2.bilateralFilter(values, 5, 30.0, 1.0, borderType=cv2.BORDER_REFLECT)
    np.testing.assert_allclose(bilateral(picture(values), sigma_mm=1.0, sigma_value=30.0).array, theirs, atol=0.02)


def test_a_bilateral_that_finds_every_value_alike_is_a_gaussian_in_its_ball():
    impulse = np.zeros((9, 9, 9), np.float32)
    impulse[4, 4, 4] = 1
    result = bilateral(picture(impulse, (2.0, 1.0, 1.0)), sigma_mm=1.5, sigma_value=1e6).array
    assert result[5, 4, 4] / result[4, 4, 4] == pytest.approx(np.exp(-(2**2) / (2 * 1.5**2)), rel=1e-3)
    assert result[4, 5, 4] / result[4, 4, 4] == pytest.approx(np.exp(-(1**2) / (2 * 1.5**2)), rel=1e-3)
    assert result[6, 4, 4] == 0


def test_non_local_means_are_their_definition_on_anisotropic_voxels():
    values = noisy((7, 12, 13)).astype(np.float64)
    result = non_local_means(picture(values, (2.0, 1.0, 1.0)), patch_mm=3, search_mm=2, strength=1, noise=8).array
    wide = np.pad(values, [(1, 1), (3, 3), (3, 3)], mode="symmetric")  # a patch has 1 x 3 x 3 pixels

    def patch(z, y, x):
        return wide[z + 1, y + 2 : y + 5, x + 2 : x + 5]

    for z, y, x in [(0, 0, 0), (3, 6, 6), (6, 11, 2), (2, 1, 12)]:
        offsets = [(c - 1, b - 2, a - 2) for c, b, a in np.ndindex(3, 5, 5)]
        apart = [((patch(z, y, x) - patch(z + c, y + b, x + a)) ** 2).mean() for c, b, a in offsets]
        weights = np.exp(-np.maximum(np.array(apart) - 2 * 8**2, 0) / 8**2)
        others = [wide[z + c + 1, y + b + 3, x + a + 3] for c, b, a in offsets]
        assert result[z, y, x] == pytest.approx(weights @ others / weights.sum(), rel=1e-4)


def test_non_local_means_clean_a_real_picture_nearly_as_scikit_image():
    clean = real()
    values = clean + np.random.default_rng(1).normal(0, 12, clean.shape).astype(np.float32)
    ours = non_local_means(picture(values), patch_mm=5, search_mm=6, strength=0.8, noise=12).array
    theirs = restoration.denoise_nl_means(values, 5, 6, 0.8 * 12, True, sigma=12.0, preserve_range=True)
    assert np.mean((ours - clean) ** 2) <= 1.12 * np.mean((theirs - clean) ** 2)  # within half a decibel
    assert np.mean((ours - clean) ** 2) < 0.5 * np.mean((values - clean) ** 2)


@pytest.mark.parametrize("values", [noisy((30, 34)), noisy((12, 14, 13)), real()], ids=["2-D", "3-D", "real"])
@pytest.mark.parametrize("weight", [3.0, 20.0])
def test_total_variation_is_that_of_scikit_image(values, weight):
    theirs = restoration.denoise_tv_chambolle(values.astype(np.float64), weight)
    np.testing.assert_allclose(total_variation(picture(values), weight=weight).array, theirs, atol=0.01)


def test_perona_malik_keeps_the_mean_and_makes_no_new_extremes():
    values = noisy((20, 22))
    for conductance in ("exponential", "rational"):
        result = perona_malik(picture(values, (1.0, 2.5)), sigma_mm=3, conductance=conductance).array
        assert result.mean() == pytest.approx(values.mean(), rel=1e-5)
        assert values.min() <= result.min()
        assert result.max() <= values.max()


def test_perona_malik_without_edges_is_the_gaussian_of_its_name():
    impulse = np.zeros((41, 41), np.float32)
    impulse[20, 20] = 1000
    result = perona_malik(picture(impulse, (1.0, 0.5)), sigma_mm=2.0, edge=1e9).array
    offsets = (np.arange(41) - 20.0) ** 2
    assert np.sqrt((result.sum(1) * offsets).sum() / 1000) == pytest.approx(2.0, rel=0.01)
    assert 0.5 * np.sqrt((result.sum(0) * offsets).sum() / 1000) == pytest.approx(2.0, rel=0.01)


@pytest.mark.parametrize(("shape", "factor"), [((64, 64), 1), ((40, 40, 40), 2)])
def test_a_ball_shrinks_by_its_curvature_as_geometry_says(shape, factor):
    away = np.sqrt(((np.indices(shape) - (shape[0] - 1) / 2) ** 2).sum(0))
    result = curvature_flow(picture(away), sigma_mm=4.0).array
    radius = 12.0
    ring = np.abs(away - np.sqrt(radius**2 - factor * 4.0**2)) < 0.5
    assert np.median(result[ring]) == pytest.approx(radius, abs=0.15)


def test_the_noise_of_a_smooth_picture_is_found():
    slope = np.add.outer(np.arange(80.0), 2 * np.arange(80.0)) + np.random.default_rng(0).normal(0, 5, (80, 80))
    assert noise_of(slope.astype(np.float32)) == pytest.approx(5, rel=0.05)


def test_lengths_that_would_take_for_ever_are_refused():
    image = picture(np.zeros((300, 300, 2)), (1.0, 1.0, 1.0))
    with pytest.raises(InputError, match="neighbours of each pixel"):
        bilateral(image, sigma_mm=50)
    with pytest.raises(InputError, match="steps at this spacing"):
        curvature_flow(picture(np.zeros((300, 300)), (1.0, 0.1)), sigma_mm=100)
