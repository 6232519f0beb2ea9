"""Frames of one DICOM series become images: sorted by position, split where they do not belong together."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from radiolucent.core import Finding, Grid, Image, UnreadableError
from radiolucent.dicom import Decoded, TooWideError, Waiting, within_limits

from .split import Slice, by_level, in_time, parts, position

UNEVEN_MM, UNEVEN_SHARE = 0.1, 0.05
"""Slices may lie off their even position by so much; beyond, the series is refused rather than averaged."""

CINE = {"US", "XA", "RF", "ES", "IVUS", "OPT", "XC"}
"""Modalities whose frames follow each other in time though no frame time is stated."""


def images(files: list[Decoded]) -> tuple[list[tuple[str, Image]], list[Finding]]:
    """All images of one series, each with what tells it from the others ("" where nothing does), and remarks.

    Pictures without a place stay single.
    """
    placed = [file for file in files if _is_placed(file)]
    made = [("", _unplaced(file)) for file in files if not _is_placed(file)]
    slices = [
        Slice(array, place, file, variant)
        for file in placed
        for array, place, variant in zip(file.frames, file.places, file.variants, strict=True)
    ]
    kinds = [
        list(group) for _, group in groupby(sorted(slices, key=lambda one: repr(one.kind)), key=lambda one: one.kind)
    ]
    planes = [_plane(group[0]) for group in kinds]
    for plane, group in zip(planes, kinds, strict=True):
        name = plane if planes.count(plane) == 1 < len(planes) else ""
        made += [(label or name, _stacked(part)) for label, part in parts(group)]
    return made, _remarks(files)


def _plane(one: Slice) -> str:
    normal = np.abs(np.cross(np.array(one.place.right), np.array(one.place.down)))
    return ("sagittal", "coronal", "axial")[int(np.argmax(normal))]


def _is_placed(file: Decoded) -> bool:
    return all(place.position_mm is not None for place in file.places)


def _unplaced(file: Decoded) -> Image:
    place, frames = file.places[0], len(file.array)
    array, spacing = file.array, place.spacing_mm
    if frames == 1:
        grid = Grid(array.shape[1:3], "yx", spacing_mm=spacing)
        return Image(array[0], grid, file.modality, file.unit)
    if file.times_s is not None or file.modality in CINE:
        grid = Grid(array.shape[:3], "tyx", spacing_mm=spacing, times_s=file.times_s)
        return Image(array, grid, file.modality, file.unit)
    return Image(array, Grid(array.shape[:3], "zyx"), file.modality, file.unit)


def _stacked(slices: list[Slice]) -> Image:
    """One image out of slices of one kind: flat or a volume, and in time where every place is there more than once."""
    levels = by_level(slices)
    moments, times_s = in_time(levels)
    first = levels[0][0]
    right, down = np.array(first.place.right), np.array(first.place.down)
    plane, corner = first.place.spacing_mm, first.place.position_mm
    film = "t" if len(moments) > 1 else ""
    if len(levels) == 1:
        array = _filled([moment[0] for moment in moments])
        array = array if film else array[0]
        shape = array.shape[: 2 + len(film)]
        grid = Grid(shape, f"{film}yx", plane, times_s, corner, _directions(down, right))
        return Image(array, grid, first.source.modality, first.source.unit)
    step = _even_step([position(one) for one in moments[0]], np.cross(right, down), first.source.modality)
    _same_places(moments, first.source.modality)
    length = float(np.linalg.norm(step))
    array = _filled([one for moment in moments for one in moment])
    if film:
        array = array.reshape(len(moments), len(levels), *array.shape[1:])
    spacing = None if plane is None else (length, *plane)
    shape = array.shape[: 3 + len(film)]
    grid = Grid(shape, f"{film}zyx", spacing, times_s, corner, _directions(step / length, down, right))
    return Image(array, grid, first.source.modality, first.source.unit)


def _filled(slices: list[Slice]) -> NDArray[Any]:
    """All samples in one array; those that wait in their files are read into their place, with no copy on the way."""
    frames = [one.array for one in slices]
    waiting = [frame for frame in frames if isinstance(frame, Waiting)]
    if len(waiting) == len(frames) and len({frame.dtype for frame in waiting}) == 1:
        first = waiting[0]
        within_limits(first.path.parent, (len(frames), *first.shape), first.dtype.itemsize)
        volume = np.empty((len(frames), *first.shape), first.dtype)
        try:
            for frame, place in zip(waiting, volume, strict=True):
                frame.into(place)
            return volume
        except TooWideError:
            del volume
    return np.stack([frame.values() if isinstance(frame, Waiting) else frame for frame in frames])


def _same_places(moments: list[list[Slice]], modality: str) -> None:
    places = np.array([[one.place.position_mm for one in moment] for moment in moments])
    if np.abs(places - places[0]).max() > UNEVEN_MM:
        raise UnreadableError(f"the time points of a {modality} series lie beside each other; split the folder by time")


def _even_step(places: list[NDArray[np.float64]], normal: NDArray[np.float64], modality: str) -> NDArray[np.float64]:
    """The vector from one slice to the next; gantry tilt makes it oblique to the slices, and it is kept so."""
    positions = np.array(places)
    gaps = np.diff(positions @ normal)
    step = (positions[-1] - positions[0]) / (len(positions) - 1)
    off = np.linalg.norm(positions - (positions[0] + np.arange(len(positions))[:, None] * step), axis=1).max()
    if off > max(UNEVEN_MM, UNEVEN_SHARE * float(np.linalg.norm(step))):
        raise UnreadableError(
            f"the {len(positions)} slices of a {modality} series are unevenly spaced "
            f"({gaps.min():.2f} to {gaps.max():.2f} mm); a slice may be missing: complete the folder, or split it"
        )
    return step


def _directions(*vectors: NDArray[np.float64]) -> tuple[tuple[float, float, float], ...]:
    return tuple((float(x), float(y), float(z)) for x, y, z in vectors)


def _remarks(files: list[Decoded]) -> list[Finding]:
    found = list(dict.fromkeys(remark for file in files for remark in file.remarks))
    if any(file.places[0].spacing_from == "ImagerPixelSpacing" for file in files):
        says = "The spacing is that at the detector (Imager Pixel Spacing): lengths in the patient are smaller."
        found.append(Finding(says=says, code="spacing.detector", severity="info"))
    return found
