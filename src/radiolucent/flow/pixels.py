"""Pixel classifiers: features of pictures into a forest, judged on patients that it has not seen, and put to use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier

from ..core import Image, InputError, Mask
from ..core.pixels import refuse_colour, refuse_not_finite
from ..evaluate.overlap import overlap_summary, overlaps
from ..kernels.grey import robust_limits
from ..kernels.pixel_features import pixel_features
from ..learn.pixels import Sample, drawn, fitted
from .load import Spacing, load_pair

BLOCK = 1 << 17
"""Pixels that are classified at a time."""


@dataclass(frozen=True)
class Settings:
    """What changes the result."""

    scales_mm: tuple[float, ...] = (1.0, 2.0, 4.0)
    normalise: bool = True
    trees: int = 60
    most: int = 3000
    seed: int = 0


def read_pair(image: str, mask: str, spacing_mm: Spacing, *, allow_blocked: bool = False) -> tuple[Image, Mask]:
    """A picture and its labels, pixel by pixel."""
    picture, labels = load_pair(image, mask, spacing_mm=spacing_mm, allow_blocked=allow_blocked)
    if labels.array.shape != picture.grid.shape:
        raise InputError(f"{mask} has shape {labels.array.shape}, its picture {picture.grid.shape}; resample one")
    return picture, labels


def described(image: Image, chosen: Settings) -> NDArray[np.float32]:
    """Features of every pixel, frame by frame, (*shape, f)."""
    refuse_colour(image)
    refuse_not_finite(image)
    spacing = image.grid.known_spacing_mm()
    low, high = robust_limits(image.array) if chosen.normalise else (0.0, 1.0)
    grey = (np.asarray(image.array, np.float32) - np.float32(low)) / np.float32((high - low) or 1.0)
    space = tuple(image.grid.shape[axis] for axis in image.grid.spatial_axes)
    made = [pixel_features(frame, spacing, chosen.scales_mm) for frame in grey.reshape(-1, *space)]
    return np.stack(made).reshape(*image.grid.shape, -1)


def learn(
    pairs: Sequence[tuple[str, str]], patients: Sequence[str], chosen: Settings, *, n_folds: int, threads: int,
    spacing_mm: Spacing = None, allow_blocked: bool = False,
) -> tuple[RandomForestClassifier, dict[str, Any]]:  # fmt: skip
    """The forest of all pictures, and its manifest with the scores of pictures of patients that a fold's forest had not seen."""
    samples: list[Sample] = []
    names: dict[int, str] = {}
    for row, (image, mask) in enumerate(pairs):
        picture, labels = read_pair(image, mask, spacing_mm, allow_blocked=allow_blocked)
        features = described(picture, chosen)
        if samples and features.shape[-1] != samples[0].features.shape[1]:
            raise InputError(
                f"{image} has another number of axes than the first picture; learn from one kind at a time"
            )
        samples.append(drawn(features, labels.array, most=chosen.most, seed=(chosen.seed, row)))
        names |= dict(labels.names)
    forest = fitted(samples, trees=chosen.trees, seed=chosen.seed, threads=threads)
    codes = np.unique(np.asarray(patients), return_inverse=True)[1]
    told: dict[str, Any] = {
        "what": "pixels", "scales_mm": list(chosen.scales_mm), "normalise": chosen.normalise, "trees": chosen.trees,
        "seed": chosen.seed, "pixels": int(sum(len(one.labels) for one in samples)), "pictures": len(pairs),
        "patients": int(codes.max()) + 1, "features": samples[0].features.shape[1],
        "labels": [int(label) for label in forest.classes_],
        "names": {str(label): name for label, name in sorted(names.items())}, "unseen": None,
    }  # fmt: skip
    n = min(n_folds, told["patients"])
    if n >= 2:

        def read(row: int) -> tuple[Image, Mask]:
            return read_pair(*pairs[row], spacing_mm, allow_blocked=allow_blocked)

        told["unseen"] = _unseen(read, codes, samples, chosen, n, threads)
    return forest, told


def classified(image: Image, forest: RandomForestClassifier, told: Mapping[str, Any]) -> Mask:
    """The most probable label of each pixel."""
    chosen = Settings(scales_mm=tuple(told["scales_mm"]), normalise=told["normalise"])
    features = described(image, chosen)
    if features.shape[-1] != told["features"]:
        raise InputError(
            f"the classifier knows {told['features']} features of a pixel and this picture has {features.shape[-1]}: "
            "it was trained on pictures with another number of axes"
        )
    rows = features.reshape(-1, features.shape[-1])
    found = np.concatenate([forest.predict(rows[start : start + BLOCK]) for start in range(0, len(rows), BLOCK)])
    names = {int(label): name for label, name in told["names"].items()}
    return Mask(found.astype(np.min_scalar_type(int(found.max()))).reshape(image.grid.shape), image.grid, names)


def _unseen(
    read: Callable[[int], tuple[Image, Mask]], codes: NDArray[np.int64], samples: Sequence[Sample], chosen: Settings, n: int,
    threads: int,
) -> dict[str, Any]:  # fmt: skip
    """Mean Dice of each label with its interval, over pictures whose patient was left out."""
    fold = (np.random.default_rng(chosen.seed).permutation(codes.max() + 1) % n)[codes]  # whole patients
    scores: dict[int, list[Mapping[str, float]]] = {}
    order: list[int] = []
    labels = sorted({int(k) for one in samples for k in np.unique(one.labels)} - {0})
    for k in range(n):
        kept = [samples[row] for row in np.flatnonzero(fold != k).tolist()]
        forest = fitted(kept, trees=chosen.trees, seed=chosen.seed, threads=threads)
        for row in np.flatnonzero(fold == k).tolist():
            picture, mask = read(row)
            told = {"scales_mm": chosen.scales_mm, "normalise": chosen.normalise, "names": {}}
            found = classified(picture, forest, told | {"features": kept[0].features.shape[1]})
            order.append(row)
            whole = overlaps(_volume(found), _volume(mask), labels=labels, spacing_mm=picture.grid.spacing_mm)
            for label, one in whole.items():
                scores.setdefault(label, []).append(one)
    return {
        str(label): overlap_summary(cases, groups=codes[order])["mean"]["dice"] for label, cases in scores.items()
    } | {"folds": n}


def _volume(mask: Mask) -> NDArray[Any]:
    """Labels in space; of a series the first frame."""
    return np.asarray(mask.array[0] if "t" in mask.grid.axes else mask.array)
