"""A small net that names what a picture shows, learned from a folder of pictures per class and kept in the user's cache."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path

from .. import __version__
from ..core import Finding, Grid, Image, InputError, UnreadableError
from ..evaluate import Calibrator
from ..evaluate.calibrate import wilson
from ..learn import KerasClassifier, Model, load, save
from ..read import pixels
from ..read.prepare import prepare
from ..recognise.traits import planes_of

SIZE, WIDTH, STEPS = 64, 12, 900
HELD_OUT = 0.2
QUANTILE = 0.99
"""A picture farther from every class than so many of the held-out pictures are from theirs is like none of them."""
LEAST_IN_CLASS = 20
PARTS = {
    "head": "head", "brain": "head", "skull": "head", "chest": "chest", "thorax": "chest", "lung": "chest", "cxr": "chest",
    "abdomen": "abdomen", "belly": "abdomen", "pelvis": "pelvis", "breast": "breast", "hand": "hand", "wrist": "wrist",
    "knee": "knee", "hip": "hip", "spine": "spine", "neck": "neck", "foot": "foot", "ankle": "ankle", "shoulder": "shoulder",
    "elbow": "elbow", "heart": "heart", "cardiac": "heart", "liver": "liver",
}  # fmt: skip
MACHINES = {
    "ct": "CT", "mri": "MR", "mr": "MR", "cxr": "DX", "xray": "DX", "radiograph": "DX", "dx": "DX", "us": "US",
    "ultrasound": "US", "pet": "PT", "mg": "MG", "mammography": "MG", "mammo": "MG",
}  # fmt: skip
"""Words in the name of a class, and what they say of body part and machine."""


@dataclass(frozen=True)
class Meaning:
    """What the name of a class says."""

    modality: str | None
    body_part: str | None


def meaning(name: str) -> Meaning:
    """Read `HeadCT`, `chest_xray`, `CXR`: machine and body part, as far as the words are known."""
    words = [word.lower() for word in re.findall(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+", name)]
    machine = next((MACHINES[word] for word in words if word in MACHINES), None)
    part = next((PARTS[word] for word in words if word in PARTS), None)
    return Meaning(machine, part)


def place() -> Path:
    """Where the model is kept unless told otherwise: the user's cache, never the project."""
    return user_cache_path("radiolucent") / "models" / "recognise"


def learned(
    folder: Path, out: Path, *, seed: int = 0, steps: int = STEPS, progress: Callable[[float], None] | None = None
) -> dict[str, Any]:
    """Train on a folder with one sub-folder of pictures per class, write the model to `out`, and give its card.

    A fifth of the pictures is held out at random: it sets the calibration and the limit of likeness, and its accuracy is
    on the card. Patients are unknown here, so that the figure holds for pictures like these, not for other hospitals.
    """
    names, files, codes = _pictures_of(folder)
    pictures = np.stack([prepare(_read(path), size=SIZE) for path in files])
    held = _held_out(codes, seed)
    net = KerasClassifier(
        size=SIZE, width=WIDTH, steps=steps, members=1, augmentations=("shift",), mirrored=False, seed=seed, threads=None,
        progress=progress,
    ).fit(pictures[~held], codes[~held])  # fmt: skip
    raw, near = net.predict_proba(pictures[held]), _embedded(net, pictures[~held])
    middles = np.stack([near[codes[~held] == code].mean(axis=0) for code in range(len(names))])
    spread = np.sqrt(np.mean((near - middles[codes[~held]]) ** 2, axis=0) + 1e-6)
    distances = _distances(_embedded(net, pictures[held]), middles, spread)
    calibrator = Calibrator().fit(raw, codes[held])
    hits = int((raw.argmax(axis=1) == codes[held]).sum())
    low, high = wilson(hits, int(held.sum()))
    card = {
        "classes": names,
        "seed": seed,
        "size": SIZE,
        "trained_on": {name: int((codes[~held] == code).sum()) for code, name in enumerate(names)},
        "held_out": {"n": int(held.sum()), "accuracy": hits / int(held.sum()), "low": low, "high": high},
        "calibrator": calibrator.to_dict(),
        "middles": middles.tolist(),
        "spread": spread.tolist(),
        "limit": float(np.quantile(distances.min(axis=1), QUANTILE)),
        "says": "Recognises machine and body part of a picture; research software, not for diagnosis.",
        "radiolucent": __version__,
    }
    save(out, estimator=net, manifest=card)
    return card


