import numpy as np
import pytest
import pywt
from scipy import ndimage

from radiolucent.core import Grid, Image, InputError
from radiolucent.process import riesz, simoncelli, wavelet_response


def picture(shape=(16, 16)) -> Image:
    values = np.random.default_rng(3).normal(50, 20, shape).astype(np.float32)
    return Image(values, Grid(shape, "zyx"[-len(shape) :], (1.0,) * len(shape)))


@pytest.mark.parametrize("wavelet", ["haar", "db2", "coif1"])
@pytest.mark.parametrize(("band", "pywt_name"), [("LL", "aa"), ("HL", "ad"), ("LH", "da"), ("HH", "dd")])
def test_a_band_is_the_stationary_transform_of_pywavelets_but_for_a_shift(wavelet, band, pywt_name):
    """PyWavelets is periodic and counts its filters from another sample."""
    image = picture()
    ours = wavelet_response(image, wavelet=wavelet, band=band, rotation_invariant=False, boundary="wrap").array
    theirs = pywt.swtn(image.array.astype(float), wavelet, 1)[0][pywt_name]
    shifts = [np.roll(theirs, (i, j), (0, 1)) for i in range(-3, 4) for j in range(-3, 4)]
    assert min(np.abs(ours - shifted).max() for shifted in shifts) < 1e-3


def test_high_bands_of_a_constant_are_zero_and_the_low_band_keeps_it():
    flat = Image(np.full((12, 12), 9.0), Grid((12, 12), "yx"))
    np.testing.assert_allclose(wavelet_response(flat, band="H", level=2).array, 0, atol=1e-5)
    np.testing.assert_allclose(wavelet_response(flat, band="L", level=1).array, 18, rtol=1e-6)


def test_the_pooled_response_of_an_asymmetric_wavelet_turns_with_the_picture():
    image = picture((9, 9, 9))
    turned = image.with_array(np.rot90(image.array, axes=(0, 1)))
    expected = np.rot90(wavelet_response(image, wavelet="db2", band="LHL").array, axes=(0, 1))
    np.testing.assert_allclose(wavelet_response(turned, wavelet="db2", band="LHL").array, expected, atol=1e-3)


def test_a_wavelet_that_does_not_exist_gets_the_nearest_name():
    with pytest.raises(InputError, match="did you mean 'db2'"):
        wavelet_response(picture(), wavelet="dbb2")


def test_simoncellis_bands_partition_the_energy_of_a_band_limited_picture():
    """Neighbouring bands are sine and cosine of one angle: between the ends their squares sum to 1."""
    spectrum = np.zeros((64, 64), complex)
    spectrum[3, 5] = spectrum[0, 8] = 64
    image = Image(np.fft.ifft2(spectrum).real, Grid((64, 64), "yx"))
    bands = [simoncelli(image, level=level, sampling="exact").array for level in (1, 2, 3, 4)]
    assert sum(float((band**2).sum()) for band in bands) == pytest.approx(float((image.array**2).sum()), rel=1e-4)


def test_the_two_samplings_of_simoncelli_agree_on_large_odd_pictures():
    image = picture((255, 255))
    exact, ibsi = (simoncelli(image, sampling=sampling).array for sampling in ("exact", "ibsi"))
    assert np.abs(exact - ibsi).max() < 0.03 * np.ptp(exact)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_the_derivatives_of_one_order_keep_the_energy_of_the_picture(order):
    image = picture((15, 17))
    image = image.with_array(image.array - image.array.mean())
    energy = float((riesz(image, order=order, boundary="wrap").array ** 2).sum())
    assert energy == pytest.approx(float((image.array**2).sum()), rel=1e-4)


def test_the_riesz_transform_of_a_wave_along_x_is_the_wave_a_quarter_later():
    x = np.arange(32)
    wave = Image(np.broadcast_to(np.cos(2 * np.pi * 4 * x / 32), (32, 32)), Grid((32, 32), "yx"))
    sine = np.broadcast_to(np.sin(2 * np.pi * 4 * x / 32), (32, 32))
    np.testing.assert_allclose(riesz(wave, along="x", boundary="wrap").array, sine, atol=1e-5)
    np.testing.assert_allclose(riesz(wave, along="y", boundary="wrap").array, 0, atol=1e-5)


def test_axes_that_do_not_fit_the_order_are_refused():
    with pytest.raises(InputError, match="must name 2"):
        riesz(picture(), along="x", order=2)
    with pytest.raises(InputError, match="must name 1"):
        riesz(picture(), along="z")


def test_steered_derivatives_turn_with_the_picture():
    """Along the local directions there is no left or right of the frame, only of the picture."""
    image = picture((12, 11, 10))
    turned = image.with_array(np.rot90(image.array, axes=(0, 1)), grid=Grid((11, 12, 10), "zyx", (1.0, 1.0, 1.0)))
    for along in ("xx", "xy", "zz"):
        ours = riesz(turned, along=along, order=2, steering_mm=1.0).array
        expected = np.rot90(riesz(image, along=along, order=2, steering_mm=1.0).array, axes=(0, 1))
        np.testing.assert_allclose(np.abs(ours), np.abs(expected), atol=1e-2)


def test_the_first_local_direction_is_across_the_stripes():
    y, x = np.indices((40, 42))
    stripes = Image(np.cos(0.6 * x + 0.8 * y), Grid((40, 42), "yx", (1.0, 1.0)))
    across = riesz(stripes, along="xx", order=2, steering_mm=2.0).array[8:-8, 8:-8]
    np.testing.assert_allclose(across, -stripes.array[8:-8, 8:-8], atol=0.2)
    assert np.abs(riesz(stripes, along="yy", order=2, steering_mm=2.0).array[8:-8, 8:-8]).max() < 0.15


def test_steered_second_derivatives_are_the_tensor_turned_to_its_eigenvectors():
    image = picture((9, 10, 11))
    names = {"z": 0, "y": 1, "x": 2}
    first = [riesz(image, along=letter, boundary="wrap").array.astype(float) for letter in names]
    tensor = np.empty((*image.array.shape, 3, 3))
    second = np.empty_like(tensor)
    for a in names:
        for b in names:
            smoothed = ndimage.gaussian_filter(first[names[a]] * first[names[b]], 1.5, mode="wrap")
            tensor[..., names[a], names[b]] = smoothed
            scale = 1 if a == b else np.sqrt(2)
            second[..., names[a], names[b]] = riesz(image, along=a + b, order=2, boundary="wrap").array / scale
    vectors = np.linalg.eigh(tensor)[1][..., ::-1]
    turned = np.swapaxes(vectors, -1, -2) @ second @ vectors
    for along, (i, j) in {"xx": (0, 0), "yz": (1, 2), "zz": (2, 2)}.items():
        ours = riesz(image, along=along, order=2, steering_mm=1.5, boundary="wrap").array
        expected = turned[..., i, j] * (1 if i == j else np.sqrt(2))
        np.testing.assert_allclose(np.abs(ours), np.abs(expected), atol=2e-3)


def test_steering_needs_local_directions():
    with pytest.raises(InputError, match="steering needs along='xx'"):
        riesz(picture(), order=2, steering_mm=2.0)
