"""The wavelet baseline: what comes back is within what quantisation explains, whatever the shape and depth."""

import numpy as np
import pytest

from radiolucent.kernels.wavelet_code import decode_wavelet, encode_wavelet


@pytest.mark.parametrize("shape", [(1, 1), (3, 7), (31, 64), (65, 33)])
@pytest.mark.parametrize("bits", [8, 12, 16])
def test_a_fine_step_gives_the_picture_back(shape, bits):
    plane = np.random.default_rng(3).integers(0, 2**bits, shape).astype(np.uint8 if bits <= 8 else np.uint16)
    back = decode_wavelet(encode_wavelet(plane, bits, 2.0**-20))
    assert back.dtype == plane.dtype
    assert np.abs(back.astype(int) - plane).max() <= 1


def test_a_coarser_step_costs_fewer_bytes_and_more_error():
    plane = np.add.outer(np.arange(64), np.arange(64)).astype(np.uint8)
    streams = [encode_wavelet(plane, 8, step) for step in (2e-3, 2e-2, 2e-1)]
    errors = [np.abs(decode_wavelet(stream).astype(float) - plane).mean() for stream in streams]
    assert [len(stream) for stream in streams] == sorted(map(len, streams), reverse=True)
    assert errors == sorted(errors)


def test_the_reconstruction_is_orthogonal_enough_to_bound_the_error():
    plane = np.random.default_rng(0).integers(0, 256, (64, 64)).astype(np.uint8)
    step = 0.02
    error = decode_wavelet(encode_wavelet(plane, 8, step)).astype(float) - plane
    assert np.sqrt(np.mean(error**2)) < 1.2 * step * 255
