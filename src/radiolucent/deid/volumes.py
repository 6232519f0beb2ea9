"""NRRD and MetaImage: the fields that describe the samples stay, comments and keys of anybody's own go."""

from __future__ import annotations

import re

from .elements import DamageError
from .header import RefusedError
from .text import cleaned

LONGEST_HEADER = 2**20
_NRRD = frozenset(
    {"type", "dimension", "sizes", "space", "space dimension", "space directions", "space origin", "space units",
     "kinds", "encoding", "endian", "spacings", "units", "centers", "centerings", "thicknesses", "measurement frame",
     "axis mins", "axis maxs", "min", "max", "block size", "byte skip", "line skip"}
)  # fmt: skip
_SEGMENT = re.compile(r"Segment\d+_(?:LabelValue|Layer|Color|Extent|Name)")
_META = frozenset(
    {"ObjectType", "NDims", "BinaryData", "BinaryDataByteOrderMSB", "CompressedData", "CompressedDataSize", "DimSize",
     "TransformMatrix", "Offset", "Position", "Origin", "Orientation", "CenterOfRotation", "AnatomicalOrientation",
     "ElementSpacing", "ElementSize", "ElementType", "ElementNumberOfChannels", "ElementByteOrderMSB", "HeaderSize",
     "ElementMin", "ElementMax", "ElementDataFile"}
)  # fmt: skip
_PLAIN = re.compile(r"[\w.,:;()+\-\" ]*")
"""What stays besides: words, numbers, vectors."""


def cleaned_nrrd(data: bytes) -> tuple[bytes, int]:
    """The file with known fields only, and how many lines were left out or cut."""
    head, rest = _parted(data, re.compile(rb"\r?\n\r?\n"))
    kept, cut = [], 0
    lines = head.decode("utf-8", "replace").splitlines()
    for line in lines[1:]:
        found = re.match(r"([^#:][^:]*):(=?)\s*(.*)", line)
        new = _nrrd_line(*found.groups()) if found else None
        cut += new != line
        kept += [new] if new is not None else []
    return "\n".join((lines[0][:8], *kept)).encode() + b"\n\n" + _repacked(rest, kept), cut


def _nrrd_line(name: str, is_key: str, value: str) -> str | None:
    field = name.strip().lower()
    if field in ("data file", "datafile"):
        raise RefusedError("its samples lie in another file; save it as one")
    if is_key:
        return f"{name}:={cleaned(value).text}" if _SEGMENT.fullmatch(name) else None
    return f"{name}: {value}" if field in _NRRD and _PLAIN.fullmatch(value) else None


def _repacked(rest: bytes, lines: list[str]) -> bytes:
    """A gzip member may tell its file's old name and its time: these go, the packed samples stay."""
    packed = any(re.match(r"encoding:\s*(?:gzip|gz)\s*$", line, re.IGNORECASE) for line in lines)
    if not packed or rest[:2] != b"\x1f\x8b":
        return rest
    flags, at = rest[3], 10
    at += 2 + int.from_bytes(rest[10:12], "little") if flags & 4 else 0
    for bit in (8, 16):
        at = rest.index(b"\0", at) + 1 if flags & bit else at
    at += 2 if flags & 2 else 0
    return rest[:3] + b"\0" * 5 + rest[8:10] + rest[at:]


def cleaned_metaimage(data: bytes) -> tuple[bytes, int]:
    """The same for .mha."""
    head, rest = _parted(data, re.compile(rb"(?m)^ElementDataFile\s*=.*\r?\n"), with_mark=True)
    kept, cut = [], 0
    for line in head.decode("utf-8", "replace").splitlines():
        name, _, value = (part.strip() for part in line.partition("="))
        if name == "ElementDataFile" and value.upper() != "LOCAL":
            raise RefusedError("its samples lie in another file; save it as one")
        is_plain = name in _META and bool(_PLAIN.fullmatch(value))
        kept += [f"{name} = {value}"] if is_plain else []
        cut += not is_plain
    return "\n".join(kept).encode() + b"\n" + rest, cut


def _parted(data: bytes, mark: re.Pattern[bytes], *, with_mark: bool = False) -> tuple[bytes, bytes]:
    found = mark.search(data, 0, LONGEST_HEADER)
    if found is None:
        raise DamageError("the header has no end")
    return data[: found.end() if with_mark else found.start()], data[found.end() :]
