import numpy as np
import pytest

from radiolucent.kernels import spectrum


def array(shape) -> np.ndarray:
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


@pytest.mark.parametrize("boundary", ["reflect", "mirror"])
@pytest.mark.parametrize("shape", [(12, 13), (1, 9), (5, 6, 7)])
def test_the_cosine_transform_filters_as_the_widened_array_does(boundary, shape):
    def transfer(frequencies):
        return 1 / (1 + 20 * spectrum.radius(frequencies) ** 2)

    axes = tuple(range(len(shape)))
    ours = spectrum.even(array(shape), axes, transfer, boundary)
    np.testing.assert_allclose(ours, spectrum.general(array(shape), axes, transfer, boundary), atol=1e-5)


@pytest.mark.parametrize("boundary", ["reflect", "mirror", "nearest", "constant", "wrap"])
def test_a_transfer_of_one_changes_nothing(boundary):
    values = array((11, 12))
    same = spectrum.general(values, (0, 1), lambda frequencies: np.ones(1), boundary)
    np.testing.assert_allclose(same, values, atol=1e-5)


@pytest.mark.parametrize("level", [1, 2, 3])
@pytest.mark.parametrize("size", [16, 17])
def test_simoncelli_as_the_reference_samples_it_is_its_formula_from_minus_1_to_1(level, size):
    """Frequencies relative to the highest are (i - c) / c with c = (n - 1) / 2, moved to begin at the middle."""
    values = array((size, size))
    centre = (size - 1) / 2
    one = np.fft.ifftshift((np.arange(size) - centre) / centre)
    length = np.hypot(one[:, None], one[None])
    high = 2.0 ** (1 - level)
    band = np.zeros(length.shape)
    inside = (length >= high / 4) & (length <= high)
    band[inside] = np.cos(np.pi / 2 * np.log2(2 * length[inside] / high))
    expected = np.fft.ifft2(np.fft.fft2(values) * band).real
    np.testing.assert_allclose(spectrum.centred(values, (0, 1), spectrum.simoncelli(level)), expected, atol=1e-5)
