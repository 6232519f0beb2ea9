"""NRRD files (.nrrd, .nhdr): volumes and series, and segmentations of 3D Slicer with the names of their segments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from math import prod
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from radiolucent.core import Case, Grid, Image, Mask, UnreadableError
from radiolucent.dicom import damage_named

from .key import content_key
from .lattice import Lattice, arranged
from .outline import Outline, no_samples
from .samples import beside, samples
from .spacing import Spacing, with_spacing

LONGEST_HEADER = 2**20
_WORDS = {
    "signedchar": "i1",
    "uchar": "u1",
    "unsignedchar": "u1",
    "short": "i2",
    "ushort": "u2",
    "int": "i4",
    "uint": "u4",
}
_WORDS |= {
    "signedint": "i4",
    "unsignedint": "u4",
    "signedshort": "i2",
    "unsignedshort": "u2",
    "float": "f4",
    "double": "f8",
}
_WORDS |= {"longlong": "i8", "ulonglong": "u8", "unsignedlonglong": "u8", "signedlonglong": "i8"}
_WORDS |= {f"{sign}int{8 * size}": f"{kind}{size}" for sign, kind in (("", "i"), ("u", "u")) for size in (1, 2, 4, 8)}
_SPACES = {
    "left-posterior-superior": (1, 1, 1), "lps": (1, 1, 1), "right-anterior-superior": (-1, -1, 1), "ras": (-1, -1, 1),
    "left-anterior-superior": (1, -1, 1), "las": (1, -1, 1),
}  # fmt: skip
_ENCODINGS = {"raw": "raw", "gzip": "gzip", "gz": "gzip", "bzip2": "bzip2", "bz2": "bzip2"}
_ENCODINGS |= dict.fromkeys(("ascii", "text", "txt"), "ascii")
_COLOURS = ("3-color", "rgb-color")


def can_read(path: Path) -> bool:
    """By content: the first four letters."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"NRRD"


def read(path: Path, *, spacing_mm: Spacing, key: bytes) -> tuple[Case, ...]:
    """One case with one image, or with the masks of a segmentation."""
    with damage_named(path, "read as NRRD"):
        fields, data, start = _header(path)
        lattice = _lattice(fields)
        array, grid = arranged(_flat(path, fields, data, start, lattice), lattice)
    grid, findings = with_spacing(grid, spacing_mm)
    if any(name.startswith("Segment0_") for name in fields):
        return (Case(key=content_key(data, key), masks=_segments(array, grid, fields), findings=findings),)
    return (Case(key=content_key(data, key), images={"image": Image(array, grid)}, findings=findings),)


def data_file(path: Path) -> Path:
    """The file that holds the samples: the file itself, or one beside it."""
    with damage_named(path, "read as NRRD"):
        return _header(path)[1]


def outline(path: Path) -> Outline:
    """Grid, channels and bits, out of the header."""
    with damage_named(path, "read as NRRD"):
        fields, data, _ = _header(path)
        lattice = _lattice(fields)
        array, grid = arranged(no_samples(prod(lattice.sizes)), lattice)
        bits = 8 * _dtype(path, fields).itemsize
        is_mask = any(name.startswith("Segment0_") for name in fields)
        return Outline(grid, 3 if array.ndim > len(grid.shape) else 1, bits, data, is_mask)


def _header(path: Path) -> tuple[dict[str, str], Path, int]:
    """Fields and keys, the file that holds the samples, and where in it they start."""
    with path.open("rb") as file:
        content = file.read(LONGEST_HEADER)
    blank = re.search(rb"\r?\n\r?\n", content)
    text, end = (content, len(content)) if blank is None else (content[: blank.start()], blank.end())
    fields: dict[str, str] = {}
    for line in text.decode("utf-8", "replace").splitlines()[1:]:
        found = re.match(r"([^#:][^:]*):(=| )?\s*(.*)", line)
        if found:
            fields[found[1].strip() if found[2] == "=" else found[1].strip().lower()] = found[3].strip()
    apart = fields.get("data file") or fields.get("datafile")
    if apart is None:
        return fields, path, end
    if apart.startswith("LIST") or "%" in apart:
        raise UnreadableError(f"{path} spreads its samples over several files, which cannot be read; save it as one")
    return fields, beside(path, apart), int(fields.get("byte skip", 0))


