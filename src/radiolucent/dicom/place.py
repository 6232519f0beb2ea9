"""Where a frame lies and how large its pixels are, as far as the file says so."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from radiolucent.core.types import Vector

from .groups import is_enhanced, ruling
from .ultrasound import common_spacing_mm, ultrasound_regions
from .variant import positive


@dataclass(frozen=True)
class Place:
    """One frame in LPS: `down` and `right` are the unit vectors along which row and column numbers grow."""

    spacing_mm: tuple[float, float] | None = None
    spacing_from: str = ""
    position_mm: Vector | None = None
    down: Vector | None = None
    right: Vector | None = None


def places(dataset: Dataset, frames: int) -> tuple[Place, ...]:
    """The place of every frame; enhanced multi-frame files state it frame by frame."""
    if frames == 1 or is_enhanced(dataset):
        return tuple(_place(dataset, frame) for frame in range(frames))
    return _stacked(_place(dataset, 0), _numbers(dataset.get("GridFrameOffsetVector"), frames), frames)


def _stacked(first: Place, offsets_mm: tuple[float, ...] | None, frames: int) -> tuple[Place, ...]:
    """Frames of a classic multi-frame file: a dose states their heights, others (films) leave their place open."""
    if first.position_mm is None or first.down is None or first.right is None or offsets_mm is None:
        return (replace(first, position_mm=None, down=None, right=None),) * frames
    normal = np.cross(first.right, first.down)
    start = 0.0 if offsets_mm[0] == 0 else float(np.dot(first.position_mm, normal))
    heights = [offset - start for offset in offsets_mm]
    return tuple(replace(first, position_mm=_vector(first.position_mm + height * normal)) for height in heights)


def frame_times_s(dataset: Dataset, frames: int) -> tuple[float, ...] | None:
    """Seconds from the first frame, out of Frame Time, Frame Time Vector or Cine Rate; `None` where nothing says so."""
    vector = dataset.get("FrameTimeVector")
    if vector is not None and not isinstance(vector, float) and len(vector) == frames:
        return tuple(accumulate(float(step) / 1000 for step in vector))
    rate = dataset.get("CineRate") or dataset.get("RecommendedDisplayFrameRate")
    step = positive(dataset.get("FrameTime")) or (1000 / float(rate) if positive(rate) else None)
    return tuple(frame * step / 1000 for frame in range(frames)) if step else None


def _place(dataset: Dataset, frame: int) -> Place:
    measures = ruling(dataset, frame, "PixelMeasuresSequence")
    plane = ruling(dataset, frame, "PlaneOrientationSequence")
    where = ruling(dataset, frame, "PlanePositionSequence")
    spacing, source = _spacing(measures)
    axes = _numbers(plane.get("ImageOrientationPatient"), 6)
    position = _numbers(where.get("ImagePositionPatient"), 3)
    right, down = (_unit(axes[:3]), _unit(axes[3:])) if axes else (None, None)
    if position is None or right is None or down is None or abs(np.dot(right, down)) > 0.01:
        return Place(spacing, source)
    return Place(spacing, source, (position[0], position[1], position[2]), down, right)


def _spacing(dataset: Dataset) -> tuple[tuple[float, float] | None, str]:
    for keyword in ("PixelSpacing", "ImagerPixelSpacing"):
        pair = _numbers(dataset.get(keyword), 2)
        if pair and all(positive(value) for value in pair):
            return (pair[0], pair[1]), keyword
    spacing = common_spacing_mm(ultrasound_regions(dataset))
    return (spacing, "SequenceOfUltrasoundRegions") if spacing else (None, "")


def _numbers(value: Any, count: int) -> tuple[float, ...] | None:
    if value is None or isinstance(value, str | float | int) or len(value) != count:
        return None
    numbers = tuple(float(number) for number in value)
    return numbers if np.all(np.isfinite(numbers)) else None


def _unit(vector: tuple[float, ...]) -> Vector | None:
    length = float(np.linalg.norm(vector))
    if not 0.99 < length < 1.01:
        return None
    return _vector(np.divide(vector, length))


def _vector(values: NDArray[np.float64]) -> Vector:
    x, y, z = (float(value) for value in values)
    return (x, y, z)
