"""What mathematics promises of filters, on random pictures."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radiolucent import process
from radiolucent.core import Grid, Image

SHAPES = st.sampled_from([(16, 16), (17, 15), (1, 12), (8, 9, 10), (6, 16, 7)])
SMOOTHERS = ("gaussian", "mean", "low_pass", "total_variation", "perona_malik")
KEEPERS = (
    *(
        "gaussian",
        "mean",
        "median",
        "bilateral",
        "non_local_means",
        "total_variation",
        "perona_malik",
        "curvature_flow",
    ),
    *("low_pass", "wavelet_denoise", "unsharp_mask", "suppress_ringing", "unring", "deconvolve", "n4"),
)


def picture(shape, seed, level=100.0):
    values = np.random.default_rng(seed).normal(level, 30, shape).astype(np.float32)
    return Image(values, Grid(shape, "zyx"[-len(shape) :], (1.0,) * len(shape)))


random_pictures = given(SHAPES, st.integers(0, 2**32 - 1))
few = settings(max_examples=10, deadline=None)


@random_pictures
@few
def test_the_energy_of_the_frequencies_is_that_of_the_pixels(shape, seed):
    """Parseval."""
    image = picture(shape, seed)
    magnitude = process.fourier(image)["magnitude"].array.astype(float)
    assert (magnitude**2).sum() == pytest.approx(float((image.array.astype(float) ** 2).sum()), rel=1e-5)


@random_pictures
@few
def test_there_and_back_is_the_picture(shape, seed):
    image = picture(shape, seed)
    span = np.ptp(image.array)
    parts = process.fourier(image)
    assert np.abs(process.inverse_fourier(parts["magnitude"], parts["phase"]).array - image.array).max() <= 1e-5 * span
    scales = process.wavelet_scales(image, levels=2)
    assert np.abs(sum(one.array for one in scales.values()) - image.array).max() <= 1e-5 * span


@given(st.sampled_from(["haar", "db2", "db5", "sym4", "coif2", "bior2.2", "rbio3.1"]), st.integers(0, 2**32 - 1))
@few
def test_the_wavelet_transform_reconstructs_perfectly(wavelet, seed):
    for shape in ((16, 24), (8, 16, 24)):
        image = picture(shape, seed, level=0.0)
        there = process.wavelet_transform(image, wavelet=wavelet, levels=3)
        back = process.inverse_wavelet_transform(there, wavelet=wavelet, levels=3).array
        assert np.abs(back - image.array).max() <= 1e-5 * np.ptp(image.array)
        if not wavelet.startswith(("bior", "rbio")):
            assert (there.array**2).sum() == pytest.approx(float((image.array**2).sum()), rel=1e-4)


@pytest.mark.parametrize("name", KEEPERS)
@pytest.mark.parametrize("shape", [(16, 17), (12, 13, 14)])
def test_a_constant_is_kept(name, shape):
    image = Image(np.full(shape, 37.25, np.float32), Grid(shape, "zyx"[-len(shape) :], (1.0,) * len(shape)))
    np.testing.assert_allclose(getattr(process, name)(image).array, 37.25, rtol=1e-5)


@pytest.mark.parametrize("name", SMOOTHERS)
@pytest.mark.parametrize("shape", [(40, 41), (20, 21, 22)])
def test_the_mean_of_the_picture_is_kept(name, shape):
    """The mirrored edge of a kernel that is alike on both sides gives back what goes out."""
    image = picture(shape, 3)
    assert getattr(process, name)(image).array.mean() == pytest.approx(image.array.mean(), rel=1e-5)


@random_pictures
@few
def test_the_median_commutes_with_monotone_maps(shape, seed):
    image = picture(shape, seed)
    for width in (3.0, 5.0):
        mapped = process.median(image.with_array(np.cbrt(image.array - 80)), width_mm=width).array
        np.testing.assert_array_equal(mapped, np.cbrt(process.median(image, width_mm=width).array - 80))


@random_pictures
@few
def test_linear_filters_are_linear(shape, seed):
    one, other = picture(shape, seed), picture(shape, seed // 2 + 1)
    both = one.with_array(2 * one.array - other.array)
    for name in ("gaussian", "mean", "low_pass", "laplacian_of_gaussian", "suppress_ringing", "zero_fill"):
        op = getattr(process, name)
        np.testing.assert_allclose(op(both).array, 2 * op(one).array - op(other).array, atol=2e-3)
