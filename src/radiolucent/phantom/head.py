"""A head made of ellipsoids whose face and brain are known, as CT or as T1-weighted MR."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from radiolucent.core import Grid, Image, Mask
from radiolucent.core.types import Vector

_TOP_MM, _FRONT_MM, _SIDE_MM, _BOTTOM_MM = 95.0, -130.0, 105.0, -165.0
_BRAIN = (((0, 0, 0), (68, 85, 62)), ((0, 45, -45), (50, 35, 28)), ((0, 18, -60), (13, 13, 28)))
_SKULL = (((0, 0, 0), (78, 95, 73)), ((0, 48, -45), (60, 46, 38)))
_SCALP = (((0, 0, 0), (84, 101, 79)), ((0, 50, -45), (66, 51, 44)))
_FACE = (((0, -45, -75), (58, 50, 70)), ((0, -80, -135), (25, 16, 18)), ((0, -20, -110), (55, 55, 40)))
_NOSE = (((0, -100, -70), (14, 19, 22)),)
_EYES = (((32, -80, -45), (12, 12, 12)), ((-32, -80, -45), (12, 12, 12)))
_EARS = (((88, 10, -45), (9, 18, 28)), ((-88, 10, -45), (9, 18, 28)))
"""Centres and half axes (x, y, z) [mm] in LPS, the origin in the middle of the brain."""

_VALUES = {
    "CT": {"air": -1000, "soft": 45, "brain": 35, "liquor": 5, "bone": 900, "eye": 15, "noise": 8},
    "MR": {"air": 0, "soft": 620, "brain": 500, "liquor": 120, "bone": 60, "eye": 180, "noise": 15},
}

Parts = tuple[tuple[tuple[int, int, int], tuple[int, int, int]], ...]


def head(
    *,
    modality: Literal["CT", "MR"] = "CT",
    spacing_mm: tuple[float, float, float] = (3.0, 2.0, 2.0),
    size: float = 1.0,
    nod_deg: float = 0.0,
    seed: int = 0,
) -> tuple[Image, Mask, Mask]:
    """A head, its brain and its face (nose, eyes, and 12 mm under the skin in front, from brow to chin).

    `size` scales all lengths, `nod_deg` turns the head forwards about the left-right axis; arrays are (z, y, x).
    """
    grid = _grid(spacing_mm, size)
    place = _points(grid, size, nod_deg)
    skull, brain = _within(place, _SKULL), _within(place, _BRAIN)
    eyes, nose = _within(place, _EYES), _within(place, _NOSE)
    neck = ((place[0] / 56) ** 2 + ((place[1] - 22) / 58) ** 2 < 1) & (place[2] < -50)
    all_of_it = _within(place, _SCALP) | _within(place, _FACE) | nose | eyes | _within(place, _EARS) | neck
    value = _VALUES[modality]
    array = np.full(grid.shape, value["air"], np.float32)
    array[all_of_it] = value["soft"]
    array[skull] = value["bone"]
    array[_within(place, _BRAIN, grown=4)] = value["liquor"]
    array[brain], array[eyes] = value["brain"], value["eye"]
    array += np.random.default_rng(seed).normal(0, value["noise"], grid.shape)
    under_skin = distance_transform_edt(all_of_it, grid.spacing_mm) < 12 * size
    front = (place[1] < -55) & (place[2] < -22) & (place[2] > -155)
    face = all_of_it & ((under_skin & front & ~skull) | nose | eyes)
    image = Image(np.rint(array if modality == "CT" else abs(array)).astype(np.int16), grid, modality, _unit(modality))
    return image, Mask(brain.astype(np.uint8), grid, {1: "brain"}), Mask(face.astype(np.uint8), grid, {1: "face"})


def _unit(modality: str) -> str:
    return "HU" if modality == "CT" else "1"


def _grid(spacing_mm: tuple[float, float, float], size: float) -> Grid:
    low = np.array([_BOTTOM_MM, _FRONT_MM, -_SIDE_MM]) * size
    lengths = np.array([_TOP_MM - _BOTTOM_MM, 115 - _FRONT_MM, 2 * _SIDE_MM]) * size
    shape = tuple(int(n) for n in np.ceil(lengths / spacing_mm))
    axes: tuple[Vector, ...] = ((0.0, 0.0, 1.0), (0.0, 1.0, 0.0), (1.0, 0.0, 0.0))
    return Grid(shape, "zyx", spacing_mm, None, (float(low[2]), float(low[1]), float(low[0])), axes)


def _points(grid: Grid, size: float, nod_deg: float) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """x, y, z [mm of a head of size 1] of every voxel, in the head's own frame."""
    assert grid.origin_mm is not None
    steps = [np.arange(n) * s + o for n, s, o in zip(grid.shape, grid.known_spacing_mm(), grid.origin_mm[::-1])]
    z, y, x = (axis / size for axis in np.meshgrid(*steps, indexing="ij", sparse=True))
    turn = np.deg2rad(nod_deg)
    return x, y * np.cos(turn) - z * np.sin(turn), z * np.cos(turn) + y * np.sin(turn)


def _within(place: tuple[NDArray[Any], ...], parts: Parts, grown: float = 0.0) -> NDArray[np.bool_]:
    """Voxels inside any of the ellipsoids, whose half axes are `grown` mm longer."""
    found: Any = False
    for middle, axes in parts:
        terms = [((p - m) / (a + grown)) ** 2 for p, m, a in zip(place, middle, axes)]
        found = found | (terms[0] + terms[1] + terms[2] < 1)
    return np.asarray(found, bool)
