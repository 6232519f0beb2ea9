"""Every operation on a picture of each modality: what it makes of it, by which command, in how many seconds."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ..core import Grid, Image, InputError, Keypoints, Mask
from ..write import contours, png_bytes, windowed
from .ops import Operation, operation
from .run import named_parts

WIDEST = 224
"""Pictures of the gallery are at most this wide [pixels]."""

SLOW_S = 5.0
"""What takes longer is not run a second time."""

SENSIBLE: Mapping[str, Mapping[str, Any]] = {
    "process.compress": {"codec": "j2k", "ratio": 20},
    "process.gaussian": {"sigma_mm": 2.0},
    "process.mean": {"width_mm": 5.0},
    "process.median": {"width_mm": 5.0},
    "segment.geodesic_active_contour": {"balloon": 1.0, "rounds": 100},
    "segment.level_sets": {"balloon": 1.5, "rounds": 100},
}
"""Arguments that show what an operation does, where its defaults are too gentle to be seen in a small picture."""

PREPARED = {
    "process.inverse_fourier": "process.fourier",
    "process.inverse_wavelet_transform": "process.wavelet_transform",
}
"""What must be done to a picture before an operation that turns it back."""

STARTED = ("segment.geodesic_active_contour", "segment.level_sets")
"""What grows from a start in the middle here: without one it shrinks from the rim, to nothing where no edge closes."""


@dataclass(frozen=True)
class Shot:
    """One operation on one modality: the command, seconds (the second of two runs), pictures or the reason for none."""

    op: str
    modality: str
    command: str
    seconds: float | None = None
    before: bytes | None = None
    after: bytes | None = None
    numbers: Mapping[str, float] | None = None
    remark: str = ""


def shots(
    pictures: Mapping[str, Image], names: Iterable[str], *, frames: Mapping[str, Image] | None = None
) -> Iterator[Shot]:
    """Every named operation on every picture; one over time is shown on `frames`, which have a time axis."""
    for name in names:
        op = operation(name)
        for modality, picture in pictures.items():
            moving = (frames or {}).get(modality)
            yield shot(op, modality, moving if name == "process.temporal" and moving is not None else picture)


def shot(op: Operation, modality: str, picture: Image) -> Shot:
    """One operation on one picture; what takes no volume gets the middle slice, and a refusal is told."""
    args = dict(SENSIBLE.get(op.name, {}))
    command = _command(op, args)
    try:
        result, seconds = _done(op, picture, args)
    except InputError as error:
        if picture.grid.axes == "zyx":
            return replace(shot(op, modality, _middle(picture)), command=command)
        return Shot(op.name, modality, command, remark=f"not for this picture: {error}")
    parts = list(named_parts(op.short, result, op.name))
    shown = next((part for _, _, part in parts if isinstance(part, Image | Mask | Keypoints)), None)
    numbers = {name: part for _, name, part in parts if isinstance(part, float)}
    after = None if shown is None else drawn(picture, shown)
    return Shot(op.name, modality, command, seconds, _png(plane(picture)), after, numbers, _remark(shown))


def _done(op: Operation, picture: Image, args: Mapping[str, Any]) -> tuple[Any, float]:
    """The result and the seconds of the second of two runs, for compilation is not the operation; of one, if it is slow."""
    values, complete = _inputs(op, picture), op.complete(args)
    for _ in range(2):
        start = time.perf_counter()
        result = op.function(*values, **complete)
        seconds = time.perf_counter() - start
        if seconds > SLOW_S:
            break
    return result, seconds


def plane(image: Image | Mask) -> NDArray[Any]:
    """The middle slice (of the first frame's) as it would be looked at; magnitude of complex values."""
    array = image.array
    colour = isinstance(image, Image) and image.is_colour
    while array.ndim - colour > 2:
        array = array[len(array) // 2]
    return np.abs(array) if np.iscomplexobj(array) else array


def drawn(picture: Image, result: Image | Mask | Keypoints) -> bytes:
    """The result as a picture: a mask as outlines, keypoints as circles of their scale."""
    if isinstance(result, Image):
        return _png(plane(result), spectrum=result.unit != picture.unit and _is_spiky(plane(result)))
    ground = _bytes(plane(picture))
    if isinstance(result, Mask):
        return _sized(contours(ground, plane(result)))
    canvas = np.repeat(ground[..., np.newaxis], 3, axis=-1)
    for point, scale in zip(result.points, result.scale):
        centre = (round(float(point[-1])), round(float(point[-2])))
        cv2.circle(canvas, centre, max(2, round(float(scale))), (230, 159, 0), 1, cv2.LINE_AA)
    return _sized(canvas)


def _inputs(op: Operation, picture: Image) -> list[Any]:
    """The picture, and what else the operation needs: seeds in its middle and at its rim, or itself once more."""
    if op.name in PREPARED:
        result = operation(PREPARED[op.name]).function(picture)
        return list(result.values()) if isinstance(result, Mapping) else [result]
    seeds = _seeds(picture.grid, rim=op.stage == "segment" and op.name not in STARTED)
    images = iter((picture, _moved(picture)))
    values: list[Any] = []
    for item in op.inputs:
        if item.kind not in (Image, Mask):
            raise InputError(f"it takes {item.kind.__name__}, which the gallery does not make")
        left_out = item.optional and op.name not in STARTED
        values.append(None if left_out else seeds if item.kind is Mask else next(images))
    return values


def _moved(picture: Image) -> Image:
    """The picture a few pixels aside and brighter, for operations that compare two."""
    array = np.roll(picture.array.astype(np.float32), 4, axis=-1)
    low, span = float(array.min()), float(np.ptp(array)) or 1.0
    return picture.with_array((low + span * ((array - low) / span) ** 0.6).astype(np.float32))


def _middle(picture: Image) -> Image:
    """The middle slice as a picture of its own."""
    spacing_mm = None if picture.grid.spacing_mm is None else picture.grid.spacing_mm[-2:]
    array = picture.array[len(picture.array) // 2]
    return picture.with_array(array, grid=Grid(array.shape, "yx", spacing_mm))


def _seeds(grid: Grid, *, rim: bool) -> Mask:
    """Label 1 in the middle and, with `rim`, label 2 along the edge of every slice."""
    labels = np.full(grid.shape, 2 if rim else 0, np.uint8)
    labels[..., 3:-3, 3:-3] = 0
    labels[tuple(slice(2 * n // 5, max(3 * n // 5, 2 * n // 5 + 1)) for n in grid.shape)] = 1
    return Mask(labels, grid, {1: "inside", 2: "outside"})


def _command(op: Operation, args: Mapping[str, Any]) -> str:
    flags = "".join(f" --{name.replace('_', '-')} {value}" for name, value in args.items())
    return f"radiolucent {op.stage} {op.short} IN OUT{flags}"


def _remark(shown: Image | Mask | Keypoints | None) -> str:
    """What would make one doubt the picture."""
    if isinstance(shown, Keypoints):
        return "" if len(shown) else "no keypoint was found"
    if isinstance(shown, Mask):
        return "" if shown.array.any() else "the mask is empty"
    if shown is None:
        return ""
    values = plane(shown).astype(np.float64)
    return "the picture is constant" if np.ptp(values) <= 1e-6 * np.abs(values).max() else ""


def _is_spiky(values: NDArray[Any]) -> bool:
    """Whether nearly everything lies near one end, as in a spectrum."""
    low, high = float(values.min()), float(values.max())
    return high > low and float(np.percentile(values, 99)) < low + 0.02 * (high - low)


def _png(values: NDArray[Any], *, spectrum: bool = False) -> bytes:
    return _sized(_bytes(np.log1p(np.abs(values)) if spectrum else values))


def _bytes(values: NDArray[Any]) -> NDArray[np.uint8]:
    low, high = np.percentile(values, (0.5, 99.5))
    if low == high:
        low, high = float(values.min()), float(values.max())
    return windowed(values.astype(np.float32), (float(low), float(high)))


def _sized(picture: NDArray[np.uint8]) -> bytes:
    rows, columns = picture.shape[:2]
    scale = WIDEST / max(rows, columns)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_NEAREST
    size = (max(1, round(columns * scale)), max(1, round(rows * scale)))
    return png_bytes(cv2.resize(np.ascontiguousarray(picture), size, interpolation=how))
