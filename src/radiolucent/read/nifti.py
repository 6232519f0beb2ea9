"""NIfTI files: RAS becomes LPS, and (x, y, z, t) becomes (t, z, y, x); oblique and sheared grids stay as they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nibabel
import numpy as np
from nibabel.filebasedimages import ImageFileError
from nibabel.spatialimages import HeaderDataError
from numpy.typing import NDArray

from radiolucent.core import Case, Grid, Image, UnreadableError
from radiolucent.dicom import damage_named, within_limits

from .key import content_key
from .outline import Outline
from .spacing import Spacing, with_spacing

SUFFIXES = (".nii", ".nii.gz")
_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])
_MM = {"meter": 1000.0, "mm": 1.0, "micron": 0.001, "unknown": 1.0}
_SECONDS = {"sec": 1.0, "msec": 1e-3, "usec": 1e-6}


def can_read(path: Path) -> bool:
    """By name: .nii or .nii.gz."""
    return path.is_file() and path.name.lower().endswith(SUFFIXES)


def read(path: Path, *, spacing_mm: Spacing, key: bytes) -> tuple[Case, ...]:
    """One case with one image, keyed by the file's content."""
    with damage_named(path, "read as NIfTI"):
        image = _image(path)
    grid, findings = with_spacing(image.grid, spacing_mm)
    image = image.with_array(image.array, grid=grid)
    return (Case(key=content_key(path, key), images={"image": image}, findings=findings),)


def outline(path: Path) -> Outline:
    """Grid, channels and bits, out of the header."""
    with damage_named(path, "read as NIfTI"):
        file, shape = _opened(path)
        stored = file.get_data_dtype()
        colours = len(stored.fields) if stored.fields else 1
        return Outline(_grid(file, shape), min(colours, 3), 8 * stored.itemsize // colours, path)


def _opened(path: Path) -> tuple[Any, tuple[int, ...]]:
    """The file, its samples not yet read, and its shape without single moments."""
    try:
        file: Any = nibabel.load(path)
    except (ImageFileError, HeaderDataError) as error:
        raise UnreadableError(f"{path} is not a NIfTI file that can be read: {error}") from error
    shape = tuple(int(n) for n in file.shape)
    within_limits(path, shape, max(4, file.get_data_dtype().itemsize))
    while len(shape) > 3 and shape[-1] == 1:
        shape = shape[:-1]
    if not 2 <= len(shape) <= 4:
        raise UnreadableError(f"{path} has the shape {shape}; two to four axes can be read")
    return file, shape


def _image(path: Path) -> Image:
    file, shape = _opened(path)
    colour = file.get_data_dtype().fields is not None
    array = _values(file)
    array = array.reshape(shape + array.shape[array.ndim - 1 :] if colour else shape, order="A")
    order = tuple(reversed(range(len(shape)))) + ((len(shape),) if colour else ())
    return Image(array.transpose(order), _grid(file, shape))


def _values(file: Any) -> NDArray[Any]:
    """Scaled values as float32 (float64 where the file holds more), unscaled ones in the file's own type."""
    stored = file.get_data_dtype()
    if stored.fields is not None:
        coloured = np.asanyarray(file.dataobj)
        return np.stack([coloured[name] for name in ("R", "G", "B")], axis=-1)
    proxy = file.dataobj  # it keeps slope and intercept; the loaded header has lost them
    if (getattr(proxy, "slope", 1), getattr(proxy, "inter", 0)) == (1, 0):
        array = proxy.get_unscaled() if hasattr(proxy, "get_unscaled") else np.asanyarray(proxy)
        return np.asarray(array).astype(stored.newbyteorder("="), copy=False)
    return np.asarray(proxy, dtype=np.float32 if stored.itemsize <= 2 else np.float64)


def _grid(file: Any, shape: tuple[int, ...]) -> Grid:
    header, spatial = file.header, min(3, len(shape))
    unit, time_unit = header.get_xyzt_units() if hasattr(header, "get_xyzt_units") else ("unknown", "unknown")
    factor = _MM.get(unit, 1.0)
    zooms = [abs(float(zoom)) for zoom in header.get_zooms()]
    axes, ours = "tzyx"[4 - len(shape) :], tuple(reversed(shape))
    times = None
    if len(shape) == 4 and len(zooms) > 3 and zooms[3] > 0 and time_unit in _SECONDS:
        times = tuple(frame * zooms[3] * _SECONDS[time_unit] for frame in range(shape[3]))
    placed = _placed(file)
    if placed is None:
        known = all(z > 0 for z in zooms[:spatial]) and (unit != "unknown" or any(z != 1 for z in zooms[:spatial]))
        spacing = tuple(zoom * factor for zoom in reversed(zooms[:spatial])) if known else None
        return Grid(ours, axes, spacing_mm=spacing, times_s=times)
    columns = [placed[:3, k] * factor for k in reversed(range(spatial))]
    lengths = [float(np.linalg.norm(column)) for column in columns]
    if min(lengths) == 0 or not np.all(np.isfinite(placed)):
        return Grid(ours, axes, times_s=times)
    return Grid(
        ours,
        axes,
        spacing_mm=tuple(lengths),
        times_s=times,
        origin_mm=_vector(placed[:3, 3] * factor),
        direction=tuple(_vector(column / length) for column, length in zip(columns, lengths)),
    )


def _placed(file: Any) -> NDArray[np.float64] | None:
    """The LPS affine of the file, or `None` where neither sform nor qform is declared."""
    header = file.header
    if "sform_code" in header and not int(header["sform_code"]) and not int(header["qform_code"]):
        return None
    return _LPS @ np.asarray(file.affine, float)


def _vector(values: NDArray[np.float64]) -> tuple[float, float, float]:
    x, y, z = (float(value) for value in values)
    return (x, y, z)