def loaded(folder: Path | None = None) -> Model | None:
    """The model of `folder`, or that of the cache where there is one; a folder that is named has to hold one."""
    if folder is None:
        return load(place()) if (place() / "manifest.json").is_file() else None
    return load(folder)


def seen_by(model: Model, image: Image) -> tuple[str | None, tuple[Finding, ...]]:
    """The class that the model sees in an image (a few planes of a volume vote), or none that it knows; how it is told."""
    told = model.manifest
    shown = [image] if image.grid.axes == "yx" else [_plane(plane) for plane in planes_of(image)]
    planes = np.stack([prepare(one, size=told["size"]) for one in shown])
    shares = Calibrator.from_dict(told["calibrator"]).transform(model.estimator.predict_proba(planes)).mean(axis=0)
    middles, spread = np.asarray(told["middles"]), np.asarray(told["spread"])
    distance = float(np.median(_distances(_embedded(model.estimator, planes), middles, spread).min(axis=1)))
    known = ", ".join(told["classes"])
    if distance > told["limit"]:
        says = f"It is like none of the pictures that the model has learned ({known})."
        because = (f"distance {distance:.2f}, of the held-out pictures 99 % within {told['limit']:.2f}",)
        return None, (Finding(says, "recognise.unlike", value=distance, because=because),)
    best = int(shares.argmax())
    name, share = told["classes"][best], float(shares[best])
    said = Finding(f"The model sees {name}.", "recognise.model", probability=share, because=(f"one of {known}",))
    return name, (said,)


def _pictures_of(folder: Path) -> tuple[list[str], list[Path], NDArray[np.intp]]:
    classes = sorted(item for item in folder.iterdir() if item.is_dir() and not item.name.startswith("."))
    if len(classes) < 2:
        raise InputError(
            f"{folder} holds {len(classes)} folder(s); one folder of pictures for each of two or more classes is needed"
        )
    files, codes = [], []
    for code, item in enumerate(classes):
        own = sorted(file for file in item.rglob("*") if file.is_file() and not file.name.startswith("."))
        if len(own) < LEAST_IN_CLASS:
            raise InputError(
                f"{item} holds {len(own)} pictures; {LEAST_IN_CLASS} of a class are the least to learn from"
            )
        files += own
        codes += [code] * len(own)
    return [item.name for item in classes], files, np.array(codes)


def _read(path: Path) -> Image:
    try:
        return pixels(str(path))
    except UnreadableError as error:
        raise UnreadableError(f"{error}; take it out of the folder") from error


def _held_out(codes: NDArray[np.intp], seed: int) -> NDArray[np.bool_]:
    """A fifth of each class."""
    generator = np.random.default_rng(seed)
    held = np.zeros(len(codes), bool)
    for code in np.unique(codes):
        rows = np.flatnonzero(codes == code)
        held[generator.choice(rows, max(2, round(HELD_OUT * len(rows))), replace=False)] = True
    return held


def _embedded(net: Any, pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The mean of the last feature maps (n, channels)."""
    parts = [
        net.maps_and_gradients(pictures[k : k + 256], 0)[0].mean(axis=(1, 2)) for k in range(0, len(pictures), 256)
    ]
    return np.concatenate(parts).astype(np.float64)


def _distances(near: NDArray[np.float64], middles: NDArray[Any], spread: NDArray[Any]) -> NDArray[np.float64]:
    """Distance of each picture to the middle of each class, in standard deviations within classes."""
    away = (near[:, None, :] - middles[None]) / spread
    return np.asarray(np.sqrt((away**2).mean(axis=2)))


def _plane(plane: NDArray[np.float32]) -> Image:
    return Image(plane, Grid(plane.shape, "yx"))


def card_text(card: dict[str, Any], classes: Sequence[str]) -> str:
    """The model card as a person reads it."""
    held = card["held_out"]
    lines = [
        "# Model card: what am I looking at",
        "",
        f"Classes: {', '.join(classes)}. Trained on {sum(card['trained_on'].values())} pictures "
        f"({json.dumps(card['trained_on'])}), seed {card['seed']}, {card['size']} x {card['size']} pixels.",
        f"Accuracy on {held['n']} held-out pictures: {held['accuracy']:.4f} [{held['low']:.4f}, {held['high']:.4f}]. "
        "Patients were unknown, so neighbours may stand on both sides: it tells little about other hospitals.",
        "What is unlike every class is said to be so, where the distance passes a limit that 99 % of the held-out pictures keep.",
        "Not for diagnosis. The picture set's licence holds for the weights as its owner says; do not pass them on unasked.",
    ]
    return "\n".join(lines) + "\n"
