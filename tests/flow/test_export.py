import json

import numpy as np
import pytest

from radiolucent.core import InputError
from radiolucent.flow.export import export
from radiolucent.learn import KerasClassifier, UNetSegmenter, forest, save
from radiolucent.learn.batches import resized


def pictures(n=12, size=20):
    return np.random.default_rng(0).integers(0, 256, (n, size, size)).astype(np.uint8)


@pytest.mark.deep
def test_the_file_gives_the_probabilities_of_the_model_and_says_how_to_use_it(tmp_path):
    pytest.importorskip("tensorflow")
    pytest.importorskip("onnx")
    runtime = pytest.importorskip("onnxruntime")
    X, y = pictures(), np.arange(12) % 2
    made = KerasClassifier(width=4, size=16, steps=2, batch=8, members=2, threads=1).fit(X, y)
    manifest = {"classes": ["normal", "ill"], "size": 20, "threshold": 0.4, "candidate": "cnn"}
    folder = save(tmp_path / "model", estimator=made, manifest=manifest)
    said = export(folder, tmp_path / "model.onnx")
    assert "2 net(s) and their mirrored views in one graph" in said
    session = runtime.InferenceSession(str(tmp_path / "model.onnx"), providers=["CPUExecutionProvider"])
    told = session.get_modelmeta().custom_metadata_map
    assert json.loads(told["classes"]) == ["normal", "ill"]
    assert (told["size"], told["prepared_size"], told["threshold"]) == ("16", "20", "0.4")
    assert "not for diagnosis" in told["use"]
    found = session.run(None, {"pictures": resized(X, size=16).astype(np.float32)})[0]
    np.testing.assert_allclose(found, made.predict_proba(X), atol=1e-4)
    with pytest.raises(InputError, match="exists"):
        export(folder, tmp_path / "model.onnx")


@pytest.mark.deep
def test_a_u_net_is_written_for_patches(tmp_path):
    pytest.importorskip("tensorflow")
    onnx = pytest.importorskip("onnx")
    images = [np.random.default_rng(0).normal(size=(16, 16)).astype(np.float32)]
    made = UNetSegmenter(patch=[16, 16], width=4, steps=1, threads=1).fit(images, [(images[0] > 0).astype(np.uint8)])
    folder = save(tmp_path / "model", estimator=made, manifest={})
    assert "a U-Net for patches" in export(folder, tmp_path / "u.onnx")
    told = {one.key: one.value for one in onnx.load(tmp_path / "u.onnx").metadata_props}
    assert (json.loads(told["patch"]), json.loads(told["classes"])) == ([16, 16], [0, 1])


def test_a_model_that_is_no_net_is_refused(tmp_path):
    fitted = forest(seed=0).fit(np.random.default_rng(0).normal(size=(20, 3)), np.arange(20) % 2)
    folder = save(tmp_path / "model", estimator=fitted, manifest={"candidate": "forest"})
    with pytest.raises(InputError, match="holds no net on pictures but forest"):
        export(folder, tmp_path / "model.onnx")
    assert not (tmp_path / "model.onnx").exists()


def test_a_file_of_another_name_is_refused_before_anything_is_read(tmp_path):
    with pytest.raises(InputError, match=r"NAME\.onnx"):
        export(tmp_path / "nowhere", tmp_path / "model.pt")
