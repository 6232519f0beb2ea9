"""Values that stand where a value must be: valid for their VR, and the same for everybody."""

from __future__ import annotations

import struct

from .elements import Syntax

TEXT = b"REMOVED"
_DUMMIES = {
    "AE": b"REMOVED",
    "AS": b"000Y",
    "CS": b"REMOVED",
    "DA": b"19000101",
    "DS": b"0",
    "DT": b"19000101000000",
    "IS": b"0",
    "LO": TEXT,
    "LT": TEXT,
    "PN": b"REMOVED^",
    "SH": TEXT,
    "ST": TEXT,
    "TM": b"000000",
    "UC": TEXT,
    "UR": b"removed:",
    "UT": TEXT,
    "OB": b"\0\0",
    "UN": b"\0\0",
    "OV": b"\0" * 8,
    "SV": b"\0" * 8,
    "UV": b"\0" * 8,
}
_OTHERS = {"UI": b"2.25.0"}
_NUMBERS = {"US": "H", "SS": "h", "UL": "I", "SL": "i", "FL": "f", "FD": "d", "AT": "HH", "OW": "H", "OF": "f"}


def dummy(vr: str, original: bytes, syntax: Syntax) -> bytes:
    """A value that is neither empty nor the original's."""
    if vr in _NUMBERS:
        kinds = _NUMBERS[vr]
        made = struct.pack(syntax.order + kinds, *[0] * len(kinds))
        return made if made != original else struct.pack(syntax.order + kinds, *[1] * len(kinds))
    made = _DUMMIES.get(vr, _OTHERS.get(vr, b"\0\0"))
    return made if made != original.rstrip(b" \0") else _another(vr, made)


def _another(vr: str, made: bytes) -> bytes:
    """Where the original is what we put for everybody."""
    other = {"DA": b"19000102", "DT": b"19000102000000", "TM": b"000001", "AS": b"001Y", "DS": b"1", "IS": b"1"}
    return other.get(vr, b"\1" + made[1:] if made.startswith(b"\0") else made[:-1] + b"S")
