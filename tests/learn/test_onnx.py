import numpy as np
import pytest

from radiolucent.core import InputError
from radiolucent.learn.heads import Categorical, Labels, Number, Ordinal
from radiolucent.learn.onnx import onnx_model, onnx_segmenter

pytestmark = pytest.mark.deep

ARGUMENTS = {
    "small_resnet": {"size": 12, "width": 4},
    "resnet18": {"size": 37, "width": 4, "blocks": 1},
    "efficientnet": {"size": 35, "width": 8},
    "slice_resnet": {"size": [3, 12, 12], "width": 4, "pool": "attention"},
    "volumes": {"size": [6, 50, 40], "width": 4},
}


@pytest.fixture(scope="module", autouse=True)
def runtime():
    pytest.importorskip("tensorflow")
    pytest.importorskip("onnx")
    return pytest.importorskip("onnxruntime")


def made(name, classes=3, seed=0):
    """A net whose normalisations are not idle, as after a training."""
    from radiolucent.learn.nets import build

    architecture = "small_resnet" if name == "volumes" else name
    net = build({"architecture": architecture, "arguments": {"channels": 1, "classes": classes} | ARGUMENTS[name]})
    random = np.random.default_rng(seed)
    for layer in net.layers:
        if layer.name.endswith("_bn"):
            layer.set_weights([random.uniform(0.5, 1.5, w.shape).astype(np.float32) for w in layer.get_weights()])
    return net


def answered(runtime, model, pictures):
    session = runtime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"pictures": pictures.astype(np.float32)})[0]


def pictures_for(net, n=3):
    return np.random.default_rng(1).integers(0, 256, (n, *net.input_shape[1:]))


@pytest.mark.parametrize("name", ARGUMENTS)
def test_every_net_answers_alike_in_onnx_runtime(runtime, name, record_property):
    net, head = made(name), Categorical(3)
    x = pictures_for(net)
    found = answered(runtime, onnx_model([net], head, mirrored=False, told={}), x)
    wanted = head.told(net.predict_on_batch((x / 127.5 - 1).astype(np.float32)))
    record_property("difference", float(np.abs(found - wanted).max()))
    np.testing.assert_allclose(found, wanted, atol=1e-4)
    assert np.ptp(wanted) > 1e-3, "the net tells something apart"


@pytest.mark.parametrize("head", [Categorical(4), Ordinal(4), Labels(4), Number(50.0, 12.0)])
def test_every_head_answers_alike(runtime, head):
    net = made("small_resnet", head.outputs)
    x = pictures_for(net)
    found = answered(runtime, onnx_model([net], head, mirrored=False, told={}), x)
    wanted = head.told(net.predict_on_batch((x / 127.5 - 1).astype(np.float32)))
    np.testing.assert_allclose(found, wanted, atol=1e-4)


def test_members_and_their_mirrored_views_are_averaged_in_one_graph(runtime):
    nets, head = [made("small_resnet", seed=seed) for seed in (0, 1)], Categorical(3)
    x = pictures_for(nets[0])
    model = onnx_model(nets, head, mirrored=True, told={"classes": '["a", "b", "c"]'})
    scaled = (x / 127.5 - 1).astype(np.float32)
    wanted = np.mean([head.told(net(view)) for net in nets for view in (scaled, scaled[..., ::-1, :])], axis=0)
    np.testing.assert_allclose(answered(runtime, model, x), wanted, atol=1e-4)
    assert [(one.key, one.value) for one in model.metadata_props] == [("classes", '["a", "b", "c"]')]


def test_any_number_of_pictures_may_be_asked_at_once(runtime):
    net = made("slice_resnet")
    model = onnx_model([net], Categorical(3), mirrored=True, told={})
    x = pictures_for(net, 5)
    each = np.concatenate([answered(runtime, model, x[row : row + 1]) for row in range(5)])
    np.testing.assert_allclose(answered(runtime, model, x), each, atol=1e-5)


def test_a_net_with_a_layer_that_is_not_known_is_refused():
    import keras

    picture = keras.layers.Input((8, 8, 1))
    net = keras.Model(picture, keras.layers.Flatten(name="strange")(picture))
    with pytest.raises(InputError, match=r"kind Flatten \(strange\) cannot be written"):
        onnx_model([net], Categorical(64), mirrored=False, told={})


@pytest.mark.parametrize(("patch", "channels", "deep"), [([16, 16], 3, True), ([8, 16, 16], 1, False)])
def test_a_u_net_labels_patches_alike(runtime, patch, channels, deep):
    from radiolucent.learn.unet import unet

    net = unet(shape=patch, channels=channels, classes=3, width=4, levels=3, deep=deep)
    x = np.random.default_rng(0).normal(size=(2, *patch, channels)).astype(np.float32)
    found = answered(runtime, onnx_segmenter(net, told={}), x)
    logits = net.predict_on_batch(x)
    wanted = Categorical(3).told(np.asarray(logits[0] if deep else logits).reshape(-1, 3)).reshape(found.shape)
    np.testing.assert_allclose(found, wanted, atol=1e-4)
