import numpy as np
import pytest
import pywt

from radiolucent.kernels.filter_bank import joined, split
from radiolucent.kernels.wavelet import MODES, inverse, transform

WAVELETS = ("haar", "db2", "db3", "sym4", "coif1", "bior1.3", "rbio3.1", "db8")
LINES = (((17,), 0), ((40,), 0), ((5,), 0), ((3, 8), 1), ((9, 4), 0), ((2, 3, 6), 1))


@pytest.mark.parametrize("mode", MODES.values())
@pytest.mark.parametrize("name", WAVELETS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_one_level_and_back_are_those_of_pywavelets(mode, name, dtype):
    """Lines shorter than the filter are among them."""
    wavelet, random = pywt.Wavelet(name), np.random.default_rng(0)
    bar = 1e-12 if dtype == np.float64 else 1e-5
    for shape, axis in LINES:
        array = random.normal(size=shape).astype(dtype)
        theirs = pywt.dwt(array, wavelet, mode, axis)
        np.testing.assert_allclose(split(array, axis, wavelet, mode), theirs, atol=bar * 10)
        back = pywt.idwt(*theirs, wavelet, mode, axis)
        np.testing.assert_allclose(joined(*theirs, axis, wavelet, mode), back, atol=bar * 10)


@pytest.mark.filterwarnings("ignore:Level value")
@pytest.mark.parametrize("boundary", MODES)
@pytest.mark.parametrize("axes", [(0, 1), (1,), (0, 2), (0, 1, 2)])
def test_three_levels_are_those_of_pywavelets_along_any_axes(boundary, axes):
    array = np.random.default_rng(1).normal(size=(33, 20, 19)).astype(np.float32)
    ours = transform(array, axes, "db3", 3, boundary)
    theirs = pywt.wavedecn(array, "db3", MODES[boundary], 3, axes)
    bar = 1e-5 * np.abs(theirs[0]).max()  # a straight continuation makes coarse levels large
    np.testing.assert_allclose(ours[0], theirs[0], atol=bar)
    for one, other in zip(ours[1:], theirs[1:], strict=True):
        assert set(one) == set(other)
        for name in one:
            np.testing.assert_allclose(one[name], other[name], atol=bar)
    changed = [theirs[0] + 1, *theirs[1:]]
    back = pywt.waverecn(changed, "db3", MODES[boundary], axes)[tuple(slice(0, size) for size in array.shape)]
    np.testing.assert_allclose(inverse(changed, axes, "db3", boundary, array.shape), back, atol=10 * bar)


@pytest.mark.parametrize("mode", MODES.values())
def test_equal_neighbours_have_no_detail_at_all(mode):
    """Not even of rounding: the noise is estimated from the details that are not 0."""
    pairs = np.repeat(np.random.default_rng(2).normal(100, 30, 9), 2).astype(np.float32)
    for array, axis in ((pairs, 0), (np.stack([pairs] * 3), 1), (np.stack([pairs] * 3, 1), 0)):
        assert not split(array, axis, pywt.Wavelet("haar"), mode)[1].any()
