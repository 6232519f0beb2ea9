"""Images and masks as NIfTI: LPS becomes RAS, (t, z, y, x) becomes (x, y, z, t)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nibabel
import numpy as np
from numpy.typing import NDArray

from radiolucent.core import Grid, Image, InputError, Mask

_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])
_STORABLE = ["u1", "i1", "u2", "i2", "u4", "i4", "f4", "f8", "c8", "c16"]
_RGB = np.dtype([("R", "u1"), ("G", "u1"), ("B", "u1")])


def write_nifti(value: Image | Mask, path: Path) -> None:
    """Write to `path`; where the place is unknown neither qform nor sform is declared, and spacing stands alone.

    Frame times are kept where they are even.
    """
    array, grid = value.array, value.grid
    if isinstance(value, Image) and value.is_colour:
        array = _rgb(array)
    if "t" in grid.axes and len(grid.axes) < 4:
        array = array[:, np.newaxis] if "z" not in grid.axes else array
    turned = _storable(array.transpose(tuple(reversed(range(array.ndim)))))
    file = nibabel.Nifti1Image(turned, _affine(grid), dtype=turned.dtype)
    _describe(file, grid, turned.ndim)
    nibabel.save(file, path)


def _storable(array: NDArray[Any]) -> NDArray[Any]:
    if array.dtype.fields is not None or array.dtype.str[1:] in _STORABLE:
        return array
    if array.dtype.kind == "b":
        return array.astype(np.uint8)
    if array.dtype.kind in "iu":
        low, high = int(array.min(initial=0)), int(array.max(initial=0))
        if low >= -(2**31) and high < 2**31:
            return array.astype(np.int32)
    return array.astype(np.float32 if array.dtype.itemsize <= 2 else np.float64)


def _rgb(array: NDArray[Any]) -> NDArray[Any]:
    if array.dtype != np.uint8 or array.shape[-1] != 3:
        raise InputError(f"NIfTI keeps colour as three bytes, this picture has {array.dtype} x {array.shape[-1]}")
    return np.ascontiguousarray(array).view(_RGB)[..., 0]


def _affine(grid: Grid) -> NDArray[np.float64] | None:
    """4 x 4 from (i, j, k) to RAS; a flat picture gets the normal of its plane as third axis."""
    ours = grid.affine
    if ours is None:
        return None
    columns = [ours[:3, k] for k in reversed(range(ours.shape[1] - 1))]
    if len(columns) == 2:
        normal = np.cross(columns[0], columns[1])
        columns.append(normal / np.linalg.norm(normal))
    full = np.eye(4)
    full[:3, :3], full[:3, 3] = np.column_stack(columns), ours[:3, -1]
    return _RAS @ full


def _describe(file: Any, grid: Grid, axes: int) -> None:
    placed, times = grid.affine is not None, grid.times_s
    file.set_sform(file.affine if placed else None, code=1 if placed else 0)
    file.set_qform(file.affine if placed else None, code=1 if placed and _is_rigid(file.affine) else 0)
    spacing = list(reversed(grid.spacing_mm)) if grid.spacing_mm else [1.0] * len(grid.spatial_axes)
    spacing += [1.0] * (min(axes, 3) - len(spacing))
    step = _even_step(times) if times else None
    file.header.set_zooms([*spacing, step or 1.0][:axes] if axes > 3 else spacing[:axes])
    file.header.set_xyzt_units("mm" if grid.spacing_mm else "unknown", "sec" if step else "unknown")


def _is_rigid(affine: NDArray[np.float64]) -> bool:
    axes = affine[:3, :3] / np.linalg.norm(affine[:3, :3], axis=0)
    return bool(np.allclose(axes.T @ axes, np.eye(3), atol=1e-6))


def _even_step(times_s: tuple[float, ...]) -> float | None:
    steps = np.diff(times_s)
    return float(steps[0]) if len(steps) and np.allclose(steps, steps[0], rtol=1e-3) and steps[0] > 0 else None
