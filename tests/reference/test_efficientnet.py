import numpy as np
import pytest

pytestmark = pytest.mark.deep


def test_efficientnet_b0_of_keras_starts_ours_and_both_give_the_same_maps(tmp_path, record_property):
    """Weights of `keras.applications` (random here: nothing is downloaded) find their layers by name, and nothing else does."""
    pytest.importorskip("tensorflow")
    from radiolucent.learn.engine import keras_on
    from radiolucent.learn.nets import efficientnet
    from radiolucent.learn.start import start

    keras = keras_on()
    theirs = keras.applications.EfficientNetB0(weights=None, include_top=False, input_shape=(64, 64, 3))
    random = np.random.default_rng(0)
    for layer in theirs.layers:
        if layer.name.endswith("bn"):  # as after a training: nothing is 0 or 1
            layer.set_weights([random.uniform(0.5, 1.5, w.shape).astype(np.float32) for w in layer.get_weights()])
    theirs.save(tmp_path / "b0.keras")
    ours = efficientnet(size=64, channels=3, classes=2)
    started = start(ours, tmp_path / "b0.keras")
    assert started.left == ()
    assert set(started.unused) <= {"normalization"}
    picture = random.integers(0, 256, (2, 64, 64, 3)).astype(np.float32)
    wanted = np.asarray(theirs(picture))
    maps = keras.Model(ours.inputs[0], ours.get_layer("maps").output)
    difference = np.abs(np.asarray(maps(picture / 255)) - wanted).max() / np.abs(wanted).max()
    record_property("difference", float(difference))
    assert difference < 1e-4
