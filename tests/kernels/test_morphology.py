import numpy as np
import pytest
from scipy import ndimage

from radiolucent.kernels import morphology

PEERS = {
    morphology.erosion: ndimage.grey_erosion,
    morphology.dilation: ndimage.grey_dilation,
    morphology.opening: ndimage.grey_opening,
    morphology.closing: ndimage.grey_closing,
}


@pytest.mark.parametrize("ours", PEERS)
@pytest.mark.parametrize("box", [(3, 5, 7), (1, 3, 3), (3, 1, 1), (5, 1, 9), (1, 1, 1)])
@pytest.mark.parametrize("dtype", ["uint8", "int16", "int32", "float32", "float64"])
def test_it_is_what_scipy_gives_bit_for_bit(ours, box, dtype):
    array = np.random.default_rng(0).normal(90, 30, (8, 11, 12)).astype(dtype)
    expected = PEERS[ours](array.astype(np.float32), box, mode="reflect")
    result = ours(array, dict(enumerate(box)))
    np.testing.assert_array_equal(result, expected)
    assert result.dtype == np.float32
