"""The frozen values that flow through the system; nothing else travels between stages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from .errors import InputError
from .frozen import fingerprint, freeze, read_only

Severity = Literal["block", "warn", "info"]
Vector = tuple[float, float, float]

FACTS = frozenset(
    (
        *("age_years", "sex", "site", "view", "laterality", "body_part"),
        *("sequence", "phase", "kernel", "b_value", "photometric", "manufacturer", "tube_kv", "contrast"),
    )
)
"""What a case may know about its examination: a closed list, none of which identifies a person."""


@dataclass(frozen=True)
class Grid:
    """Where the samples lie.

    `axes` names the array's axes in order, out of ``"tzyx"``. `spacing_mm`, `direction` have one entry per
    *spatial* axis, in the same order; a direction is the unit LPS vector along which the index grows, so oblique and
    sheared (gantry tilt) grids are representable. Unknown spacing or place is `None`, never invented.
    """

    shape: tuple[int, ...]
    axes: str
    spacing_mm: tuple[float, ...] | None = None
    times_s: tuple[float, ...] | None = None
    origin_mm: Vector | None = None
    direction: tuple[Vector, ...] | None = None

    def __post_init__(self) -> None:
        _check_axes(self)
        spatial = len(self.spatial_axes)
        for name in ("spacing_mm", "direction"):
            value = getattr(self, name)
            if value is not None and len(value) != spatial:
                raise InputError(f"a grid with axes {self.axes!r} needs {spatial} entries of {name}, got {value}")
        if self.spacing_mm is not None and not all(np.isfinite(s) and s > 0 for s in self.spacing_mm):
            raise InputError(f"spacing in mm must be positive, got {self.spacing_mm}; unknown spacing is None")
        if self.times_s is not None and ("t" not in self.axes or len(self.times_s) != self.shape[self.axes.index("t")]):
            raise InputError(f"times_s needs one time per frame of shape {self.shape} with axes {self.axes!r}")

    @property
    def spatial_axes(self) -> tuple[int, ...]:
        """Positions of the spatial axes in the array."""
        return tuple(i for i, axis in enumerate(self.axes) if axis != "t")

    @property
    def affine(self) -> NDArray[np.float64] | None:
        """4 x (n + 1) matrix from spatial index (array order, then 1) to LPS mm; `None` where the place is unknown."""
        if self.origin_mm is None or self.direction is None or self.spacing_mm is None:
            return None
        steps = [np.multiply(d, s) for d, s in zip(self.direction, self.spacing_mm, strict=True)]
        return np.vstack([np.column_stack([*steps, self.origin_mm]), np.eye(len(steps) + 1)[-1:]])

    def known_spacing_mm(self) -> tuple[float, ...]:
        """Spacing per spatial axis [mm], or the error that names the remedy."""
        if self.spacing_mm is None:
            raise InputError(
                "this picture has no known spacing, and the operation works in mm; "
                "give --spacing-mm (Python: load(path, spacing_mm=...)) if you know it"
            )
        return self.spacing_mm


def _check_axes(grid: Grid) -> None:
    order = ["tzyx".find(axis) for axis in grid.axes]
    if -1 in order or order != sorted(set(order)):
        raise InputError(f"axes must be in order out of 'tzyx', got {grid.axes!r}")
    if len(grid.shape) != len(grid.axes):
        raise InputError(f"a shape of {grid.shape} does not fit axes {grid.axes!r}")


@dataclass(frozen=True, eq=False)
class Image:
    """Samples on a grid: `array` is a read-only view, with a trailing colour axis only where the source has colour."""

    array: NDArray[Any]
    grid: Grid
    modality: str = "OT"
    unit: str = "1"

    def __post_init__(self) -> None:
        object.__setattr__(self, "array", read_only(_numbers(np.asarray(self.array))))
        extra = self.array.shape[len(self.grid.shape) :]
        if self.array.shape[: len(self.grid.shape)] != self.grid.shape or len(extra) > 1:
            raise InputError(f"array of shape {self.array.shape} does not fit a grid of shape {self.grid.shape}")

    @property
    def is_colour(self) -> bool:
        return self.array.ndim > len(self.grid.shape)

    def with_array(
        self, array: NDArray[Any], *, grid: Grid | None = None, modality: str | None = None, unit: str | None = None
    ) -> Self:
        """The same picture with other values (and, if given, another grid, modality or unit)."""
        return replace(
            self,
            array=array,
            grid=self.grid if grid is None else grid,
            modality=self.modality if modality is None else modality,
            unit=self.unit if unit is None else unit,
        )


def _numbers(array: NDArray[Any]) -> NDArray[Any]:
    """Truth values as bytes and half floats as whole ones: numbers that every library takes."""
    if array.dtype.kind == "b":
        return array.view(np.uint8)
    if array.dtype.kind not in "iufc":
        raise InputError(f"a picture holds numbers, got {array.dtype}; convert it first")
    return array.astype(np.float32) if array.dtype == np.float16 else array


@dataclass(frozen=True, eq=False)
class Mask:
    """Integer labels on a grid (0 is background) and what each label means."""

    array: NDArray[Any]
    grid: Grid
    names: Mapping[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "array", read_only(self.array))
        object.__setattr__(self, "names", freeze(self.names))
        if self.array.dtype.kind not in "iub":
            raise InputError(f"a mask holds integer labels, got {self.array.dtype}")
        if self.array.shape != self.grid.shape:
            raise InputError(f"mask of shape {self.array.shape} does not fit a grid of shape {self.grid.shape}")

    def with_array(self, array: NDArray[Any], *, grid: Grid | None = None) -> Self:
        """The same meanings with other labels (and, if given, on another grid)."""
        return replace(self, array=array, grid=self.grid if grid is None else grid)


@dataclass(frozen=True, eq=False)
class Keypoints:
    """Points of interest of one picture, `n` rows each.

    `points` (n, axes) [pixels, array order], `scale` (n,) [pixels], `angle_deg` (n,), `response` (n,),
    `descriptors` (n, d); `spacing_mm` turns pixels into mm where it is known. `window` are the grey values that were
    searched as 0 and 255 (grey = low + code / 255 * (high - low)); `None` where the picture had 8 bits.
    """

    points: NDArray[Any]
    scale: NDArray[Any]
    angle_deg: NDArray[Any]
    response: NDArray[Any]
    descriptors: NDArray[Any]
    kind: str
    spacing_mm: tuple[float, ...] | None = None
    window: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        for name in ("points", "scale", "angle_deg", "response", "descriptors"):
            object.__setattr__(self, name, read_only(getattr(self, name)))
            if len(getattr(self, name)) != len(self.points):
                raise InputError(f"keypoints: {name} has {len(getattr(self, name))} rows, points {len(self.points)}")

    def __len__(self) -> int:
        return len(self.points)

    @property
    def points_mm(self) -> NDArray[Any] | None:
        """Distances [mm] from the first pixel along the axes in space; `None` where the spacing is unknown."""
        return None if self.spacing_mm is None else self.points[:, -len(self.spacing_mm) :] * self.spacing_mm


@dataclass(frozen=True, eq=False)
class Transform:
    """A spatial map from `fixed` to `moving`: 4 x 4 LPS matrix [mm], or a displacement field [mm] on the fixed grid."""

    fixed: Grid
    moving: Grid
    matrix: NDArray[np.float64] | None = None
    displacement_mm: NDArray[Any] | None = None

    def __post_init__(self) -> None:
        for name in ("matrix", "displacement_mm"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, read_only(getattr(self, name)))


@dataclass(frozen=True)
class Finding:
    """One statement about a case: a quality remark, a prediction or a conclusion, with what it rests on."""

    says: str
    code: str = ""
    value: float | None = None
    unit: str = ""
    probability: float | None = None
    interval: tuple[float, float] | None = None
    because: tuple[str, ...] = ()
    where: str = ""
    severity: Severity = "info"


@dataclass(frozen=True)
class Step:
    """One operation with its arguments: an entry of a plan (what is open is filled in by the run), or of a history.

    `inputs` maps the operation's Image and Mask parameters to names in the case, `args` holds every other argument,
    `hashes` the content of inputs from outside (file, mask, model, table).
    """

    op: str
    args: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    into: str | None = None
    version: str | None = None
    hashes: Mapping[str, str] = field(default_factory=dict)
    seed: int | None = None

    def __post_init__(self) -> None:
        for name in ("args", "inputs", "hashes"):
            object.__setattr__(self, name, freeze(getattr(self, name)))


@dataclass(frozen=True)
class Case:
    """All that is known of one patient's examination; every step returns a fuller one.

    `key` is a keyed HMAC of patient and study; structured identifiers are dropped at reading.
    """

    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    images: Mapping[str, Image] = field(default_factory=dict)
    masks: Mapping[str, Mask] = field(default_factory=dict)
    keypoints: Mapping[str, Keypoints] = field(default_factory=dict)
    transforms: Mapping[str, Transform] = field(default_factory=dict)
    features: Mapping[str, float] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    history: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        for name in ("facts", "images", "masks", "keypoints", "transforms", "features"):
            object.__setattr__(self, name, freeze(getattr(self, name)))
        foreign = set(self.facts) - FACTS
        if foreign:
            raise InputError(f"a case keeps no fact {sorted(foreign)}; the list is closed: {', '.join(sorted(FACTS))}")

    def fingerprint(self) -> str:
        """SHA-256 over everything in the case but its history: two cases are equal when their fingerprints are."""
        return fingerprint([getattr(self, f.name) for f in fields(self) if f.name != "history"])
