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
    affine = _affine(grid)
    file = nibabel.Nifti1Image(turned, affine, _header(turned, grid, affine), dtype=turned.dtype)
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


def _header(array: NDArray[Any], grid: Grid, affine: NDArray[np.float64] | None) -> Any:
    header = nibabel.Nifti1Header()
    header.set_data_dtype(array.dtype)
    header.set_data_shape(array.shape)
    step = _even_step(grid.times_s) if grid.times_s else None
    spacing = list(reversed(grid.spacing_mm)) if grid.spacing_mm else [1.0] * len(grid.spatial_axes)
    spacing += [1.0] * (min(array.ndim, 3) - len(spacing))
    header.set_zooms([*spacing, step or 1.0][: array.ndim] if array.ndim > 3 else spacing)
    header.set_xyzt_units("mm" if grid.spacing_mm else "unknown", "sec" if step else "unknown")
    header.set_sform(affine, code=0 if affine is None else 1)
    rigid = affine is not None and _is_rigid(affine)
    header.set_qform(affine if rigid else None, code=1 if rigid else 0)
    return header


def _is_rigid(affine: NDArray[np.float64]) -> bool:
    axes = affine[:3, :3] / np.linalg.norm(affine[:3, :3], axis=0)
    return bool(np.allclose(axes.T @ axes, np.eye(3), atol=1e-6))


def _even_step(times_s: tuple[float, ...]) -> float | None:
    steps = np.diff(times_s)
    return float(steps[0]) if len(steps) and np.allclose(steps, steps[0], rtol=1e-3) and steps[0] > 0 else None
