"""Frames of one DICOM series become images: sorted by position, split where they do not belong together."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from radiolucent.core import Finding, Grid, Image, UnreadableError
from radiolucent.dicom import Decoded, Place

UNEVEN_MM, UNEVEN_SHARE = 0.1, 0.05
"""Slices may lie off their even position by so much; beyond, the series is refused rather than averaged."""

_CINE = {"US", "XA", "RF", "ES", "IVUS", "OPT", "XC"}


@dataclass(frozen=True)
class Slice:
    """One frame with its place."""

    array: NDArray[Any]
    place: Place
    source: Decoded

    @property
    def kind(self) -> tuple[Any, ...]:
        """Frames of one kind stack into one image."""
        place = self.place
        axes = tuple(np.round((*(place.right or ()), *(place.down or ())), 3) + 0.0)
        spacing = tuple(round(value, 4) for value in place.spacing_mm or ())
        return self.array.shape, axes, spacing, self.source.unit


def images(files: list[Decoded]) -> tuple[list[Image], list[Finding]]:
    """All images of one series, and remarks; pictures without a place stay single."""
    placed = [file for file in files if _is_placed(file)]
    made = [_unplaced(file) for file in files if not _is_placed(file)]
    slices = [
        Slice(array, place, file) for file in placed for array, place in zip(file.array, file.places, strict=True)
    ]
    for _, group in groupby(sorted(slices, key=lambda one: repr(one.kind)), key=lambda one: one.kind):
        made.append(_stacked(list(group)))
    return made, _remarks(files)


def _is_placed(file: Decoded) -> bool:
    return all(place.position_mm is not None for place in file.places)


def _unplaced(file: Decoded) -> Image:
    place, frames = file.places[0], len(file.array)
    array, spacing = file.array, place.spacing_mm
    if frames == 1:
        grid = Grid(array.shape[1:3], "yx", spacing_mm=spacing)
        return Image(array[0], grid, file.modality, file.unit)
    if file.times_s is not None or file.modality in _CINE:
        grid = Grid(array.shape[:3], "tyx", spacing_mm=spacing, times_s=file.times_s)
        return Image(array, grid, file.modality, file.unit)
    return Image(array, Grid(array.shape[:3], "zyx"), file.modality, file.unit)


def _stacked(slices: list[Slice]) -> Image:
    first = slices[0]
    right, down = np.array(first.place.right), np.array(first.place.down)
    normal = np.cross(right, down)
    slices = sorted(slices, key=lambda one: float(np.dot(_position(one), normal)))
    first = slices[0]
    plane = first.place.spacing_mm
    if len(slices) == 1:
        grid = Grid(first.array.shape[:2], "yx", plane, None, first.place.position_mm, _directions(down, right))
        return Image(first.array, grid, first.source.modality, first.source.unit)
    step = _even_step(slices, normal)
    length = float(np.linalg.norm(step))
    array = np.stack([one.array for one in slices])
    grid = Grid(
        array.shape[:3],
        "zyx",
        None if plane is None else (length, *plane),
        None,
        first.place.position_mm,
        _directions(step / length, down, right),
    )
    return Image(array, grid, first.source.modality, first.source.unit)


def _even_step(slices: list[Slice], normal: NDArray[np.float64]) -> NDArray[np.float64]:
    """The vector from one slice to the next; gantry tilt makes it oblique to the slices, and it is kept so."""
    positions = np.array([_position(one) for one in slices])
    heights = positions @ normal
    gaps = np.diff(heights)
    if gaps.min() < 1e-3:
        same = int((gaps < 1e-3).sum())
        raise UnreadableError(
            f"{same} of {len(slices)} slices of a {slices[0].source.modality} series lie where another one lies "
            "(echoes, time points or copies); give a folder with one of them"
        )
    step = (positions[-1] - positions[0]) / (len(positions) - 1)
    off = np.linalg.norm(positions - (positions[0] + np.arange(len(positions))[:, None] * step), axis=1).max()
    if off > max(UNEVEN_MM, UNEVEN_SHARE * float(np.linalg.norm(step))):
        raise UnreadableError(
            f"the {len(slices)} slices of a {slices[0].source.modality} series are unevenly spaced "
            f"({gaps.min():.2f} to {gaps.max():.2f} mm); a slice may be missing: complete the folder, or split it"
        )
    return step


def _position(one: Slice) -> NDArray[np.float64]:
    return np.array(one.place.position_mm, float)


def _directions(*vectors: NDArray[np.float64]) -> tuple[tuple[float, float, float], ...]:
    return tuple((float(x), float(y), float(z)) for x, y, z in vectors)


def _remarks(files: list[Decoded]) -> list[Finding]:
    if any(file.places[0].spacing_from == "ImagerPixelSpacing" for file in files):
        says = "The spacing is that at the detector (Imager Pixel Spacing): lengths in the patient are smaller."
        return [Finding(says=says, code="spacing.detector", severity="info")]
    return []
