"""From stored pictures to what a net is fed: resized once, then scaled and varied batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from radiolucent.core import InputError, unknown

Batch = NDArray[np.float32]
Vary = Callable[[Batch, np.random.Generator], Batch]


def resized(X: Any, *, size: int) -> NDArray[np.uint8]:
    """Copy pictures (n, h, w) or (n, h, w, c) to uint8 (n, size, size, c), one at a time: `X` may be a memory-map."""
    channels = X.shape[3] if X.ndim == 4 else 1
    out = np.empty((len(X), size, size, channels), np.uint8)
    for row, picture in zip(out, X, strict=True):
        how = cv2.INTER_AREA if picture.shape[0] > size else cv2.INTER_LINEAR
        small = cv2.resize(np.ascontiguousarray(picture), (size, size), interpolation=how)
        row[...] = small.reshape(size, size, channels)
    return out


def checked(X: Any) -> Any:
    """Pictures as uint8 of 3 or 4 axes, or the error that says what was given."""
    X = X if hasattr(X, "dtype") else np.asarray(X)
    if X.ndim not in (3, 4) or X.dtype != np.uint8:
        raise InputError(f"pictures must be uint8 (n, size, size) or (n, size, size, colours), got {X.dtype} {X.shape}")
    if len(X) == 0:
        raise InputError("there is no picture to work on (0 rows)")
    return X


def scaled(pictures: NDArray[np.uint8]) -> Batch:
    """uint8 0..255 -> float32 about -1..1."""
    return pictures.astype(np.float32) / np.float32(127.5) - np.float32(1)


def shuffled(n: int, batch: int, generator: np.random.Generator) -> Iterator[NDArray[np.intp]]:
    """Row numbers in batches of one size, without end: every row once in a random order, then again in another.

    One size, because TensorFlow compiles the training step anew (5 s) for every size of batch.
    """
    rows = generator.permutation(n)
    batch = min(batch, n)
    while True:
        if len(rows) < batch:
            rows = np.concatenate([rows, generator.permutation(n)])
        yield rows[:batch]
        rows = rows[batch:]


def flip(batch: Batch, generator: np.random.Generator) -> Batch:
    """Mirror every other picture left to right."""
    return np.where(generator.random((len(batch), 1, 1, 1)) < 0.5, batch[:, :, ::-1], batch)


def affine(batch: Batch, generator: np.random.Generator) -> Batch:
    """Shift by up to 7 %, turn by up to 10 degrees, zoom by up to 10 %; the edge is repeated."""
    size = batch.shape[1]
    out = np.empty_like(batch)
    for row, picture in zip(out, batch, strict=True):
        angle_deg, zoom = generator.uniform(-10, 10), generator.uniform(0.9, 1.1)
        matrix = cv2.getRotationMatrix2D(((size - 1) / 2, (size - 1) / 2), angle_deg, zoom)
        matrix[:, 2] += generator.uniform(-0.07, 0.07, 2) * size
        turned = cv2.warpAffine(picture, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        row[...] = turned.reshape(row.shape)
    return out


def shift(batch: Batch, generator: np.random.Generator) -> Batch:
    """Move by up to 7 % in whole pixels; the edge is repeated."""
    most = max(1, round(0.07 * batch.shape[1]))
    wide = np.pad(batch, ((0, 0), (most, most), (most, most), (0, 0)), mode="edge")
    out = np.empty_like(batch)
    size = batch.shape[1]
    for row, picture, (y, x) in zip(out, wide, generator.integers(0, 2 * most + 1, (len(batch), 2)), strict=True):
        row[...] = picture[y : y + size, x : x + size]
    return out


def intensity(batch: Batch, generator: np.random.Generator) -> Batch:
    """Change contrast and brightness by up to 15 %."""
    shape = (len(batch), 1, 1, 1)
    gain = generator.uniform(0.85, 1.15, shape).astype(np.float32)
    return batch * gain + generator.uniform(-0.15, 0.15, shape).astype(np.float32)


AUGMENTATIONS: Mapping[str, Vary] = {"flip": flip, "shift": shift, "affine": affine, "intensity": intensity}
"""Every way to vary a training picture, by name, in no particular order; they are applied as listed by the caller."""


def variations(names: Sequence[str]) -> tuple[Vary, ...]:
    """The augmentations of these names, or the error that lists what there is."""
    for name in names:
        if name not in AUGMENTATIONS:
            raise unknown("augmentation", name, AUGMENTATIONS)
    return tuple(AUGMENTATIONS[name] for name in names)
