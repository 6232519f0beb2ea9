"""Which part of the body a CT shows, by its air, bone and size; and which way the slices of a volume lie."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from radiolucent.core import Finding, Image

from .traits import is_hounsfield

LUNG_HU, BODY_HU, BONE_HU = (-980.0, -600.0), -400.0, 250.0
LEAST_LUNG = 0.08
"""Share of the body's cross section that is lung in the middle of a chest; bowel gas stays below it."""
LEAST_SKULL, WIDEST_HEAD_MM = 0.6, 230.0
"""Share of directions from the middle of the section in which bone is met, and the greatest breadth of a head [mm]."""
WIDEST_LIMB_MM = 190.0
RAYS = 72
STRAIGHT_DEG = 10.0
PLANES = {0: "sagittal", 1: "coronal", 2: "axial"}
"""Planes by the LPS axis along which their slices follow each other."""


def body_part(image: Image) -> tuple[Finding, ...]:
    """Tell head, chest, abdomen or limb from the air, bone and size of a CT in Hounsfield units; else nothing.

    Of a volume five slices vote. The share of them that agree stands as the probability; it is no calibrated one.
    """
    return part_of(image)[1]


def part_of(image: Image) -> tuple[str | None, tuple[Finding, ...]]:
    """The part of the body by its word, and the finding that tells it; neither where none can be told."""
    if not is_hounsfield(image) or image.is_colour or "t" in image.grid.axes:
        return None, ()
    spacing = image.grid.spacing_mm
    stack = image.array.reshape(-1, *image.array.shape[-2:])
    picked = np.unique(np.linspace(len(stack) * 0.2, max(len(stack) * 0.8 - 1, 0), 5).round().astype(int))
    step = None if spacing is None else (spacing[-2], spacing[-1])
    votes = [part for k in picked if (part := _part(np.asarray(stack[k], np.float32), step)) is not None]
    if not votes:
        return None, ()
    part = max(sorted(set(votes)), key=votes.count)
    says = {"head": "a ring of bone around soft tissue", "chest": "lungs beside each other", "abdomen": "a trunk without lungs",
            "limb": "a narrow section of soft tissue and bone"}[part]  # fmt: skip
    share = votes.count(part) / len(picked)
    return part, (Finding(f"It shows the {part}.", "recognise.body_part", probability=share, because=(says,)),)


def _part(plane: NDArray[np.float32], spacing_mm: tuple[float, float] | None) -> str | None:
    body = _largest(ndimage.binary_opening(plane > BODY_HU, iterations=2))
    if body.mean() < 0.01:
        return None
    filled = ndimage.binary_fill_holes(body)
    lung = filled & (plane > LUNG_HU[0]) & (plane < LUNG_HU[1])
    columns = np.flatnonzero(filled.any(axis=0))
    breadth = None if spacing_mm is None else float(np.ptp(columns) + 1) * spacing_mm[1]
    if _ringed(filled, plane > BONE_HU) >= LEAST_SKULL and (breadth is None or breadth <= WIDEST_HEAD_MM):
        return "head"
    if lung.sum() >= LEAST_LUNG * filled.sum():
        return "chest"
    if breadth is None:
        return None
    return "limb" if breadth <= WIDEST_LIMB_MM else "abdomen"


def _largest(shown: NDArray[np.bool_]) -> NDArray[np.bool_]:
    labels, n = ndimage.label(shown)
    if not n:
        return shown
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    return np.asarray(labels == sizes.argmax())


def _ringed(body: NDArray[np.bool_], bone: NDArray[np.bool_]) -> float:
    """Share of rays from the middle of the body that meet bone in their outer third."""
    rows, columns = np.nonzero(body)
    middle = np.array([rows.mean(), columns.mean()])
    met = 0
    for angle in np.linspace(0, 2 * np.pi, RAYS, endpoint=False):
        way = np.array([np.sin(angle), np.cos(angle)])
        reach = np.arange(0, max(body.shape))
        places = np.rint(middle + reach[:, None] * way).astype(int)
        inside = ((places >= 0) & (places < body.shape)).all(axis=1)
        places = places[inside]
        within = np.flatnonzero(body[places[:, 0], places[:, 1]])
        if not len(within):
            continue
        outer = places[int(within[-1] * 2 / 3) : within[-1] + 1]
        met += bool(bone[outer[:, 0], outer[:, 1]].any())
    return met / RAYS


def orientation(image: Image) -> tuple[Finding, ...]:
    """Tell axial, coronal, sagittal or oblique from the direction in which the slices of a volume follow each other.

    `value` is the angle [degrees] to the nearest axis of the body. Nothing is told of a picture, nor of a volume whose
    place is unknown.
    """
    if "z" not in image.grid.axes or image.grid.direction is None:
        return ()
    normal = np.abs(np.asarray(image.grid.direction[image.grid.axes.replace("t", "").index("z")], float))
    axis = int(normal.argmax())
    away = float(np.degrees(np.arccos(np.clip(normal[axis] / np.linalg.norm(normal), 0, 1))))
    says = f"Its slices are {PLANES[axis]}" + (f", turned by {away:.0f}°." if away > STRAIGHT_DEG else ".")
    return (Finding(says, "recognise.orientation", value=away, unit="deg", because=("header",)),)
