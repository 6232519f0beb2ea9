"""Ways to vary a batch of training pictures or volumes, as medical pictures vary: (n, *space, c) about -1..1.

Nothing here turns a patient upside down: up and down, front and back mean something in every view. Left and right are
exchanged by `flip`, which says something false of a chest (the heart lies left) and helps nevertheless wherever the
target does not depend on the side; leave it out where it does (a side to be told, situs inversus, one knee's lateral
compartment). All channels of a picture are varied alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from radiolucent.core import unknown

Batch = NDArray[np.float32]
Vary = Callable[[Batch, np.random.Generator], Batch]


def flip(batch: Batch, generator: np.random.Generator) -> Batch:
    """Mirror every other picture left to right."""
    turned = generator.random(len(batch)) < 0.5
    out = batch.copy()
    out[turned] = batch[turned][..., ::-1, :]
    return out


def shift(batch: Batch, generator: np.random.Generator) -> Batch:
    """Move by up to 7 % of each axis in whole pixels; the edge is repeated."""
    sides = batch.shape[1:-1]
    most = [max(1, round(0.07 * side)) for side in sides]
    wide = np.pad(batch, ((0, 0), *((m, m) for m in most), (0, 0)), mode="edge")
    out = np.empty_like(batch)
    moves = generator.integers(0, [2 * m + 1 for m in most], (len(batch), len(sides)))
    for row, picture, move in zip(out, wide, moves, strict=True):
        row[...] = picture[tuple(slice(first, first + side) for first, side in zip(move, sides, strict=True))]
    return out


def affine(batch: Batch, generator: np.random.Generator) -> Batch:
    """Turn by up to 10 degrees, zoom by up to 10 % and shift by up to 7 % in the plane; the edge is repeated."""
    n = len(batch)
    angles_deg, zooms = generator.uniform(-10, 10, n), generator.uniform(0.9, 1.1, n)
    return _warped(batch, angles_deg, zooms, generator.uniform(-0.07, 0.07, (n, 2)))


def rotate(batch: Batch, generator: np.random.Generator) -> Batch:
    """Turn by up to 10 degrees in the plane."""
    n = len(batch)
    return _warped(batch, generator.uniform(-10, 10, n), np.ones(n), np.zeros((n, 2)))


def scale(batch: Batch, generator: np.random.Generator) -> Batch:
    """Zoom by up to 15 % in the plane."""
    n = len(batch)
    return _warped(batch, np.zeros(n), generator.uniform(0.85, 1.15, n), np.zeros((n, 2)))


def intensity(batch: Batch, generator: np.random.Generator) -> Batch:
    """Change contrast and brightness by up to 15 %."""
    gain = generator.uniform(0.85, 1.15, _each(batch)).astype(np.float32)
    return batch * gain + generator.uniform(-0.15, 0.15, _each(batch)).astype(np.float32)


def gamma(batch: Batch, generator: np.random.Generator) -> Batch:
    """Raise grey values (0 black, 1 white) to a power between 0.7 and 1.4, as other displays and detectors do."""
    power = np.exp(generator.uniform(np.log(0.7), np.log(1.4), _each(batch))).astype(np.float32)
    grey = np.clip((batch + 1) / 2, 0, 1)
    return 2 * np.power(grey, power, dtype=np.float32) - 1


def noise(batch: Batch, generator: np.random.Generator) -> Batch:
    """Add Gaussian noise of a standard deviation up to 5 % of the grey scale."""
    strength = generator.uniform(0, 0.1, _each(batch)).astype(np.float32)
    return batch + strength * _grains(batch, generator)


def speckle(batch: Batch, generator: np.random.Generator) -> Batch:
    """Multiply by noise of a standard deviation up to 25 %, as in ultrasound: bright tissue is the grainier."""
    strength = generator.uniform(0, 0.25, _each(batch)).astype(np.float32)
    return (batch + 1) * (1 + strength * _grains(batch, generator)) - 1


def bias(batch: Batch, generator: np.random.Generator) -> Batch:
    """Multiply by a smooth field of about 20 %, as coils of an MR scanner or a tilted detector lay over a picture."""
    sides = batch.shape[1:-1]
    field = generator.normal(0, 0.12, (len(batch), *(3,) * len(sides))).astype(np.float32)
    field.reshape(len(batch), -1)[:, 0] = 0  # the mean brightness is left to `intensity`
    for side in sides:  # each turn exchanges three waves along the first axis for pixels along the last
        waves = np.cos(np.pi * np.outer((np.arange(side) + 0.5) / side, np.arange(3))).astype(np.float32)
        field = np.tensordot(field, waves, axes=(1, 1))
    return (batch + 1) * np.exp(field)[..., None] - 1


AUGMENTATIONS: Mapping[str, Vary] = {
    "flip": flip,
    "shift": shift,
    "affine": affine,
    "rotate": rotate,
    "scale": scale,
    "intensity": intensity,
    "gamma": gamma,
    "noise": noise,
    "speckle": speckle,
    "bias": bias,
}
"""Every way to vary a training picture, by name, in no particular order; they are applied as listed by the caller."""


def variations(names: Sequence[str]) -> tuple[Vary, ...]:
    """The augmentations of these names, or the error that lists what there is."""
    for name in names:
        if name not in AUGMENTATIONS:
            raise unknown("augmentation", name, AUGMENTATIONS)
    return tuple(AUGMENTATIONS[name] for name in names)


def _each(batch: Batch) -> tuple[int, ...]:
    """The shape of one number a picture."""
    return (len(batch), *(1,) * (batch.ndim - 1))


def _grains(batch: Batch, generator: np.random.Generator) -> Batch:
    """Standard normal noise, the same in all channels."""
    return generator.standard_normal((*batch.shape[:-1], 1), np.float32)


def _warped(batch: Batch, angles_deg: Any, zooms: Any, moves: Any) -> Batch:
    """Each picture, or each slice of a volume alike, turned, zoomed and moved (shares of its sides) in its plane."""
    height, width, channels = batch.shape[-3:]
    out = np.empty_like(batch)
    for row, picture, angle_deg, zoom, move in zip(out, batch, angles_deg, zooms, moves, strict=True):
        matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), angle_deg, zoom)
        matrix[:, 2] += move * (width, height)
        planes = picture.reshape(-1, height, width, channels)
        for target, plane in zip(row.reshape(planes.shape), planes, strict=True):
            turned = cv2.warpAffine(
                plane, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
            )
            target[...] = turned.reshape(target.shape)
    return out
