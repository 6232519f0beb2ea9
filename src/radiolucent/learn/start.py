"""Weights of another net as a start: read from a local file, matched by layer name and shape. Nothing is downloaded or run.

Read are `.keras` and `.h5` files of Keras (whole models or weights alone), `.npz` files whose arrays are called
`LAYER/0`, `LAYER/1` ... or `LAYER/kernel`, `LAYER/bias` ... in a layer's order, and the folder of a saved model of ours.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from radiolucent.core import InputError, require

from .nets import build

MOST_BYTES = 2 * 1024**3
MOST_TEXT = 64 * 1024**2
HEAD = "logits"
"""The last layer: what it says is the task's own, so it is never taken over."""

Layers = Mapping[str, list[NDArray[Any]]]


@dataclass(frozen=True)
class Started:
    """What a net took from a file: layers `matched`, layers `left` as they were, layers of the file left `unused`."""

    matched: tuple[str, ...]
    left: tuple[str, ...]
    unused: tuple[str, ...]

    @property
    def says(self) -> str:
        """One sentence for people."""
        told = f"{len(self.matched)} of {len(self.matched) + len(self.left)} layers start from given weights"
        return told + (f"; from first weights start {', '.join(_few(self.left))}" if self.left else "")


def start(net: Any, path: str | Path) -> Started:
    """Put the weights of a file into the layers of `net` that bear the same names and shapes.

    A first convolution of three colours starts a net on grey pictures, its colours summed: a grey picture gives the same.
    Refused are files of which no layer fits, and models with Lambda or with layers that are not Keras's own.
    """
    found = read(Path(path))
    layers = {layer.name: layer for layer in net.layers if layer.weights and layer.name != HEAD}
    fitting = {name: _fitted(layer.get_weights(), found[name]) for name, layer in layers.items() if name in found}
    matched = {name: arrays for name, arrays in fitting.items() if arrays is not None}
    if not matched:
        raise InputError(
            f"no layer of {path} has the name and shape of one of the net's; the file has {', '.join(_few(found)) or 'none'}, "
            f"the net {', '.join(_few(layers))}"
        )
    for name, arrays in matched.items():
        layers[name].set_weights(arrays)
    left = tuple(name for name in layers if name not in matched)
    return Started(tuple(matched), left, tuple(name for name in found if name not in matched))


def read(path: Path) -> Layers:
    """The arrays of each layer in a file, in the layer's order."""
    if path.is_dir() or path.name == "weights.npz":
        return _own(path if path.is_dir() else path.parent)
    if not path.is_file():
        raise InputError(f"there are no weights at {path}; give a .keras, .h5 or .npz file, or the folder of a model")
    readers = {".keras": _keras, ".h5": _h5, ".hdf5": _h5, ".npz": _npz}
    if path.suffix not in readers:
        raise InputError(f"weights are read from .keras, .h5 and .npz files and model folders, not from {path.name}")
    try:
        return readers[path.suffix](path)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise InputError(f"{path} cannot be read as weights ({error}); save them anew") from error


def _fitted(own: list[NDArray[Any]], given: list[NDArray[Any]]) -> list[NDArray[Any]] | None:
    """The given arrays in the shapes of the net's own, if they have them; of a kernel's colours the sum serves as well."""
    if len(own) != len(given):
        return None
    fitted = []
    for mine, other in zip(own, given, strict=True):
        if mine.ndim > 3 and (mine.shape[-2], other.shape[-2:-1]) == (1, (3,)):
            other = other.sum(axis=-2, keepdims=True)
        if mine.shape != other.shape or not np.isfinite(other).all():
            return None
        fitted.append(np.asarray(other, np.float32))
    return fitted


def _own(folder: Path) -> Layers:
    """The first member of a saved model of ours."""
    paths = folder / "net.json", folder / "weights.npz"
    if not all(path.is_file() for path in paths):
        raise InputError(f"{folder} is no saved net: net.json and weights.npz are wanted in it")
    net = build(json.loads(_text(paths[0]))["net"])
    arrays = {name: array[0] for name, array in _npz(paths[1], "0/").items()}
    numbered = iter(arrays[str(number)] for number in range(len(arrays)))
    return {layer.name: [next(numbered) for _ in layer.weights] for layer in net.layers if layer.weights}


