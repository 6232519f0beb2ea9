"""PNG, JPEG, TIFF and BMP: 8 or 16 bit, grey or colour, upright; their dpi are no spacing, so spacing is unknown."""

from __future__ import annotations

import logging
import struct
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageOps

from radiolucent.core import Case, Grid, Image, UnreadableError
from radiolucent.dicom import damage_named, within_limits

from .key import content_key
from .outline import Outline
from .spacing import Spacing, with_spacing

logging.getLogger("tifffile").addHandler(logging.NullHandler())  # damage is raised, not logged

_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"BM")
_TIFF = _SIGNATURES[2:6]
SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp")


def can_read(path: Path) -> bool:
    """By content, not by name."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(8).startswith(_SIGNATURES)


def read(path: Path, *, spacing_mm: Spacing, key: bytes) -> tuple[Case, ...]:
    """One case with one image, keyed by the file's content."""
    image, findings = picture(path, spacing_mm=spacing_mm)
    return (Case(key=content_key(path, key), images={"image": image}, findings=findings),)


def outline(path: Path) -> Outline:
    """Grid, channels and bits, out of the header."""
    with path.open("rb") as file:
        start = file.read(4)
    with damage_named(path, "read as a picture"):
        shape, channels, bits = _tiff_outline(path) if start in _TIFF else _pillow_outline(path)
    if not 2 <= len(shape) <= 3:
        raise UnreadableError(f"{path} holds an array of shape {shape}; a picture or a stack of them is needed")
    return Outline(Grid(shape=shape, axes="zyx"[-len(shape) :]), channels, bits, path)


def _pillow_outline(path: Path) -> tuple[tuple[int, ...], int, int]:
    try:
        with Pillow.open(path) as opened:
            width, height = opened.size
            turned = opened.getexif().get(0x0112, 1) in (5, 6, 7, 8)
            grey = opened.mode in ("I;16", "I;16B", "I;16L", "I", "F", "L", "1", "LA", "La")
            deep = _is_deep_colour(path)
            bits = 32 if opened.mode == "F" else 16 if opened.mode.startswith("I") or deep else 8
            return (width, height) if turned and not deep else (height, width), 1 if grey else 3, bits
    except Pillow.DecompressionBombError as error:
        raise UnreadableError(f"{path} is refused as a decompression bomb: {error}") from error


def _tiff_outline(path: Path) -> tuple[tuple[int, ...], int, int]:
    with tifffile.TiffFile(path) as opened:
        series, page = opened.series[0], opened.series[0].keyframe
        shape = tuple(int(n) for n in np.squeeze(np.broadcast_to(np.uint8(0), series.shape)).shape)
        colour = page.samplesperpixel > 1 and shape[-1] == page.samplesperpixel
        shape = shape[:-1] if colour else shape
        turn = page.tags.get("Orientation")
        if turn is not None and int(turn.value) >= 5 and len(shape) == 2:
            shape = shape[::-1]
        palette = page.photometric == tifffile.PHOTOMETRIC.PALETTE
        bits = 8 * (series.dtype.itemsize if series.dtype else 1)
        return shape, 3 if palette or (colour and page.samplesperpixel > 2) else 1, 8 if palette else bits


def picture(path: Path, *, spacing_mm: Spacing = None) -> tuple[Image, tuple[Any, ...]]:
    """The picture as an Image, and remarks on its spacing."""
    with path.open("rb") as file:
        start = file.read(4)
    with damage_named(path, "read as a picture"):
        array = _tiff(path) if start in _TIFF else _pillow(path)
    colour = array.ndim > 2 and array.shape[-1] == 3
    shape = array.shape[:-1] if colour else array.shape
    if not 2 <= len(shape) <= 3:
        raise UnreadableError(f"{path} holds an array of shape {array.shape}; a picture or a stack of them is needed")
    grid, findings = with_spacing(Grid(shape=shape, axes="zyx"[-len(shape) :]), spacing_mm)
    return Image(array, grid), findings


def _pillow(path: Path) -> NDArray[Any]:
    try:
        with Pillow.open(path) as opened:
            width, height = opened.size
            within_limits(path, (height, width, len(opened.getbands())), 2)
            if _is_deep_colour(path):
                return _without_alpha(imagecodecs.png_decode(path.read_bytes()))
            return _array(ImageOps.exif_transpose(opened))
    except Pillow.DecompressionBombError as error:
        raise UnreadableError(f"{path} is refused as a decompression bomb: {error}") from error


def _array(opened: Pillow.Image) -> NDArray[Any]:
    if opened.mode in ("I;16", "I;16B", "I;16L", "I", "F", "L"):
        array = np.asarray(opened)
        if opened.mode == "I" and array.size and array.min() >= 0 and array.max() < 2**16:
            array = array.astype(np.uint16)
        return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))
    grey = opened.mode in ("1", "LA", "La")
    return np.asarray(opened.convert("L" if grey else "RGB"))


def _is_deep_colour(path: Path) -> bool:
    """A PNG of 16 bits per colour, which Pillow would cut to 8."""
    with path.open("rb") as file:
        start = file.read(26)
    if not start.startswith(_SIGNATURES[0]) or len(start) < 26:
        return False
    depth, kind = struct.unpack("BB", start[24:26])
    return depth == 16 and kind in (2, 4, 6)


def _without_alpha(array: NDArray[Any]) -> NDArray[Any]:
    return array[..., 0] if array.shape[-1] == 2 else array[..., :3]


def _tiff(path: Path) -> NDArray[Any]:
    with tifffile.TiffFile(path) as opened:
        series = opened.series[0]
        within_limits(path, tuple(series.shape), series.dtype.itemsize if series.dtype else 8)
        if any(end > path.stat().st_size for end in _ends(opened)):
            raise UnreadableError(f"{path} is truncated; export it again or leave it out")
        array = series.asarray()
        page = series.keyframe
        white_is_zero = page.photometric == tifffile.PHOTOMETRIC.MINISWHITE
        palette = page.colormap if page.photometric == tifffile.PHOTOMETRIC.PALETTE else None
        turn = page.tags.get("Orientation")
    if palette is not None:
        array = np.moveaxis(palette[:, array] >> 8, 0, -1).astype(np.uint8)
    if array.dtype.kind == "b":
        array = array.astype(np.uint8) * 255
    if white_is_zero and array.dtype.kind == "u":
        array = np.iinfo(array.dtype).max - array
    array = np.squeeze(array)
    if array.ndim > 2 and array.shape[-1] in (2, 4) and page.samplesperpixel in (2, 4):
        array = _without_alpha(array)
    return _upright(array, int(turn.value) if turn is not None else 1)


def _ends(opened: tifffile.TiffFile) -> list[int]:
    pages = opened.series[0].pages
    return [o + n for page in pages if page is not None for o, n in zip(page.dataoffsets, page.databytecounts)]


def _upright(array: NDArray[Any], orientation: int) -> NDArray[Any]:
    """TIFF's orientation tag, 1 (upright) to 8, for a single picture."""
    if orientation == 1 or (array.ndim > 2 and array.shape[-1] != 3):
        return array
    if orientation >= 5:
        array = np.swapaxes(array, 0, 1)
    flips = {2: (1,), 3: (0, 1), 4: (0,), 6: (1,), 7: (0, 1), 8: (0,)}.get(orientation, ())
    return np.flip(array, flips)
