"""Saved models without pickle: `manifest.json` beside `estimator.skops`, or beside `net.json` and `weights.npz`."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import skops.io
from numpy.typing import NDArray

from radiolucent.core import InputError, unknown

from .anogan import AnoGAN
from .gan import GAN
from .keras_estimator import KerasClassifier, KerasRegressor
from .segmenter import UNetSegmenter
from .sequence import SequenceClassifier
from .synthetic import SyntheticClassifier

FORMAT = 1
MOST_BYTES = 2 * 1024**3
TRUSTED = (
    "numpy.dtype",
    "radiolucent.learn.classic.MarginSVC",
    "radiolucent.learn.frame_voting.FrameVoting",
    "radiolucent.learn.harmonise.Harmonised",
    "radiolucent.learn.lightgbm.LightGBM",
    "radiolucent.learn.rows.Rows",
    "radiolucent.learn.search.Search",
    "radiolucent.learn.selection.Select",
    "radiolucent.measure.fisher.Fisher",
    "radiolucent.measure.frames.FrameFeatures",
    "radiolucent.measure.harmonise.Combat",
    "radiolucent.measure.vlad.Vlad",
    "radiolucent.measure.words.Words",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.tree._tree.Tree",
)
"""Types outside skops's own list (plain scikit-learn, numpy) that a saved model may hold; anything else is refused."""

_NETS: Mapping[str, Any] = {
    "AnoGAN": AnoGAN,
    "GAN": GAN,
    "KerasClassifier": KerasClassifier,
    "KerasRegressor": KerasRegressor,
    "SequenceClassifier": SequenceClassifier,
    "SyntheticClassifier": SyntheticClassifier,
    "UNetSegmenter": UNetSegmenter,
}
_FILES = {"scikit-learn": ("estimator.skops",), "net": ("net.json", "weights.npz")}


@dataclass(frozen=True)
class Model:
    """A loaded model: the fitted estimator, and the manifest that says what it was trained on and how to use it."""

    estimator: Any
    manifest: Mapping[str, Any]


def save(folder: str | Path, *, estimator: Any, manifest: Mapping[str, Any], trusted: Sequence[str] = ()) -> Path:
    """Write a fitted estimator and its manifest into the new folder `folder`: wholly, or not at all.

    `manifest` is JSON-able (classes, threshold, calibrator, preprocessing plan, training data ...); the format's
    version, the kind, the SHA-256 of every file and the versions of the packages are added. `trusted` names further
    types that the estimator may hold; `load` must then be given them, too.
    """
    folder = Path(folder)
    if folder.exists() and any(folder.iterdir()):
        raise InputError(f"the model folder {folder} is not empty; give a new one or remove it first")
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        kind = _write(partial, estimator, trusted)
        told = dict(manifest) | {"format": FORMAT, "kind": kind, "versions": _versions(kind)}
        told["files"] = {name: _sha256(partial / name) for name in _FILES[kind]}
        told["seal"] = _seal(told)
        (partial / "manifest.json").write_text(json.dumps(told, indent=2, sort_keys=True, allow_nan=False) + "\n")
        partial.chmod(0o755)
        os.replace(partial, folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return folder


def load(folder: str | Path, *, trusted: Sequence[str] = ()) -> Model:
    """Read a model back, or refuse: changed bytes, an unknown version, an unknown type or architecture."""
    folder = Path(folder)
    manifest = _manifest(folder)
    for name in _FILES[manifest["kind"]]:
        if manifest["files"].get(name) != _sha256(folder / name):
            raise InputError(
                f"{folder / name} is not the file that was saved (SHA-256 differs); restore the model folder"
            )
    read = _read_net if manifest["kind"] == "net" else _read_sklearn
    return Model(read(folder, trusted), manifest)


def size_mb(folder: str | Path) -> float:
    """Size of all files in a saved model [MB, 10^6 bytes]."""
    return sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file()) / 1e6


def _write(folder: Path, estimator: Any, trusted: Sequence[str]) -> str:
    if type(estimator).__name__ in _NETS:
        description, members = estimator.to_parts()
        description["estimator"] = type(estimator).__name__
        (folder / "net.json").write_text(json.dumps(description, indent=2, sort_keys=True) + "\n")
        arrays: dict[str, Any] = {
            f"{m}/{i}": array for m, weights in enumerate(members) for i, array in enumerate(weights)
        }
        np.savez_compressed(folder / "weights.npz", **arrays)
        return "net"
    skops.io.dump(estimator, folder / "estimator.skops", compression=zipfile.ZIP_DEFLATED)
    _refuse_unknown(folder / "estimator.skops", trusted)
    return "scikit-learn"


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / "manifest.json"
    if not path.is_file():
        why = "it has no manifest.json" if folder.is_dir() else "there is no such folder"
        raise InputError(f"{folder} is not a saved model: {why}; give the folder `model` that a study wrote")
    try:
        told = json.loads(path.read_text())
    except ValueError as error:
        raise InputError(f"{path} is not valid JSON ({error}); restore the model folder") from error
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        found = told.get("format") if isinstance(told, dict) else None
        raise InputError(f"{path} is of format {found!r}; this version of radiolucent reads format {FORMAT}")
    if told.get("kind") not in _FILES or told.get("seal") != _seal(told):
        raise InputError(f"{path} was changed after it was saved; restore the model folder")
    return told


def _read_sklearn(folder: Path, trusted: Sequence[str]) -> Any:
    path = folder / "estimator.skops"
    _refuse_unknown(path, trusted)
    return skops.io.load(path, trusted=[*TRUSTED, *trusted])


def _refuse_unknown(path: Path, trusted: Sequence[str]) -> None:
    foreign = set(skops.io.get_untrusted_types(file=path)) - set(TRUSTED) - set(trusted)
    if foreign:
        raise InputError(
            f"{path.name} holds types that radiolucent does not trust: {', '.join(sorted(foreign))}; "
            "name them in `trusted` if you know them"
        )


def _read_net(folder: Path, trusted: Sequence[str]) -> Any:  # noqa: ARG001 - nets hold no types
    description = json.loads((folder / "net.json").read_text())
    with zipfile.ZipFile(folder / "weights.npz") as archive:
        if sum(member.file_size for member in archive.infolist()) > MOST_BYTES:
            raise InputError(f"{folder / 'weights.npz'} unpacks to more than {MOST_BYTES // 1024**3} GiB; refused")
    members: dict[int, dict[int, NDArray[Any]]] = {}
    with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
        for name in arrays.files:
            member, _, index = name.partition("/")
            members.setdefault(int(member), {})[int(index)] = arrays[name]
    weights = [[arrays[i] for i in sorted(arrays)] for _, arrays in sorted(members.items())]
    name = description.get("estimator", "KerasClassifier")
    if name not in _NETS:
        raise unknown("kind of net", name, _NETS)
    return _NETS[name].from_parts(description, weights)


def _versions(kind: str) -> dict[str, str]:
    used = ("tensorflow-cpu", "tensorflow", "keras") if kind == "net" else ("scikit-learn", "skops")
    return {name: found for name in ("radiolucent", "numpy", *used) if (found := _installed(name))}


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except ImportError:  # PackageNotFoundError: another build of the same package is in use
        return None


def _seal(manifest: Mapping[str, Any]) -> str:
    told = {key: value for key, value in manifest.items() if key != "seal"}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _sha256(path: Path) -> str:
    if not path.is_file():
        raise InputError(f"the saved model lacks {path}; restore the model folder")
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
