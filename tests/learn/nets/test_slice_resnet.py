import numpy as np
import pytest

from radiolucent.core import InputError
from radiolucent.learn.nets import slice_resnet

pytestmark = pytest.mark.deep
STACK = {"size": [4, 12, 12], "channels": 1, "classes": 2, "width": 4}


@pytest.mark.parametrize("pool", ["mean", "attention"])
def test_the_order_of_the_slices_does_not_matter(pool):
    pytest.importorskip("tensorflow")
    net = slice_resnet(**STACK, pool=pool)
    x = np.random.default_rng(0).normal(size=(2, 4, 12, 12, 1)).astype(np.float32)
    np.testing.assert_allclose(net(x), net(x[:, [2, 0, 3, 1]]), atol=1e-5)


def test_a_slice_is_seen_by_itself():
    keras = pytest.importorskip("keras")
    net = slice_resnet(**STACK)
    maps = keras.Model(net.inputs[0], net.get_layer("maps").output)
    x = np.random.default_rng(0).normal(size=(1, 4, 12, 12, 1)).astype(np.float32)
    other = x.copy()
    other[:, 1] += 1
    changed = np.abs(np.asarray(maps(x)) - np.asarray(maps(other))).max(axis=(0, 2, 3, 4)) > 0
    assert changed.tolist() == [False, True, False, False]


def test_attention_shares_one_among_the_slices():
    keras = pytest.importorskip("keras")
    net = slice_resnet(**STACK, pool="attention")
    shares = np.asarray(keras.Model(net.inputs[0], net.get_layer("attention").output)(np.zeros((2, 4, 12, 12, 1))))
    assert shares.shape == (2, 4, 1)
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-6)


def test_an_unknown_pool_is_answered_with_the_nearest_name():
    with pytest.raises(InputError, match="did you mean 'mean'"):
        slice_resnet(**STACK, pool="means")
