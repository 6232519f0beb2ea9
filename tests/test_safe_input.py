"""Nothing that is opened can run code, reach out of its folder, or take more memory than was checked."""

import json
import pickletools
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest

import radiolucent
from radiolucent.core import InputError
from radiolucent.learn.model import TRUSTED

SOURCE = Path(radiolucent.__file__).parent
MODULES = sorted(SOURCE.rglob("*.py"))
FORBIDDEN = {
    "pickle": r"\bimport (?:pickle|dill|cloudpickle|shelve|marshal)\b|\bfrom (?:pickle|dill|shelve|marshal)\b|allow_pickle=True",
    "joblib's pickles": r"joblib\.(?:load|dump)|from joblib import [^\n]*\b(?:load|dump)\b",
    "pandas' pickles": r"read_pickle|to_pickle",
    "YAML with objects": r"yaml\.(?:load|unsafe_load|full_load)\b",
    "evaluated text": r"(?<![\w.])(?:eval|exec)\(",
    "a shell": r"shell=True|os\.system\(|os\.popen\(",
    "Keras' own model files": r"load_model\(|model_from_json|enable_unsafe_deserialization|safe_mode=False",
    "XML with entities": r"xml\.(?:sax|dom|etree)|ElementTree|lxml",
    "archives unpacked whole": r"\.extractall\(|shutil\.unpack_archive",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_package_never_uses(what):
    found = [path.relative_to(SOURCE).as_posix() for path in MODULES if re.search(FORBIDDEN[what], path.read_text())]
    assert not found


def test_arrays_are_loaded_without_pickle():
    """numpy refuses pickles unless it is told otherwise; nobody tells it."""
    assert np.load.__kwdefaults__ is None or np.load.__kwdefaults__.get("allow_pickle") is not True
    assert not [path for path in MODULES if "allow_pickle=True" in path.read_text()]


def artefacts():
    kinds = {".npz", ".npy", ".pkl", ".pickle", ".joblib", ".skops", ".h5", ".keras", ".pt", ".pth", ".onnx", ".bin"}
    return [path for path in SOURCE.rglob("*") if path.suffix in kinds]


@pytest.mark.parametrize("path", artefacts(), ids=lambda path: path.name)
def test_no_artefact_of_the_package_is_a_pickle(path):
    assert path.suffix in (".npz", ".npy")
    with np.load(path, allow_pickle=False) as held:
        assert all(held[name].dtype != object for name in held.files)
    with zipfile.ZipFile(path) as archive:
        for member in archive.namelist():
            assert not is_pickle(archive.read(member))


def is_pickle(data):
    try:
        return data[:1] == b"\x80" and bool(list(pickletools.genops(data)))
    except ValueError:
        return False


def test_trusted_types_are_named_one_by_one():
    assert not [name for name in TRUSTED if "*" in name or "." not in name]
    assert not [name for name in TRUSTED if name.split(".")[0] not in ("numpy", "radiolucent", "sklearn")]


@pytest.mark.deep
@pytest.mark.parametrize("kind", ["Lambda", "TFSMLayer", "no_such_net", "../../evil", "keras.layers.Lambda"])
def test_a_description_can_name_only_our_own_architectures(kind):
    pytest.importorskip("tensorflow")
    from radiolucent.learn.nets import build

    with pytest.raises(InputError, match="architecture"):
        build({"architecture": kind, "arguments": {"size": 32, "channels": 1, "classes": 2}})


@pytest.mark.deep
def test_a_description_with_layers_of_its_own_is_refused_whatever_its_seal(tmp_path):
    pytest.importorskip("tensorflow")
    from radiolucent.learn import model
    from radiolucent.learn.keras_estimator import KerasClassifier

    told = {"net": {"architecture": "Lambda", "arguments": {"function": "print"}}, "parameters": {}}
    told["fitted"] = {"size": 8, "channels": 1, "steps": 1, "classes": [0, 1]}
    (tmp_path / "net.json").write_text(json.dumps(told))
    np.savez(tmp_path / "weights.npz", **{"0/0": np.zeros(1, np.float32)})
    manifest = {"format": model.FORMAT, "kind": "net"}
    manifest["files"] = {name: model._sha256(tmp_path / name) for name in ("net.json", "weights.npz")}
    manifest["seal"] = model._seal(manifest)
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    assert KerasClassifier
    with pytest.raises(InputError):
        model.load(tmp_path)


@pytest.mark.deep
def test_weights_that_hold_objects_are_refused_and_never_run(tmp_path):
    pytest.importorskip("tensorflow")
    from radiolucent.learn import model

    (tmp_path / "net.json").write_text("{}")
    np.savez(tmp_path / "weights.npz", **{"0/0": np.array([{"a": 1}], dtype=object)})
    manifest = {"format": model.FORMAT, "kind": "net"}
    manifest["files"] = {name: model._sha256(tmp_path / name) for name in ("net.json", "weights.npz")}
    manifest["seal"] = model._seal(manifest)
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises((InputError, ValueError)):
        model.load(tmp_path)


def named_tests():
    text = (SOURCE.parents[1] / "SECURITY.md").read_text(encoding="utf-8")
    return sorted(set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", text)))


@pytest.mark.parametrize(("path", "name"), named_tests())
def test_every_test_that_the_security_page_names_is_there(path, name):
    text = (SOURCE.parents[1] / path).read_text(encoding="utf-8")
    assert f"def {name or 'test'}" in text