def _npz(path: Path, prefix: str = "") -> dict[str, list[NDArray[Any]]]:
    _bounded(path)
    found: dict[str, list[NDArray[Any]]] = {}
    with np.load(path, allow_pickle=False) as arrays:
        for name in arrays.files:
            if name.startswith(prefix):
                layer = name.removeprefix(prefix)
                found.setdefault(layer if prefix else layer.rpartition("/")[0] or layer, []).append(arrays[name])
    return found


def _keras(path: Path) -> Layers:
    """A Keras 3 archive: the description is looked through, not built; the weights lie in an HDF5 file inside."""
    _bounded(path)
    with zipfile.ZipFile(path) as archive:
        if archive.getinfo("config.json").file_size > MOST_TEXT:
            raise InputError(f"{path}: the description of the model is larger than {MOST_TEXT // 1024**2} MiB")
        _refuse_foreign(path, json.loads(archive.read("config.json")))
        weights = io.BytesIO(archive.read("model.weights.h5"))
    with require("h5py", extra="deep").File(weights, "r") as file:
        return dict(_groups(file))


def _h5(path: Path) -> Layers:
    """Weights alone, or a whole model in Keras's older form, with its description in an attribute."""
    with require("h5py", extra="deep").File(path, "r") as file:
        if "model_config" in file.attrs:
            _refuse_foreign(path, json.loads(file.attrs["model_config"]))
        return dict(_groups(file))


def _refuse_foreign(path: Path, described: Any) -> None:
    """Lambda is code in a file, and layers of other packages cannot be known."""
    for item in _layers(described):
        name, module = item.get("class_name"), item.get("module") or "keras.layers"
        if name == "Lambda" or item.get("registered_name") not in (None, name) or not str(module).startswith("keras"):
            raise InputError(
                f"{path} holds the layer {name} ({module}), which is refused: only Keras's own layers are read"
            )


def _layers(described: Any) -> Iterator[Mapping[str, Any]]:
    """Every description of a layer in a description, however deep, without recursion."""
    waiting = [described]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if "class_name" in item and "config" in item and item["class_name"] != "__keras_tensor__":
                yield item
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)


def _groups(file: Any) -> Iterator[tuple[str, list[NDArray[Any]]]]:
    """Each group that holds arrays itself, under its layer's name; links to other files are not followed."""
    h5py = require("h5py", extra="deep")
    waiting, seen, taken = [file], set(), 0
    while waiting:
        here = waiting.pop()
        place = h5py.h5o.get_info(here.id).addr
        if place in seen or "optimizer" in here.name:
            continue
        seen.add(place)
        inside = [here[name] for name in here if isinstance(here.get(name, getlink=True), h5py.HardLink)]
        waiting.extend(reversed([one for one in inside if isinstance(one, h5py.Group)]))
        arrays = [one for one in inside if isinstance(one, h5py.Dataset) and not one.external and not one.is_virtual]
        taken += sum(one.nbytes for one in arrays)
        if taken > MOST_BYTES:
            raise InputError(f"the weights take more than {MOST_BYTES // 1024**3} GiB; refused")
        if arrays:
            yield _name_of(here), [np.asarray(one[()]) for one in _in_order(here, arrays)]


def _name_of(group: Any) -> str:
    if "name" in group.attrs:
        return str(group.attrs["name"])
    parts = [part for part in group.name.split("/") if part and part != "vars"]
    return parts[-1] if parts else ""


def _in_order(group: Any, arrays: list[Any]) -> list[Any]:
    """Older files list a layer's arrays by name, in order, in the group above; newer ones number them."""
    told = next((one.attrs["weight_names"] for one in (group, group.parent) if "weight_names" in one.attrs), ())
    listed = [(name.decode() if isinstance(name, bytes) else str(name)).split("/")[-1] for name in told]
    by_name = {one.name.split("/")[-1]: one for one in arrays}
    if set(listed) == set(by_name):
        return [by_name[name] for name in listed]
    return [by_name[name] for name in sorted(by_name, key=lambda name: (len(name), name))]


def _bounded(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        if sum(member.file_size for member in archive.infolist()) > MOST_BYTES:
            raise InputError(f"{path} unpacks to more than {MOST_BYTES // 1024**3} GiB; refused")


def _text(path: Path) -> str:
    if path.stat().st_size > MOST_TEXT:
        raise InputError(f"{path} is larger than {MOST_TEXT // 1024**2} MiB; it describes no net")
    return path.read_text(encoding="utf-8")


def _few(names: Any, most: int = 5) -> list[str]:
    names = list(names)
    return names if len(names) <= most else [*names[:most], f"{len(names) - most} more"]
