"""MetaImage files (.mha, .mhd) of ITK: LPS already, samples in the file or beside it."""

from __future__ import annotations

from math import prod
from pathlib import Path

import numpy as np

from radiolucent.core import Case, Image, UnreadableError
from radiolucent.dicom import damage_named

from .key import content_key
from .lattice import Lattice, arranged
from .outline import Outline, no_samples
from .samples import beside, samples
from .spacing import Spacing, with_spacing

SUFFIXES = (".mha", ".mhd")
LONGEST_HEADER = 2**16
_TYPES = {
    "MET_CHAR": "i1", "MET_UCHAR": "u1", "MET_SHORT": "i2", "MET_USHORT": "u2", "MET_INT": "i4", "MET_UINT": "u4",
    "MET_LONG": "i4", "MET_ULONG": "u4", "MET_LONG_LONG": "i8", "MET_ULONG_LONG": "u8", "MET_FLOAT": "f4", "MET_DOUBLE": "f8",
}  # fmt: skip


def can_read(path: Path) -> bool:
    """By name: .mha or .mhd."""
    return path.is_file() and path.name.lower().endswith(SUFFIXES)


def read(path: Path, *, spacing_mm: Spacing, key: bytes) -> tuple[Case, ...]:
    """One case with one image, keyed by its samples."""
    with damage_named(path, "read as MetaImage"):
        fields, start = _header(path)
        data = _data(path, fields)
        lattice = _lattice(fields)
        flat = samples(
            path,
            data,
            start if data == path else int(fields.get("HeaderSize", 0)),
            sizes=lattice.sizes,
            dtype=_dtype(path, fields),
            encoding="zlib"
            if _says(fields, "CompressedData")
            else "raw"
            if _says(fields, "BinaryData", True)
            else "ascii",
        )
        array, grid = arranged(flat, lattice)
    grid, findings = with_spacing(grid, spacing_mm)
    return (Case(key=content_key(data, key), images={"image": Image(array, grid)}, findings=findings),)


def data_file(path: Path) -> Path:
    """The file that holds the samples: the file itself, or one beside it."""
    with damage_named(path, "read as MetaImage"):
        return _data(path, _header(path)[0])


def outline(path: Path) -> Outline:
    """Grid, channels and bits, out of the header."""
    with damage_named(path, "read as MetaImage"):
        fields, _ = _header(path)
        lattice = _lattice(fields)
        array, grid = arranged(no_samples(prod(lattice.sizes)), lattice)
        channels = 3 if array.ndim > len(grid.shape) else 1
        return Outline(grid, channels, 8 * _dtype(path, fields).itemsize, _data(path, fields))


def _data(path: Path, fields: dict[str, str]) -> Path:
    """The file that holds the samples."""
    kept = fields["ElementDataFile"]
    if kept.upper().startswith("LIST") or "%" in kept:
        raise UnreadableError(f"{path} spreads its samples over several files, which cannot be read; save it as one")
    return path if kept.upper() == "LOCAL" else beside(path, kept)


def _header(path: Path) -> tuple[dict[str, str], int]:
    fields: dict[str, str] = {}
    with path.open("rb") as file:
        while file.tell() < LONGEST_HEADER and "ElementDataFile" not in fields:
            line = file.readline(LONGEST_HEADER)
            name, equals, value = line.decode("utf-8", "replace").partition("=")
            if not line or not equals:
                break
            fields[name.strip()] = value.strip()
        if "ElementDataFile" not in fields:
            raise UnreadableError(f"{path} is not a MetaImage file: its header names no ElementDataFile")
        return fields, file.tell()


def _lattice(fields: dict[str, str]) -> Lattice:
    count = int(fields["NDims"])
    sizes = tuple(int(word) for word in fields["DimSize"].split())
    colours = int(fields.get("ElementNumberOfChannels", 1))
    spacing = _numbers(fields, ("ElementSpacing", "ElementSize"), count)
    turn = _numbers(fields, ("TransformMatrix", "Rotation", "Orientation"), count * count)
    origin = _numbers(fields, ("Offset", "Position", "Origin"), count)
    if len(sizes) != count or count > 4 or colours not in (1, 3):
        raise UnreadableError(
            f"{sizes} samples of {colours} channels cannot be read; two to four axes, grey or RGB, can"
        )
    steps = None
    if spacing is not None and turn is not None and origin is not None and count > 2:
        matrix = turn.reshape(count, count)[:3, :3] * spacing[:3, None]
        steps = (*matrix, *[None] * (count - 3))
    if colours > 1:
        return Lattice(
            sizes=(colours, *sizes),
            steps=None if steps is None else (None, *steps),
            spacing_mm=None if spacing is None else (None, *spacing.tolist()),
            origin_mm=None if steps is None or origin is None else origin[:3],
            channels=0,
            moments=4 if count == 4 else None,
        )
    return Lattice(
        sizes=sizes,
        steps=steps,
        spacing_mm=None if spacing is None else tuple(spacing.tolist()),
        origin_mm=None if steps is None or origin is None else origin[:3],
        moments=3 if count == 4 else None,
    )


def _numbers(fields: dict[str, str], names: tuple[str, ...], count: int) -> np.ndarray | None:
    for name in names:
        if name in fields:
            numbers = np.array([float(word) for word in fields[name].split()])
            return numbers if len(numbers) == count and np.all(np.isfinite(numbers)) else None
    return None


def _dtype(path: Path, fields: dict[str, str]) -> np.dtype:
    kind = _TYPES.get(fields["ElementType"].upper().removesuffix("_ARRAY"))
    if kind is None:
        raise UnreadableError(f"{path} holds {fields['ElementType']}, which cannot be read; save it anew")
    big = _says(fields, "BinaryDataByteOrderMSB") or _says(fields, "ElementByteOrderMSB")
    return np.dtype((">" if big else "<") + kind)


def _says(fields: dict[str, str], name: str, default: bool = False) -> bool:
    return fields.get(name, str(default)).lower() == "true"
