"""Small pictures of any number of axes whose content is known: for tests and examples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from radiolucent.core import Grid, Image, Mask
from radiolucent.core.types import Vector

_GLYPHS = {
    "L": "100 100 100 100 111",
    "R": "110 101 110 101 101",
    "A": "010 101 111 101 101",
    "P": "110 101 110 100 100",
    "H": "101 101 111 101 101",
    "F": "111 100 110 100 100",
}
LETTERS = tuple(_GLYPHS)
"""Left, right, anterior, posterior, head, feet."""

_DIRECTIONS: dict[str, Vector] = {"z": (0.0, 0.0, 1.0), "y": (0.0, 1.0, 0.0), "x": (1.0, 0.0, 0.0)}


def grid(shape: Sequence[int], spacing_mm: Sequence[float] | None = None) -> Grid:
    """A grid along the body's axes, index 0 at the origin; axes are the last of `zyx`."""
    axes = "zyx"[-len(shape) :]
    spacing = tuple(float(s) for s in spacing_mm) if spacing_mm is not None else (1.0,) * len(shape)
    return Grid(tuple(shape), axes, spacing, None, (0.0, 0.0, 0.0), tuple(_DIRECTIONS[axis] for axis in axes))


def sphere(
    shape: Sequence[int],
    *,
    radius_mm: float,
    centre_mm: Sequence[float] | None = None,
    spacing_mm: Sequence[float] | None = None,
    inside: float = 100.0,
    outside: float = 0.0,
) -> tuple[Image, Mask]:
    """A ball (a disc in two dimensions) with its mask; `centre_mm` in array order, default the middle of the grid."""
    place = grid(shape, spacing_mm)
    squared = sum((axis**2 for axis in _offsets_mm(place, centre_mm)), np.zeros((1,) * len(shape)))
    return _drawn(place, squared <= radius_mm**2, inside, outside, "sphere")


def tube(
    shape: Sequence[int],
    *,
    radius_mm: float,
    along: int = 0,
    spacing_mm: Sequence[float] | None = None,
    inside: float = 100.0,
    outside: float = 0.0,
) -> tuple[Image, Mask]:
    """A straight tube along one axis, through the middle."""
    place = grid(shape, spacing_mm)
    across = [axis**2 for k, axis in enumerate(_offsets_mm(place, None)) if k != along]
    squared = np.broadcast_to(sum(across, np.zeros((1,) * len(shape))), tuple(shape))
    return _drawn(place, squared <= radius_mm**2, inside, outside, "tube")


def lettered(side: int = 24) -> Image:
    """A cube with L, R, A, P, H and F burnt in near the face they name, so that no flip or turn looks like another.

    The array is (z, y, x) on an LPS grid: x grows to the left, y to the back, z to the head.
    """
    array = np.zeros((side, side, side), np.int16)
    middle, far = side // 2, side - 2
    faces = {"R": (2, 1), "L": (2, far), "A": (1, 1), "P": (1, far), "F": (0, 1), "H": (0, far)}
    for number, (letter, (axis, at)) in enumerate(faces.items()):
        plane = np.moveaxis(array, axis, 0)[at]
        glyph = _glyph(letter, side // 8 or 1)
        top, left = middle - glyph.shape[0] // 2, middle - glyph.shape[1] // 2
        plane[top : top + glyph.shape[0], left : left + glyph.shape[1]] = glyph * (100 + 10 * number)
    return Image(array, grid((side, side, side), (1.0, 1.25, 1.5)), modality="CT", unit="HU")


def letter(name: str, *, scale: int = 4) -> Image:
    """One letter, as a flat picture with a border."""
    array = np.pad(_glyph(name, scale) * np.uint8(255), scale)
    return Image(array, grid(array.shape))


def _glyph(name: str, scale: int) -> NDArray[np.uint8]:
    rows = np.array([[int(bit) for bit in row] for row in _GLYPHS[name].split()], np.uint8)
    return np.kron(rows, np.ones((scale, scale), np.uint8))


def _offsets_mm(place: Grid, centre_mm: Sequence[float] | None) -> list[NDArray[np.float64]]:
    """Distance [mm] from the centre along each axis, shaped to broadcast."""
    spacing = place.known_spacing_mm()
    lengths = [(n - 1) * s for n, s in zip(place.shape, spacing, strict=True)]
    centre = [length / 2 for length in lengths] if centre_mm is None else list(centre_mm)
    axes = [np.arange(n) * s - c for n, s, c in zip(place.shape, spacing, centre, strict=True)]
    return list(np.meshgrid(*axes, indexing="ij", sparse=True))


def _drawn(place: Grid, region: NDArray[np.bool_], inside: float, outside: float, name: str) -> tuple[Image, Mask]:
    values = np.where(region, inside, outside).astype(np.float32)
    return Image(values, place), Mask(region.astype(np.uint8), place, {1: name})
