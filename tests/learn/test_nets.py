import json

import numpy as np
import pytest

from radiolucent.core import InputError
from radiolucent.learn.nets import NETS, body, build

pytestmark = pytest.mark.deep

CLASSIFY = {
    "small_resnet": {"size": 8, "width": 4},
    "resnet18": {"size": 32, "width": 4, "blocks": 1},
    "efficientnet": {"size": 32, "width": 8},
    "slice_resnet": {"size": [3, 8, 8], "width": 4},
}


PICTURES = [name for name in NETS if name not in ("unet", "sequence_net")]


def described(name, **more):
    return {"architecture": name, "arguments": {"channels": 1, "classes": 3} | CLASSIFY[name] | more}


@pytest.mark.parametrize("name", PICTURES)
def test_every_net_that_classifies_ends_in_maps_an_embedding_and_logits(name):
    pytest.importorskip("tensorflow")
    net = build(json.loads(json.dumps(described(name))))
    assert net.output_shape == (None, 3)
    assert [layer.name for layer in net.layers if layer.name in ("maps", "embedding", "logits")] == [
        "maps",
        "embedding",
        "logits",
    ]
    assert len(net.get_layer("embedding").output.shape) == 2
    assert net.get_layer("maps").output.shape[-1] == net.get_layer("embedding").output.shape[-1]


@pytest.mark.parametrize("name", PICTURES)
def test_layers_with_weights_bear_the_same_names_whenever_a_net_is_built(name):
    pytest.importorskip("tensorflow")
    first, second = (
        [layer.name for layer in build(described(name, classes=classes)).layers if layer.weights] for classes in (2, 3)
    )
    assert first == second


def test_the_body_of_a_net_gives_the_embedding_that_its_head_sees():
    pytest.importorskip("tensorflow")
    net = build(described("small_resnet"))
    x = np.random.default_rng(0).normal(size=(2, 8, 8, 1)).astype(np.float32)
    vectors = np.asarray(body(net)(x))
    kernel, bias = net.get_layer("logits").get_weights()
    np.testing.assert_allclose(vectors @ kernel + bias, np.asarray(net(x)), atol=1e-5)


def test_an_unknown_architecture_is_answered_with_the_nearest_name():
    with pytest.raises(InputError, match="did you mean 'small_resnet'"):
        build({"architecture": "small_resnett", "arguments": {}})


def test_arguments_that_the_architecture_does_not_know_are_refused():
    pytest.importorskip("tensorflow")
    with pytest.raises(InputError, match="does not fit this version"):
        build({"architecture": "small_resnet", "arguments": {"size": 28, "channels": 1, "classes": 2, "wings": 2}})


@pytest.mark.parametrize("name", ["small_resnet", "resnet18", "slice_resnet"])
def test_volumes_are_seen_by_the_nets_that_can(name):
    pytest.importorskip("tensorflow")
    assert build(described(name, size=[4, 32, 32])).output_shape == (None, 3)


@pytest.mark.parametrize(("name", "size"), [("efficientnet", [4, 32, 32]), ("slice_resnet", 8), ("small_resnet", [8])])
def test_sides_that_do_not_fit_the_net_are_refused(name, size):
    pytest.importorskip("tensorflow")
    with pytest.raises(InputError, match="sides of 1 pixel or more"):
        build(described(name, size=size))
