"""What the output says about itself: that it was de-identified, how, and what became of its dates."""

from __future__ import annotations

import struct
from functools import lru_cache

from .elements import EXPLICIT, Syntax, sequence, written
from .profile import MARKED, RECOGNIZABLE, Options

METHOD = b"radiolucent, DICOM PS3.15 Annex E, Basic Profile"
IMPLEMENTATION = b"2.25.293145893452187905713250916871943027416"
VERSION = b"RADIOLUCENT"
IDENTITY_REMOVED, METHOD_TAG, METHOD_CODES, TIME_MODIFIED = MARKED


@lru_cache(maxsize=16)
def marks(options: Options, syntax: Syntax) -> tuple[tuple[int, bytes], ...]:
    """The marks as elements, in the order of their tags."""
    items = []
    for value, meaning in options.codes:
        parts = ((0x00080100, "SH", value), (0x00080102, "SH", "DCM"), (0x00080104, "LO", meaning))
        items.append(b"".join(written(tag, vr, text.encode(), syntax) for tag, vr, text in parts))
    faceless = ((RECOGNIZABLE, written(RECOGNIZABLE, "CS", b"NO", syntax)),) if "faces" in options.clean else ()
    return (
        (IDENTITY_REMOVED, written(IDENTITY_REMOVED, "CS", b"YES", syntax)),
        (METHOD_TAG, written(METHOD_TAG, "LO", METHOD, syntax)),
        (METHOD_CODES, written(METHOD_CODES, "SQ", sequence(items, syntax), syntax)),
        *faceless,
        (TIME_MODIFIED, written(TIME_MODIFIED, "CS", options.time.encode(), syntax)),
    )


def preamble(sop_class: bytes, instance: bytes, transfer_syntax: bytes) -> bytes:
    """An empty preamble and a file meta information of our own: nothing of the original's passes."""
    parts = (
        (0x00020001, "OB", b"\0\1"),
        (0x00020002, "UI", sop_class),
        (0x00020003, "UI", instance),
        (0x00020010, "UI", transfer_syntax),
        (0x00020012, "UI", IMPLEMENTATION),
        (0x00020013, "SH", VERSION),
    )
    body = b"".join(written(tag, vr, value, EXPLICIT) for tag, vr, value in parts if value)
    return b"\0" * 128 + b"DICM" + written(0x00020000, "UL", struct.pack("<I", len(body)), EXPLICIT) + body
