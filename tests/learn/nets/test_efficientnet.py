import numpy as np
import pytest

from radiolucent.learn.nets import efficientnet

pytestmark = pytest.mark.deep


def test_at_full_width_it_has_the_parameters_of_efficientnet_b0():
    pytest.importorskip("tensorflow")
    net = efficientnet(size=64, channels=3, classes=1000)
    trained = sum(int(np.prod(weight.shape)) for weight in net.trainable_weights)
    assert trained == 5_288_548, "the paper's 5.3 million, as keras.applications counts them"
    assert net.get_layer("maps").output.shape[1:] == (2, 2, 1280)


def test_a_thinner_net_rounds_its_filters_to_eighths():
    pytest.importorskip("tensorflow")
    net = efficientnet(size=32, channels=1, classes=2, width=12)
    filters = {layer.filters for layer in net.layers if layer.name.endswith("project_conv")}
    assert all(number % 8 == 0 for number in filters)
    assert net.count_params() < 1_000_000


def test_blocks_are_passed_by_at_random_in_training_only():
    pytest.importorskip("tensorflow")
    net = efficientnet(size=32, channels=1, classes=2, width=8)
    x = np.random.default_rng(0).normal(size=(2, 32, 32, 1)).astype(np.float32)
    np.testing.assert_array_equal(net(x, training=False), net(x, training=False))
    assert not np.array_equal(net(x, training=True), net(x, training=True))
