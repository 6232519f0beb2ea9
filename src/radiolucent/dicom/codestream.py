"""The size a compressed frame states about itself, which may differ from the header's and is what a codec allocates."""

from __future__ import annotations

import struct

_FRAME_MARKERS = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC} | {0xF7}


def stated_size(frame: bytes) -> tuple[int, int, int] | None:
    """(rows, columns, components) of a JPEG, JPEG-LS, JPEG 2000 or HTJ2K stream; `None` for another kind."""
    start = frame.find(b"\xff\x4f\xff\x51", 0, 4096)
    if start >= 0:
        return _jpeg2000(frame[start:])
    if frame[:2] == b"\xff\xd8":
        return _jpeg(frame)
    return None


def _jpeg2000(frame: bytes) -> tuple[int, int, int] | None:
    if len(frame) < 42:
        return None
    columns, rows, left, top = struct.unpack(">4I", frame[8:24])
    return rows - top, columns - left, struct.unpack(">H", frame[40:42])[0]


def _jpeg(frame: bytes) -> tuple[int, int, int] | None:
    at = 2
    while at + 9 < len(frame) and frame[at] == 0xFF:
        marker = frame[at + 1]
        if marker in _FRAME_MARKERS:
            rows, columns, components = struct.unpack(">HHB", frame[at + 5 : at + 10])
            return rows, columns, components
        at += 1 if marker == 0xFF else 2 + struct.unpack(">H", frame[at + 2 : at + 4])[0]
    return None
