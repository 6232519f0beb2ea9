import numpy as np
import pytest
import pywt

from radiolucent.kernels.wavelet import MODES, bayes, inverse, noise_level, packed, scales, sure, transform, unpacked


@pytest.mark.filterwarnings("ignore:Level value")
@pytest.mark.parametrize("boundary", MODES)
@pytest.mark.parametrize("shape", [(17, 20), (8, 9, 10)])
@pytest.mark.parametrize("wavelet", ["haar", "db3", "bior2.2"])
def test_reconstruction_is_perfect(boundary, shape, wavelet):
    array = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    axes = tuple(range(len(shape)))
    parts = transform(array, axes, wavelet, 2, boundary)
    np.testing.assert_allclose(inverse(parts, axes, wavelet, boundary, shape), array, atol=1e-5)


@pytest.mark.filterwarnings("ignore:Level value")
@pytest.mark.parametrize("wavelet", ["haar", "db4", "coif1", "bior4.4"])
def test_packed_coefficients_give_the_array_back(wavelet):
    array = np.random.default_rng(0).normal(size=(16, 3, 24)).astype(np.float32)
    there = packed(array, (0, 2), wavelet, 3)
    np.testing.assert_allclose(unpacked(there, (0, 2), wavelet, 3), array, atol=1e-5)


def test_scales_sum_to_the_array():
    array = np.random.default_rng(0).normal(size=(20, 21)).astype(np.float32)
    np.testing.assert_allclose(sum(scales(array, (0, 1), 4, "mirror")), array, atol=1e-5)


def test_noise_is_estimated_from_the_finest_detail():
    noise = np.random.default_rng(0).normal(0, 7, (256, 256))
    assert noise_level(pywt.dwtn(noise, "db2")["dd"]) == pytest.approx(7, rel=0.03)


def test_sure_takes_the_threshold_of_least_risk_among_all_values():
    values = np.concatenate([np.random.default_rng(0).normal(0, 1, 200), np.random.default_rng(1).normal(0, 8, 200)])
    risks = [values.size - 2 * (np.abs(values) <= t).sum() + np.minimum(values**2, t**2).sum() for t in np.abs(values)]
    assert sure(values, 1.0, values.size) == pytest.approx(np.abs(values)[np.argmin(risks)])


def test_bayes_takes_out_a_band_of_nothing_but_noise():
    values = np.array([0.5, -0.2, 0.1])
    assert bayes(values, 1.0, 3) == pytest.approx(0.5)
