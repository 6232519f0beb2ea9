"""Small pictures whose flips differ, and the other values that operations take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ..core import Case, Grid, Image, Keypoints, Mask, Transform
from ..flow.ops import Input, Operation

SHAPES: Mapping[str, tuple[tuple[int, ...], tuple[float, ...]]] = {
    "2-D": ((48, 40), (0.8, 0.8)),
    "3-D": ((16, 18, 20), (1.0, 1.0, 1.0)),
    "anisotropic": ((9, 24, 22), (3.0, 0.7, 0.7)),
    "one_slice": ((1, 30, 28), (5.0, 1.0, 1.0)),
}
"""Shape and spacing [mm] of each kind of picture; the anisotropic one lies obliquely in the patient."""


def specimen(kind: str = "3-D", *, spaced: bool = True) -> Image:
    """A bright ball off the centre, on a slope with noise: no two flips of it are alike."""
    shape, spacing_mm = SHAPES[kind]
    index = np.indices(shape, dtype=np.float64)
    sides = np.reshape(shape, (-1,) + (1,) * len(shape))
    away = np.sqrt((((index - 0.4 * (sides - 1)) / np.maximum(sides, 4)) ** 2).sum(0))
    slope = (index / sides * np.arange(1, len(shape) + 1).reshape(sides.shape)).sum(0)
    noise = np.random.default_rng(7).normal(0, 4, shape)
    grid = Grid(shape, "zyx"[-len(shape) :], spacing_mm if spaced else None)
    if kind == "anisotropic":
        turn = np.linalg.qr(np.array([[9.0, 1, 0], [-1, 9, 2], [1, -2, 9]]))[0]
        grid = replace(grid, origin_mm=(5.0, -20.0, 40.0), direction=tuple(tuple(row) for row in turn.tolist()))
    return Image((100 * (away < 0.25) + 30 * slope + noise - 40).astype(np.float32), grid, "CT", "HU")


def ball(image: Image) -> Mask:
    """The mask of a specimen's ball, with a second label in a corner."""
    labels = (np.asarray(image.array) > 60).astype(np.uint8)
    labels[(slice(-3, None),) * labels.ndim] = 2
    return Mask(labels, image.grid, {1: "ball", 2: "corner"})


def constant(kind: str, value: float) -> Image:
    """A picture with one value everywhere."""
    image = specimen(kind)
    return image.with_array(np.full_like(image.array, value))


def given(op: Operation, image: Image, mask: Mask) -> Iterator[list[Any]]:
    """What the operation is called with for a picture and its mask: without its optional inputs, then with them."""
    for optional in sorted({False, any(item.optional for item in op.inputs)}):
        yield [None if item.optional and not optional else _value(item, image, mask) for item in op.inputs]


def _value(item: Input, image: Image, mask: Mask) -> Any:
    if item.kind is Mask:
        return mask
    if item.kind is Case:
        return Case("specimen", images={"raw": image}, masks={"ball": mask})
    if item.kind is Keypoints:
        points = np.argwhere(np.asarray(mask.array) == 1)[::9].astype(np.float32)
        ones = np.ones(len(points), np.float32)
        return Keypoints(points, ones, ones, ones, np.ones((len(points), 128), np.uint8), "sift", image.grid.spacing_mm)
    if item.kind is Transform:
        return Transform(image.grid, image.grid, np.eye(4))
    return image
