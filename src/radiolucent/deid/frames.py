"""What compressed frames carry beside their pixels: comments, Exif, XMP, boxes of XML, bytes after the end of a picture.

Where it could tell of a person it is overwritten with zeros, byte for byte, so that lengths, offset tables and every
sample stay as they are.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from typing import Any

from .elements import Element, Syntax

Span = tuple[int, int]
Harmless = Callable[[str], bool]
"""Whether a text may stay."""

JPEG, JPEG_2000 = b"\xff\xd8", b"\xff\x4f"
BOXED = (b"\0\0\0\x0cjP  ", b"\0\0\0\x0cJXL ")
COMMENT, SCAN, END = 0xFE, 0xDA, b"\xff\xd9"
SOC_COMMENT, TILE = 0x64, 0x90
METADATA = (0xE1, 0xED)
"""APP1 (Exif, XMP) and APP13 (Photoshop, IPTC), which name cameras, places, owners and days."""
NEEDED = (0xE0, 0xE2, 0xE8, 0xEE)
"""APP0 (JFIF), APP2 (ICC), APP8 (SPIFF) and APP14 (Adobe), which decoders read."""
TEXT_BOXES = (b"xml ", b"uuid", b"Exif", b"jumb", b"jp2i", b"uinf")
FRAGMENT = 0xFFFEE000
_PRINTED = re.compile(rb"(?:[\x20-\x7e]|[\xc3-\xf4][\x80-\xbf]{1,3}){5,}")
_PROGRAMS = re.compile(
    r"kakadu|kdu-layer-info:.*|openjpeg|openjph|jasper|gdcm|charls|lib-?jpeg(?:-turbo)?|lead ?tools|lead technologies|accusoft|"
    r"pegasus|pictools|lurawave|aware|adobe|lavc|ffmpeg|mitra_dicom_standard|intel\(r\) jpeg library|gd-jpeg|creator|"
    r"\bver(?:sion)?\b",
    re.IGNORECASE | re.DOTALL,
)
"""Programs that sign what they write."""


def remarks(data: Any, element: Element, syntax: Syntax, may_stay: Harmless) -> list[Span]:
    """Where in `data` the encapsulated `element` (PixelData of undefined length) holds what has to go."""
    found: list[Span] = []
    for start, end in _fragments(data, element[3], element[4], syntax):
        head = bytes(data[start : start + 8])
        if head[:2] == JPEG:
            found += _in_jpeg(data, start, end, may_stay)
        elif head[:2] == JPEG_2000:
            found += _in_codestream(data, start, end, may_stay)
        elif head in BOXED:
            found += _in_boxes(data, start, end, may_stay)
        found += _behind(data, start, end) if head[:2] in (JPEG, JPEG_2000) else []
    return found


def _fragments(data: Any, at: int, end: int, syntax: Syntax) -> Iterator[Span]:
    word = struct.Struct(f"{syntax.order}HHI").unpack_from
    while at + 8 <= end:
        group, number, length = word(data, at)
        if group << 16 | number != FRAGMENT or at + 8 + length > end:
            return
        yield at + 8, at + 8 + length
        at += 8 + length


def _segments(data: Any, at: int, end: int, last: int) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of the content of each segment before the marker `last`."""
    while at + 4 <= end and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        if marker == last or length < 2 or at + 2 + length > end:
            return
        yield marker, at + 4, at + 2 + length
        at += 2 + length


def _in_jpeg(data: Any, start: int, end: int, may_stay: Harmless) -> Iterator[Span]:
    for marker, a, b in _segments(data, start + 2, end, SCAN):
        is_text = marker == COMMENT or (0xE0 <= marker <= 0xEF and marker not in NEEDED)
        if marker in METADATA or (is_text and _tells(data, a, b, may_stay)):
            yield a, b


def _in_codestream(data: Any, start: int, end: int, may_stay: Harmless) -> Iterator[Span]:
    for marker, a, b in _segments(data, start + 2, end, TILE):
        if marker == SOC_COMMENT and _tells(data, a + 2, b, may_stay):
            yield a + 2, b


def _in_boxes(data: Any, at: int, end: int, may_stay: Harmless) -> Iterator[Span]:
    while at + 8 <= end:
        length, kind = struct.unpack_from(">I4s", data, at)
        stop = end if length == 0 else at + length
        if length == 1 or stop > end or stop < at + 8:
            return
        if kind in TEXT_BOXES and _tells(data, at + 8, stop, may_stay):
            yield at + 8, stop
        at = stop


def _tells(data: Any, start: int, end: int, may_stay: Harmless) -> bool:
    """Whether what can be read in these bytes is more than the name of a program."""
    read = b" ".join(_PRINTED.findall(bytes(data[start:end]))).decode("utf-8", "replace")
    return not may_stay(_PROGRAMS.sub(" ", read).strip())


def _behind(data: Any, start: int, end: int) -> list[Span]:
    """Bytes after the end of the picture but one of padding."""
    content = bytes(data[start:end])
    at = content.rfind(END)
    rest = content[at + 2 :] if at >= 0 else b""
    return [(start + at + 2, end)] if len(rest) > 1 and rest.strip(b"\0") else []
