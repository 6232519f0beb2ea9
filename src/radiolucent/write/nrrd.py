"""Images and masks as NRRD, samples compressed; names of labels as 3D Slicer keeps them."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from radiolucent.core import Grid, Image, InputError, Mask

_TYPES = {
    "i1": "int8", "u1": "uint8", "i2": "int16", "u2": "uint16", "i4": "int32", "u4": "uint32", "i8": "int64", "u8": "uint64",
    "f4": "float", "f8": "double",
}  # fmt: skip


def write_nrrd(value: Image | Mask, path: Path) -> None:
    """Write to `path`; where the place is unknown no space is declared, and spacing stands alone if it is known."""
    array = _storable(value.array, path)
    colour = isinstance(value, Image) and value.is_colour
    lines = ["NRRD0005", "# made by radiolucent", f"type: {_TYPES[array.dtype.str[1:]]}", f"dimension: {array.ndim}"]
    sizes = [*array.shape[len(value.grid.shape) :], *reversed(value.grid.shape)]
    lines += [f"sizes: {' '.join(map(str, sizes))}", "endian: little", "encoding: gzip"]
    lines += _places(value.grid, colour=colour)
    if value.grid.times_s:
        lines.append(f"times_s:={' '.join(repr(float(time)) for time in value.grid.times_s)}")
    if isinstance(value, Mask):
        lines += _segments(value)
    with path.open("wb") as file:
        file.write(("\n".join(lines) + "\n\n").encode())
        with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=4, mtime=0, filename="") as packed:
            packed.write(np.ascontiguousarray(array.astype(array.dtype.newbyteorder("<"))).data)


def _storable(array: NDArray[Any], path: Path) -> NDArray[Any]:
    if np.iscomplexobj(array):
        raise InputError(f"{path.name}: complex values cannot be kept in NRRD; write .nii.gz")
    if array.dtype.kind == "b":
        return array.astype(np.uint8)
    return array if array.dtype.str[1:] in _TYPES else array.astype(np.float32)


def _places(grid: Grid, *, colour: bool) -> list[str]:
    kinds = (["RGB-color"] if colour else []) + ["domain" if axis != "t" else "list" for axis in reversed(grid.axes)]
    lines = [f"kinds: {' '.join(kinds)}"]
    steps: list[str] = []
    if grid.affine is not None:
        steps = [f"({','.join(repr(float(v)) for v in grid.affine[:3, k])})" for k in range(grid.affine.shape[1] - 1)]
        lines += [
            "space: left-posterior-superior",
            f"space origin: ({','.join(repr(float(v)) for v in grid.origin_mm or ())})",
        ]
    elif grid.spacing_mm is not None:
        steps = [repr(float(value)) for value in grid.spacing_mm]
    if not steps:
        return lines
    none = "none" if grid.affine is not None else "nan"
    each = ([none] if colour else []) + list(reversed(steps)) + ([none] if "t" in grid.axes else [])
    return [*lines, f"{'space directions' if grid.affine is not None else 'spacings'}: {' '.join(each)}"]


def _segments(mask: Mask) -> list[str]:
    lines = []
    for number, (label, name) in enumerate(sorted(mask.names.items())):
        keys = {"ID": f"Segment_{number + 1}", "Name": " ".join(name.split()), "LabelValue": label, "Layer": 0}
        lines += [f"Segment{number}_{key}:={value}" for key, value in keys.items()]
    return lines
