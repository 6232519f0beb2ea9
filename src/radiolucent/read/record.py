"""What is known of one image file without its pixels, and how it is kept as text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

from radiolucent.core import Grid
from radiolucent.dicom import Place, Variant


@dataclass(frozen=True)
class Frame:
    """Where one frame lies and what tells it from others at its place."""

    place: Place
    variant: Variant


@dataclass(frozen=True)
class Record:
    """One file: `ids` are keyed (`case` is empty where the file names nobody), `about` has what all its frames share.

    DICOM files have `frames` of (rows, columns) `shape`; any other file has the `grid` of its one image.
    """

    format: str
    ids: Mapping[str, str]
    about: Mapping[str, Any]
    shape: tuple[int, ...] = ()
    frames: tuple[Frame, ...] = ()
    grid: Grid | None = None
    series_number: int = 0
    unit: str = "1"
    duration_s: float | None = None
    remark: str = ""


_PLACE = attrgetter(*(field.name for field in fields(Place)))
_VARIANT = attrgetter(*(field.name for field in fields(Variant)))


def packed(record: Record) -> str:
    """The record as JSON; numbers come back exactly."""
    kept = {name: value for name, value in vars(record).items() if value not in (None, "", ())}
    kept["ids"], kept["about"] = dict(record.ids), dict(record.about)
    kept["frames"] = [(_PLACE(frame.place), _VARIANT(frame.variant)) for frame in record.frames]
    kept["grid"] = vars(record.grid) if record.grid else None
    return json.dumps(kept, separators=(",", ":"))


def unpacked(text: str) -> Record:
    """The record that was `packed`."""
    kept = _tuples(json.loads(text))
    frames = tuple(Frame(Place(*place), Variant(*variant)) for place, variant in kept.pop("frames"))
    grid = kept.pop("grid")
    return Record(**kept, frames=frames, grid=Grid(**grid) if grid else None)


def _tuples(value: Any) -> Any:
    """JSON knows lists only."""
    if isinstance(value, list):
        return tuple(_tuples(item) for item in value)
    if isinstance(value, dict):
        return {name: _tuples(item) for name, item in value.items()}
    return value