def _flat(path: Path, fields: Mapping[str, str], data: Path, start: int, lattice: Lattice) -> NDArray[np.generic]:
    dtype, encoding = _dtype(path, fields), _ENCODINGS[fields["encoding"].lower()]
    if int(fields.get("line skip", 0)):
        raise UnreadableError(f"{path} skips lines of another header, which cannot be read; save it anew")
    return samples(path, data, start, sizes=lattice.sizes, dtype=dtype, encoding=encoding)


def _dtype(path: Path, fields: Mapping[str, str]) -> np.dtype[np.generic]:
    """The type of the samples, where they can be read."""
    kind = _WORDS.get(
        re.sub(r"(int\d*)_t$", r"\1", fields["type"].lower().replace(" ", "")).replace("shortint", "short")
    )
    if kind is None or fields["encoding"].lower() not in _ENCODINGS:
        raise UnreadableError(
            f"{path} holds {fields['type']} as {fields['encoding']}, which cannot be read; save it anew"
        )
    return np.dtype((">" if fields.get("endian", "little").lower() == "big" else "<") + kind)


def _lattice(fields: Mapping[str, str]) -> Lattice:
    sizes = tuple(int(word) for word in fields["sizes"].split())
    kinds = [word.lower() for word in fields.get("kinds", "").split()] or ["domain"] * len(sizes)
    channels = next((k for k, kind in enumerate(kinds) if kind in _COLOURS and sizes[k] == 3), None)
    turn = _SPACES.get(fields.get("space", "").lower().removesuffix("-time"))
    steps = None
    if "space directions" in fields:
        found = re.findall(r"none|\([^)]*\)", fields["space directions"])
        steps = tuple(None if word == "none" else _vector(word) for word in found)
    outside = [k for k in range(len(sizes)) if k != channels and _is_outside(k, kinds, steps, len(sizes), channels)]
    if len(outside) > 1:
        raise UnreadableError(f"axes {outside} of {sizes} do not lie in space; one such axis can be read")
    stated = fields.get("spacings", "").split()
    spacing: tuple[float | None, ...] | None = tuple(float(word) for word in stated) if stated else None
    if steps is not None and turn is None:
        spacing, steps = tuple(None if step is None else float(np.linalg.norm(step)) for step in steps), None
    origin = fields.get("space origin")
    times = fields.get("times_s", "").split()
    return Lattice(
        sizes=sizes,
        steps=None if steps is None or turn is None else tuple(None if s is None else s * turn for s in steps),
        spacing_mm=spacing,
        origin_mm=_vector(origin) * turn if origin and turn else None,
        channels=channels,
        moments=outside[0] if outside else None,
        times_s=tuple(float(word) for word in times) if times else None,
    )


def _is_outside(
    axis: int, kinds: list[str], steps: tuple[NDArray[np.float64] | None, ...] | None, count: int, channels: int | None
) -> bool:
    if steps is not None:
        return steps[axis] is None
    return kinds[axis] not in ("domain", "space") or (count - (channels is not None) > 3 and axis == count - 1)


def _vector(word: str) -> NDArray[np.float64]:
    numbers = [float(part) for part in word.strip("() ").split(",")]
    return np.array([*numbers, 0.0] if len(numbers) == 2 else numbers)


def _segments(array: NDArray[np.generic], grid: Grid, fields: Mapping[str, str]) -> dict[str, Mask]:
    """One mask for each layer: segments of one layer do not overlap."""
    names: dict[int, dict[int, str]] = {}
    for name, value in fields.items():
        found = re.fullmatch(r"Segment(\d+)_Name", name)
        if found:
            label = int(fields.get(f"Segment{found[1]}_LabelValue", int(found[1]) + 1))
            names.setdefault(int(fields.get(f"Segment{found[1]}_Layer", 0)), {})[label] = value
    if "t" not in grid.axes:
        return {"mask": Mask(array, grid, names.get(0, {}))}
    flat = replace(grid, shape=grid.shape[1:], axes=grid.axes[1:], times_s=None)
    masks = [Mask(layer, flat, names.get(k, {})) for k, layer in enumerate(array)]
    return {"mask" if k == 0 else f"mask_{k + 1}": mask for k, mask in enumerate(masks)}
