"""The files of one series become rows, one for each image that reading would make of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from radiolucent.core import Grid, UnreadableError
from radiolucent.dicom import Decoded

from .record import Record
from .series import CINE, UNEVEN_MM, UNEVEN_SHARE
from .split import Slice, by_level, in_time, parts, position

PLANES = ("sagittal", "coronal", "axial")


@dataclass(frozen=True)
class Known:
    """A file by its name and what is known of it."""

    name: str
    record: Record


@dataclass(frozen=True)
class Row:
    """One image: what tells it from the others of its series, the files that it is made of, and its columns."""

    label: str
    names: tuple[str, ...]
    columns: dict[str, Any]


@dataclass(frozen=True)
class _Source:
    """What a slice has to say of the file that it comes from."""

    known: Known
    modality: str
    unit: str


def rows(files: Sequence[Known]) -> list[Row]:
    """The images of one series, in the order and with the labels that reading gives them."""
    made = [_alone(file) for file in files if not _is_placed(file.record)]
    slices = [one for file in files if _is_placed(file.record) for one in _slices(file)]
    kinds = [list(g) for _, g in groupby(sorted(slices, key=lambda one: repr(one.kind)), key=lambda one: one.kind)]
    planes = [_plane(kind[0]) for kind in kinds]
    for plane, kind in zip(planes, kinds, strict=True):
        name = plane if planes.count(plane) == 1 < len(planes) else ""
        made += [_stack(label or name, part) for label, part in parts(kind)]
    return made


def _is_placed(record: Record) -> bool:
    return bool(record.frames) and all(frame.place.position_mm is not None for frame in record.frames)


def _slices(file: Known) -> Iterable[Slice]:
    source = cast(Decoded, _Source(file, str(file.record.about.get("modality") or "OT"), file.record.unit))
    empty = np.broadcast_to(np.zeros((), np.uint8), file.record.shape)
    return [Slice(empty, frame.place, source, frame.variant) for frame in file.record.frames]


def _plane(one: Slice) -> str:
    normal = np.abs(np.cross(np.array(one.place.right), np.array(one.place.down)))
    return PLANES[int(np.argmax(normal))]


def _alone(file: Known) -> Row:
    """A file whose image has no place, or is of another format than DICOM."""
    record = file.record
    columns = _common([record])
    if record.grid is not None:
        return Row("", (file.name,), columns | _geometry(record.grid, duration_s=record.duration_s))
    frames = len(record.frames)
    spacing = record.frames[0].place.spacing_mm
    if frames == 1:
        grid = Grid(record.shape, "yx", spacing)
    elif record.duration_s is not None or columns.get("modality") in CINE:
        grid = Grid((frames, *record.shape), "tyx", spacing)
    else:
        grid = Grid((frames, *record.shape), "zyx")
    return Row("", (file.name,), columns | _geometry(grid, duration_s=record.duration_s) | _settings(record))


def _settings(record: Record) -> dict[str, Any]:
    return _variants([frame.variant for frame in record.frames])


def _stack(label: str, slices: list[Slice]) -> Row:
    """The row of slices that stack; where reading would refuse to stack them, the row says why."""
    levels = by_level(slices)
    problem = ""
    try:
        moments, times_s = in_time(levels)
    except UnreadableError as error:
        moments, times_s, problem = [[level[0] for level in levels]], None, str(error)
    sources = {one.source.known.name: one.source.known for one in slices}  # type: ignore[attr-defined]
    records = [known.record for known in sources.values()]
    grid, gaps = _grid(moments, len(slices[0].array.shape))
    problem = problem or _uneven([position(one) for one in moments[0]], gaps)
    columns = _common(records) | _variants([one.variant for one in slices])
    columns |= _geometry(grid, gaps=gaps, duration_s=times_s[-1] if times_s else None)
    if problem:
        columns["problem"] = "; ".join(filter(None, (problem, columns.get("problem"))))
    return Row(label, tuple(sources), columns)


def _grid(moments: list[list[Slice]], flat: int) -> tuple[Grid, NDArray[np.float64]]:
    """The grid that the slices span, and the gaps between them along their normal [mm]."""
    first = moments[0][0]
    right, down = np.array(first.place.right), np.array(first.place.down)
    plane, corner = first.place.spacing_mm, first.place.position_mm
    places = np.array([position(one) for one in moments[0]])
    gaps = np.diff(places @ np.cross(right, down))
    film, shape = "t" if len(moments) > 1 else "", tuple(first.array.shape[:flat])
    times = (len(moments),) if film else ()
    if len(places) == 1:
        return Grid((*times, *shape), f"{film}yx", plane, None, corner, _vectors(down, right)), gaps
    step = (places[-1] - places[0]) / (len(places) - 1)
    length = float(np.linalg.norm(step))
    spacing = None if plane is None else (length, *plane)
    axes, directions = f"{film}zyx", _vectors(step / length, down, right)
    return Grid((*times, len(places), *shape), axes, spacing, None, corner, directions), gaps


def _uneven(places: list[NDArray[np.float64]], gaps: NDArray[np.float64]) -> str:
    """Why reading refuses slices that are not evenly spaced; empty where they are."""
    if len(places) < 3:
        return ""
    positions = np.array(places)
    step = (positions[-1] - positions[0]) / (len(positions) - 1)
    off = np.linalg.norm(positions - (positions[0] + np.arange(len(positions))[:, None] * step), axis=1).max()
    if off <= max(UNEVEN_MM, UNEVEN_SHARE * float(np.linalg.norm(step))):
        return ""
    return f"unevenly spaced slices ({gaps.min():.2f} to {gaps.max():.2f} mm); one may be missing"


def _geometry(
    grid: Grid, *, gaps: NDArray[np.float64] | None = None, duration_s: float | None = None
) -> dict[str, Any]:
    found: dict[str, Any] = {"axes": grid.axes, "shape": list(grid.shape), "duration_s": duration_s}
    found["spacing_mm"] = None if grid.spacing_mm is None else list(grid.spacing_mm)
    if grid.origin_mm is not None and grid.direction is not None:
        down, right = (np.array(vector) for vector in grid.direction[-2:])
        normal = np.cross(right, down)
        found |= {
            "origin_mm": list(grid.origin_mm),
            "direction": [x + 0.0 for vector in grid.direction for x in vector],
        }
        found["plane"] = PLANES[int(np.argmax(np.abs(normal)))]
        if len(grid.direction) == 3:
            lean = abs(float(np.dot(np.array(grid.direction[0]), normal / np.linalg.norm(normal))))
            found["tilt_deg"] = round(float(np.degrees(np.arccos(min(1.0, lean)))), 3)
    if gaps is not None and len(gaps):
        found |= {"gap_least_mm": float(gaps.min()), "gap_most_mm": float(gaps.max())}
    return found


def _common(records: list[Record]) -> dict[str, Any]:
    """What all files of an image agree on."""
    first, *others = records
    same = {n: v for n, v in first.about.items() if all(other.about.get(n) == v for other in others)}
    ids = {"key": first.ids.get("case"), **{n: first.ids.get(n) for n in ("patient", "study", "series", "accession")}}
    remarks = sorted({record.remark for record in records if record.remark})
    return {"format": first.format, "series_number": first.series_number or None, **ids, **same} | (
        {"problem": "; ".join(remarks)} if remarks else {}
    )


def _variants(variants: Iterable[Any]) -> dict[str, Any]:
    """The settings that all slices share."""
    found = list(variants)
    shared = {}
    for name in ("component", "echo_ms", "inversion_ms", "b_value"):
        values = {getattr(variant, name) for variant in found}
        shared[name] = values.pop() if len(values) == 1 else None
    return shared


def _vectors(*vectors: NDArray[np.float64]) -> tuple[tuple[float, float, float], ...]:
    return tuple((float(x), float(y), float(z)) for x, y, z in vectors)


def labelled(labels: Sequence[str]) -> list[str]:
    """The names that reading gives images with these labels: one that is taken gets a number."""
    names: list[str] = []
    for label in labels:
        name = label or "image"
        count = sum(other == name or other.rpartition("_")[0] == name for other in names)
        names.append(name if name not in names else f"{name}_{count + 1}")
    return names
