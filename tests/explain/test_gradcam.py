import numpy as np
import pytest

from radiolucent.core import InputError
from radiolucent.explain import gradcam
from radiolucent.explain.gradcam import enlarged


def one_channel(maps, slope):
    """Feature maps (n, a, b) as the only channel, the same gradient everywhere."""
    return lambda pictures, column: (maps[..., None], np.full((*maps.shape, 1), slope))


def test_the_heat_is_where_a_channel_that_speaks_for_the_class_is_active():
    maps = np.zeros((2, 4, 4))
    maps[0, 1, 3] = maps[1, 2, 0] = 5
    heat = gradcam(one_channel(maps, 0.5), np.zeros((2, 32, 32), np.uint8), 1)
    assert heat.shape == (2, 32, 32)
    assert [np.unravel_index(h.argmax(), h.shape)[0] // 8 for h in heat] == [1, 2]
    assert [np.unravel_index(h.argmax(), h.shape)[1] // 8 for h in heat] == [3, 0]
    np.testing.assert_allclose(heat.max(axis=(1, 2)), 1)
    assert heat.min() >= 0


def test_a_channel_that_speaks_against_the_class_gives_no_heat():
    heat = gradcam(one_channel(np.ones((1, 4, 4)), -1.0), np.zeros((1, 16, 16), np.uint8), 0)
    assert heat.max() == 0


def test_the_weights_are_the_mean_gradients():
    random = np.random.default_rng(0)
    maps, slopes = random.normal(size=(2, 3, 6, 6, 5))
    heat = gradcam(lambda pictures, column: (maps, slopes), np.zeros((3, 6, 6), np.uint8), 0)
    expected = np.maximum(np.einsum("nc,nhwc->nhw", slopes.mean(axis=(1, 2)), maps), 0)
    np.testing.assert_allclose(heat, expected / expected.max(axis=(1, 2), keepdims=True), atol=1e-6)


def test_no_picture_gives_no_heat_map():
    assert enlarged(np.zeros((0, 4, 4)), shape=(9, 8)).shape == (0, 9, 8)


def test_maps_and_gradients_that_do_not_fit_are_refused():
    with pytest.raises(InputError, match="must both be"):
        gradcam(lambda pictures, column: (np.zeros((1, 4, 4, 2)), np.zeros((1, 4, 4))), np.zeros((1, 8, 8)), 0)


@pytest.mark.deep
def test_a_net_that_learned_a_bright_blob_looks_at_the_blob():
    pytest.importorskip("tensorflow")
    learn = pytest.importorskip("radiolucent.learn")
    random = np.random.default_rng(0)
    X = random.integers(40, 90, (160, 32, 32)).astype(np.uint8)
    centres = random.integers(6, 26, (160, 2))
    for picture, (y, x) in zip(X[::2], centres[::2], strict=True):
        picture[y - 4 : y + 4, x - 4 : x + 4] += 100
    net = learn.KerasClassifier(
        width=8, blocks=1, steps=150, members=1, batch=32, augmentations=("flip",), threads=1, seed=1
    )
    net.fit(X, (np.arange(160) + 1) % 2)
    heat = gradcam(net.maps_and_gradients, X[::2], 1)
    peaks = np.array([np.unravel_index(one.argmax(), one.shape) for one in heat])
    near = np.abs(peaks - centres[::2]).max(axis=1) <= 6
    assert near.mean() > 0.9
