import numpy as np
import pytest
from scipy import ndimage
from skimage import data, exposure, filters

from radiolucent.core import Grid, Image, InputError
from radiolucent.process.contrast import (
    black_top_hat,
    equalise,
    gamma,
    local_contrast,
    match_histogram,
    unsharp_mask,
    white_top_hat,
)

LOCAL = (unsharp_mask, local_contrast, white_top_hat, black_top_hat)


def picture(values, spacing_mm=None, axes="", unit="1") -> Image:
    array = np.asarray(values)
    axes = axes or "zyx"[-array.ndim :]
    return Image(array, Grid(array.shape, axes, spacing_mm or (1.0,) * len(axes.strip("t"))), unit=unit)


def real() -> np.ndarray:
    return data.camera()[100:220, 150:280]


@pytest.mark.parametrize("bins", [64, 256])
def test_equalising_is_that_of_scikit_image(bins):
    values = np.concatenate([real().ravel(), np.random.default_rng(0).normal(0, 90, 999)]).reshape(-1, 3)
    expected = exposure.equalize_hist(values, bins)
    np.testing.assert_allclose(equalise(picture(values), bins=bins).array, expected, atol=1e-6)


def test_an_equalised_picture_has_an_even_histogram():
    values = np.random.default_rng(0).gamma(2, 50, (20, 40, 50))
    counts, _ = np.histogram(equalise(picture(values), bins=4096).array, 10, (0, 1))
    np.testing.assert_allclose(counts, values.size / 10, rtol=0.03)


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_matching_is_that_of_scikit_image(dtype):
    values, wanted = real().astype(dtype), data.moon()[:90, :77].astype(dtype)
    ours = match_histogram(picture(values), picture(wanted, unit="HU"))
    np.testing.assert_allclose(ours.array, exposure.match_histograms(values, wanted), rtol=1e-6)
    assert ours.unit == "HU"


def test_a_picture_matched_to_itself_stays():
    np.testing.assert_allclose(match_histogram(picture(real()), picture(real())).array, real(), rtol=1e-6)


def test_gamma_is_a_power_of_the_unit_range():
    result = gamma(picture([[10.0, 60.0, 110.0]]), exponent=2.0).array
    np.testing.assert_allclose(result, [[0, 0.25, 1]])


def test_gamma_one_only_scales():
    values = real()
    np.testing.assert_allclose(gamma(picture(values), exponent=1).array, (values - values.min()) / np.ptp(values), 1e-5)


def test_unsharp_masking_is_that_of_scikit_image():
    values = real().astype(np.float32)
    theirs = filters.unsharp_mask(values, 2.0, 1.5, preserve_range=True)
    np.testing.assert_allclose(unsharp_mask(picture(values), sigma_mm=2, amount=1.5).array, theirs, atol=1e-3)


def test_unsharp_masking_counts_in_mm_on_each_axis():
    values = np.random.default_rng(0).normal(size=(9, 20, 21)).astype(np.float32)
    ours = unsharp_mask(picture(values, (3.0, 1.0, 0.5)), sigma_mm=1.5).array
    np.testing.assert_allclose(ours, 2 * values - ndimage.gaussian_filter(values, (0.5, 1.5, 3.0)), atol=1e-5)


def test_local_contrast_forgets_gain_and_ground():
    values = real().astype(np.float32)
    once = local_contrast(picture(values)).array
    np.testing.assert_allclose(local_contrast(picture(7 * values + 1000)).array, once, atol=2e-3)


def test_local_contrast_is_its_formula():
    values = np.random.default_rng(0).normal(50, 9, (30, 31))
    mean = ndimage.gaussian_filter(values, 3.0)
    deviation = np.sqrt(ndimage.gaussian_filter(values**2, 3.0) - mean**2)
    ours = local_contrast(picture(values), sigma_mm=3.0, least=0.2).array
    np.testing.assert_allclose(ours, (values - mean) / (deviation + 0.2 * values.std()), atol=1e-3)


@pytest.mark.parametrize(
    ("ours", "theirs"), [(white_top_hat, ndimage.white_tophat), (black_top_hat, ndimage.black_tophat)]
)
def test_the_top_hats_are_those_of_scipy(ours, theirs):
    values = np.random.default_rng(0).normal(0, 100, (10, 20, 24)).astype(np.float32)
    expected = theirs(values, (3, 5, 9), mode="reflect")
    np.testing.assert_array_equal(ours(picture(values, (2.0, 1.0, 0.5)), width_mm=5.0).array, expected)


def test_the_white_top_hat_keeps_the_narrow_and_drops_the_wide():
    values = np.zeros((30, 30), np.int16)
    values[5:7, 5:7], values[12:24, 12:24] = 100, 100
    result = white_top_hat(picture(values), width_mm=5).array
    assert (result[5:7, 5:7] == 100).all()
    assert not result[12:24, 12:24].any()


@pytest.mark.parametrize("filtered", LOCAL)
def test_frames_and_colours_are_filtered_apart(filtered):
    values = np.random.default_rng(0).normal(50, 9, (3, 14, 15)).astype(np.float32)
    series = filtered(picture(values, (0.5, 0.5), "tyx")).array
    colour = filtered(Image(np.moveaxis(values, 0, -1), Grid((14, 15), "yx", (0.5, 0.5)))).array
    for index in range(3):
        alone = filtered(picture(values[index], (0.5, 0.5))).array
        np.testing.assert_allclose(series[index], alone, atol=1e-4)
        np.testing.assert_allclose(colour[..., index], alone, atol=1e-4)


@pytest.mark.parametrize("mapped", [equalise, lambda image: match_histogram(image, image)])
def test_a_histogram_of_colours_is_refused(mapped):
    with pytest.raises(InputError, match="3 colour channels"):
        mapped(Image(np.zeros((8, 8, 3)), Grid((8, 8), "yx")))
