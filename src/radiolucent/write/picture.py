"""Pictures for people: PNG and TIFF files, before beside after, heat over a picture."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL.PngImagePlugin import PngInfo

from radiolucent.core import Image, InputError, Mask

from .whole import whole_file

LABEL_COLOURS = np.array(
    [
        (0, 0, 0),
        (230, 159, 0),
        (86, 180, 233),
        (0, 158, 115),
        (240, 228, 66),
        (0, 114, 178),
        (213, 94, 0),
        (204, 121, 167),
    ],
    np.uint8,
)
"""Okabe and Ito's palette, safe for colour-blind readers; label 0 is background."""

_GAP = 8


def write_png(value: Image | Mask, path: Path, *, window: tuple[float, float] | None = None) -> None:
    """8 and 16 bit unsigned pictures as they are; anything else windowed to 8 bit, with the window kept in the file."""
    array = _flat(value, path)
    info = PngInfo()
    if isinstance(value, Mask):
        array = _labels(array, path)
    elif (
        window is not None or array.dtype not in (np.uint8, np.uint16) or (array.ndim == 3 and array.dtype != np.uint8)
    ):
        low, high = window if window is not None else _range(array)
        info.add_text("Window", f"{low:g} to {high:g} {value.unit} shown as 0 to 255")
        array = windowed(array, (low, high))
    Pillow.fromarray(np.ascontiguousarray(array)).save(path, format="PNG", pnginfo=info)


def write_tiff(value: Image | Mask, path: Path) -> None:
    """Values as they are, one page per slice."""
    array = value.array
    if np.iscomplexobj(array):
        raise InputError(f"{path}: complex values cannot be kept in TIFF; write .nii.gz")
    if isinstance(value, Mask):
        array = _labels(array, path)
    colour = isinstance(value, Image) and value.is_colour
    tifffile.imwrite(path, np.ascontiguousarray(array), photometric="rgb" if colour else "minisblack", metadata=None)


def png_bytes(array: NDArray[np.uint8]) -> bytes:
    """A grey (rows, columns) or RGB (rows, columns, 3) byte picture as PNG."""
    buffer = io.BytesIO()
    Pillow.fromarray(np.ascontiguousarray(array)).save(buffer, format="PNG", optimize=True)
    return buffer.getvalue()


def windowed(array: NDArray[Any], window: tuple[float, float]) -> NDArray[np.uint8]:
    """Values from `window` as 0 to 255; what lies outside is clipped, what is not finite is 0."""
    low, high = window
    values = np.nan_to_num(np.abs(array) if np.iscomplexobj(array) else array, nan=low, posinf=high, neginf=low)
    scale = 255 / (high - low) if high > low else 0.0
    return np.rint(np.clip((values.astype(np.float64) - low) * scale, 0, 255)).astype(np.uint8)


def overlay(picture: NDArray[np.uint8], heat: NDArray[Any], *, opacity: float = 0.5) -> NDArray[np.uint8]:
    """Heat (any size, scaled between its least and greatest value) over a grey or RGB byte picture, as RGB.

    Where heat is low the picture shows through; the colours (inferno) grow lighter with heat, so they survive greyscale
    print and colour-blind eyes.
    """
    rows, columns = picture.shape[:2]
    warm = windowed(heat, _range(heat))
    if warm.shape != (rows, columns):
        warm = cv2.resize(warm, (columns, rows), interpolation=cv2.INTER_LINEAR)
    colours = cv2.cvtColor(cv2.applyColorMap(warm, cv2.COLORMAP_INFERNO), cv2.COLOR_BGR2RGB)
    share = (opacity * warm.astype(np.float32) / 255)[..., np.newaxis]
    return np.rint(_rgb(picture) * (1 - share) + colours * share).astype(np.uint8)


def before_after(before: Image, after: Image | Mask, path: str | Path, *, overwrite: bool = False) -> Path:
    """Two pictures side by side as PNG: one window for both, the middle slice of volumes; a mask is drawn as contours."""
    left = _shown(before.array, colour=before.is_colour)
    window = _range(left)
    if isinstance(after, Mask):
        right = contours(windowed(left, window), _shown(after.array, colour=False))
    else:
        new = _shown(after.array, colour=after.is_colour)
        right = _rgb(windowed(new, window if _overlap(window, _range(new)) else _range(new)))
    pair = _beside(_rgb(windowed(left, window)), right)
    with whole_file(path, overwrite=overwrite) as draft:
        draft.write_bytes(png_bytes(pair))
    return Path(path)


def contours(picture: NDArray[np.uint8], labels: NDArray[Any]) -> NDArray[np.uint8]:
    """The inner border of every label, in its own colour, over a grey or RGB byte picture."""
    rgb = _rgb(picture).copy()
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    for label in np.unique(labels[labels != 0]):
        region = (labels == label).astype(np.uint8)
        border = (region - cv2.erode(region, cross)).astype(bool)
        rgb[border] = LABEL_COLOURS[1 + (int(label) - 1) % (len(LABEL_COLOURS) - 1)]
    return rgb


def _flat(value: Image | Mask, path: Path) -> NDArray[Any]:
    colour = isinstance(value, Image) and value.is_colour
    axes = [k for k, count in enumerate(value.grid.shape) if count == 1]
    array = np.squeeze(value.array, tuple(axes[: max(0, len(value.grid.shape) - 2)]))
    if array.ndim - colour != 2:
        raise InputError(
            f"{path}: a PNG holds one picture, this is {value.grid.axes} {value.grid.shape}; write .nii.gz"
        )
    return array


def _labels(array: NDArray[Any], path: Path) -> NDArray[Any]:
    low, high = int(array.min(initial=0)), int(array.max(initial=0))
    if low < 0 or high >= 2**16:
        raise InputError(f"{path}: labels from {low} to {high} do not fit 16 bits; write .nii.gz")
    return array.astype(np.uint8 if high < 256 else np.uint16)


def _range(array: NDArray[Any]) -> tuple[float, float]:
    values = np.abs(array) if np.iscomplexobj(array) else array
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)


def _overlap(one: tuple[float, float], two: tuple[float, float]) -> bool:
    """Whether a common window shows both; a changed scale (0..255 to 0..1) needs one of its own."""
    wide = max(one[1] - one[0], two[1] - two[0], 1e-12)
    return min(one[1], two[1]) - max(one[0], two[0]) > 0.2 * wide


def _shown(array: NDArray[Any], *, colour: bool) -> NDArray[Any]:
    while array.ndim - colour > 2:
        array = array[len(array) // 2]
    return np.abs(array) if np.iscomplexobj(array) else array


def _rgb(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return picture if picture.ndim == 3 else np.repeat(picture[..., np.newaxis], 3, axis=-1)


def _beside(left: NDArray[np.uint8], right: NDArray[np.uint8]) -> NDArray[np.uint8]:
    rows = max(left.shape[0], right.shape[0])
    canvas = np.full((rows, left.shape[1] + _GAP + right.shape[1], 3), 255, np.uint8)
    canvas[: left.shape[0], : left.shape[1]] = left
    canvas[: right.shape[0], left.shape[1] + _GAP :] = right
    return canvas
