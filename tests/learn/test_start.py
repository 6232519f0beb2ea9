import io
import json
import zipfile

import numpy as np
import pytest

from radiolucent.core import InputError
from radiolucent.learn import KerasClassifier, save
from radiolucent.learn.start import read, start

pytestmark = pytest.mark.deep
TINY = {"size": 8, "channels": 1, "classes": 2, "width": 4}


@pytest.fixture(scope="module")
def keras():
    pytest.importorskip("tensorflow")
    from radiolucent.learn.engine import keras_on

    return keras_on(1)


def net(**more):
    from radiolucent.learn.nets import small_resnet

    return small_resnet(**TINY | more)


def weights_of(one):
    return {layer.name: layer.get_weights() for layer in one.layers if layer.weights}


def save_npz(one, path):
    arrays = {f"{name}/{i}": array for name, listed in weights_of(one).items() for i, array in enumerate(listed)}
    np.savez(path, **arrays)


@pytest.mark.parametrize("form", ["a.keras", "a.h5", "a.weights.h5", "a.npz"])
def test_a_net_starts_from_every_form_of_file(keras, form, tmp_path):
    source, target = net(), net()
    path = tmp_path / form
    {"a.weights.h5": source.save_weights, "a.npz": lambda where: save_npz(source, where)}.get(form, source.save)(path)
    before = weights_of(target)
    started = start(target, path)
    assert set(started.matched) == set(weights_of(source)) - {"logits"}
    assert started.left == ()
    assert started.unused == ("logits",)
    for name, arrays in weights_of(target).items():
        wanted = before[name] if name == "logits" else weights_of(source)[name]
        for mine, other in zip(arrays, wanted, strict=True):
            np.testing.assert_array_equal(mine, other)


def test_a_net_starts_from_a_saved_model_of_ours(keras, tmp_path):
    X = np.random.default_rng(0).integers(0, 256, (8, 8, 8)).astype(np.uint8)
    fitted = KerasClassifier(width=4, steps=2, batch=4, members=2, threads=1).fit(X, np.arange(8) % 2)
    folder = save(tmp_path / "model", estimator=fitted, manifest={})
    for path in (folder, folder / "weights.npz"):
        target = net()
        assert start(target, path).left == ()
        np.testing.assert_array_equal(
            target.get_layer("stem_conv").get_weights()[0], fitted.nets_[0].get_layer("stem_conv").get_weights()[0]
        )


def test_layers_of_other_names_or_shapes_stay_and_are_told(keras, tmp_path):
    source, target = net(blocks=2), net()
    arrays = weights_of(source)
    arrays["stage2_block1_1_conv"] = [np.zeros((5, 5, 4, 8), np.float32)]
    np.savez(tmp_path / "a.npz", **{f"{name}/{i}": a for name, listed in arrays.items() for i, a in enumerate(listed)})
    before = target.get_layer("stage2_block1_1_conv").get_weights()[0]
    started = start(target, tmp_path / "a.npz")
    assert started.left == ("stage2_block1_1_conv",)
    assert "stage1_block2_1_conv" in started.unused
    assert "from first weights start stage2_block1_1_conv" in started.says
    np.testing.assert_array_equal(target.get_layer("stage2_block1_1_conv").get_weights()[0], before)


def test_weights_for_colour_start_a_net_on_grey_pictures_that_answers_alike(keras, tmp_path):
    source, target = net(channels=3), net()
    source.save_weights(tmp_path / "a.weights.h5")
    assert start(target, tmp_path / "a.weights.h5").left == ()
    target.get_layer("logits").set_weights(source.get_layer("logits").get_weights())
    grey = np.random.default_rng(0).normal(size=(2, 8, 8, 1)).astype(np.float32)
    np.testing.assert_allclose(target(grey), source(np.repeat(grey, 3, axis=-1)), atol=1e-5)


def test_a_file_of_which_no_layer_fits_is_refused_with_names_of_both(keras, tmp_path):
    np.savez(tmp_path / "a.npz", **{"conv1/kernel": np.zeros((3, 3))})
    with pytest.raises(InputError, match=r"the file has conv1, the net stem_conv, stem_bn"):
        start(net(), tmp_path / "a.npz")


def test_lambda_is_refused(keras, tmp_path):
    layers = keras.layers
    picture = layers.Input((8, 8, 1))
    model = keras.Model(picture, layers.Lambda(lambda x: x * 2)(layers.Conv2D(4, 3, name="stem_conv")(picture)))
    for name in ("a.keras", "a.h5"):
        model.save(tmp_path / name)
        with pytest.raises(InputError, match="holds the layer Lambda"):
            start(net(), tmp_path / name)


def test_layers_of_other_packages_are_refused(keras, tmp_path):
    net().save(tmp_path / "a.keras")
    with zipfile.ZipFile(tmp_path / "a.keras") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    told = json.loads(parts["config.json"])
    told["config"]["layers"][1] |= {"module": "evil.layers", "registered_name": "evil>Conv2D"}
    parts["config.json"] = json.dumps(told).encode()
    with zipfile.ZipFile(tmp_path / "b.keras", "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(InputError, match=r"evil\.layers.*refused"):
        start(net(), tmp_path / "b.keras")


def test_links_to_other_files_and_circles_are_not_followed(keras, tmp_path):
    h5py = pytest.importorskip("h5py")
    with h5py.File(tmp_path / "secret.h5", "w") as file:
        file["stem_conv/vars/0"] = np.ones((3, 3, 1, 4), np.float32)
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["layers/stem_conv"] = h5py.ExternalLink(str(tmp_path / "secret.h5"), "stem_conv")
        file["layers/stem_bn/vars/0"] = np.ones(4, np.float32)
        file["layers/again"] = file["layers"]
    assert list(read(tmp_path / "a.h5")) == ["stem_bn"]


def test_pickled_arrays_damaged_files_and_bombs_are_refused(keras, tmp_path, monkeypatch):
    np.savez(tmp_path / "pickled.npz", **{"stem_conv/0": np.array([{}], object)})
    (tmp_path / "damaged.keras").write_bytes(b"PK\x03\x04 not a zip")
    (tmp_path / "damaged.h5").write_bytes(b"not HDF5")
    (tmp_path / "a.onnx").write_bytes(b"")
    for name in ("pickled.npz", "damaged.keras", "damaged.h5", "a.onnx", "absent.h5"):
        with pytest.raises(InputError):
            read(tmp_path / name)
    with zipfile.ZipFile(tmp_path / "large.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        buffer = io.BytesIO()
        np.save(buffer, np.zeros(1_000_000))
        archive.writestr("stem_conv/0.npy", buffer.getvalue())
    monkeypatch.setattr("radiolucent.learn.start.MOST_BYTES", 1_000_000)
    with pytest.raises(InputError, match="refused"):
        read(tmp_path / "large.npz")
    h5py = pytest.importorskip("h5py")
    with h5py.File(tmp_path / "large.h5", "w") as file:
        file.create_dataset("stem_conv/vars/0", shape=(1_000_000,), chunks=True, dtype="f8")
    with pytest.raises(InputError, match="refused"):
        read(tmp_path / "large.h5")
