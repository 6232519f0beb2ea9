import numpy as np
import pytest
from scipy import ndimage

from radiolucent.kernels.bank import Tap, filtered, pooled

BOUNDARIES = ("reflect", "mirror", "nearest", "constant", "wrap")


def array(shape=(9, 10, 11)) -> np.ndarray:
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("weights", [(1.0, 2, 4), (1.0, -3, 2, 5, 7)])
def test_odd_kernels_are_scipys_convolution(boundary, weights):
    expected = ndimage.convolve1d(array().astype(float), weights, axis=1, mode=boundary)
    np.testing.assert_allclose(filtered(array(), {1: (Tap.of(weights),)}, boundary), expected, atol=1e-5)


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_even_kernels_have_their_centre_after_the_middle(boundary):
    expected = ndimage.convolve1d(array().astype(float), [1.0, 2, 3, 4, 0], axis=0, mode=boundary)
    np.testing.assert_allclose(filtered(array(), {0: (Tap.of([1, 2, 3, 4]),)}, boundary), expected, atol=1e-5)


@pytest.mark.parametrize("size", [6, 7])
def test_a_reversed_kernel_answers_to_the_flipped_picture(size):
    line, tap = array((size,)), Tap.of([1, 2, 3, 4])
    there = filtered(line, {0: (tap.reversed(),)}, "nearest")
    np.testing.assert_allclose(there, filtered(line[::-1], {0: (tap,)}, "nearest")[::-1], atol=1e-6)


def test_dilation_puts_zeros_after_each_weight():
    assert Tap.of([1, 2]).dilated(2) == Tap((1.0, 0.0, 2.0, 0.0), 2)


@pytest.mark.parametrize("pooling", ["mean", "max"])
def test_pooling_goes_over_the_24_turns_of_a_volume(pooling):
    """Each turn written out: turn the picture, filter, turn back."""
    volume = array((7, 7, 7))
    taps = [Tap.of([1, 2, 4]), Tap.of([1, -1, 3, 5]), Tap.of([0.5, 2, -1])]
    chains = {axis: (tap,) for axis, tap in enumerate(taps)}
    responses = []
    for plane, face in [((0, 1), 0), ((0, 1), 1), ((0, 1), 2), ((0, 1), 3), ((0, 2), 1), ((0, 2), 3)]:
        for spin in range(4):
            turned = np.rot90(np.rot90(volume, face, plane), spin, (1, 2))
            back = np.rot90(filtered(turned, chains, "reflect"), -spin, (1, 2))
            responses.append(np.rot90(back, -face, plane))
    expected = np.max(responses, axis=0) if pooling == "max" else np.mean(responses, axis=0)
    np.testing.assert_allclose(pooled(volume, chains, "reflect", pooling), expected, atol=1e-4)
