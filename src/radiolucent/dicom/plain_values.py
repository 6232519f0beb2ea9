"""What the bytes of a plain element mean, by its value representation, as pydicom gives them."""

from __future__ import annotations

from collections.abc import Callable
from struct import Struct
from typing import Any

LONG = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
SHORT = frozenset(b"AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split())
"""Value representations whose length stands in four bytes, and in two."""


class UnusualError(Exception):
    """The bytes are not of the plain kind that is taken apart here; the full parser has to look at them."""


def text(content: bytes) -> Any:
    """As pydicom: blanks at the end are padding, a backslash parts values."""
    parts = content.decode("ascii").rstrip(" \0").split("\\")
    return parts[0] if len(parts) == 1 else tuple(parts)


def _free_text(content: bytes) -> Any:
    if b"\x1b" in content:
        raise UnusualError("character sets change")
    parts = [part.rstrip("\0 ") for part in content.decode("ascii").split("\\")]
    return parts[0] if len(parts) == 1 else tuple(parts)


def _name(content: bytes) -> Any:
    if b"=" in content:
        raise UnusualError("a name in several scripts")
    return _free_text(content.rstrip(b"\0 "))


def _whole_numbers(content: bytes) -> Any:
    parts = content.decode("ascii").rstrip(" \0").split("\\")
    return int(parts[0]) if len(parts) == 1 else tuple(map(int, parts))


def _decimals(content: bytes) -> Any:
    parts = content.decode("ascii").strip().rstrip(" \0").split("\\")
    return float(parts[0]) if len(parts) == 1 else tuple(map(float, parts))


def _binary(form: str) -> Callable[[bytes], Any]:
    parse, size = Struct("<" + form), Struct("<" + form).size

    def parsed(content: bytes) -> Any:
        if len(content) == size:
            return parse.unpack(content)[0]
        return tuple(value for (value,) in parse.iter_unpack(content))

    return parsed


def refused(content: bytes) -> Any:
    """What is not read here: the full parser has to look at it."""
    raise UnusualError(f"{len(content)} bytes of a type that is not read here")


CONVERT: dict[bytes, Callable[[bytes], Any]] = {
    **dict.fromkeys(LONG | SHORT, refused),
    **dict.fromkeys((b"AS", b"CS", b"DA", b"DT", b"TM", b"UI"), text),
    **dict.fromkeys((b"LO", b"SH"), _free_text),
    **{b"PN": _name, b"IS": _whole_numbers, b"DS": _decimals},
    **{b"US": _binary("H"), b"SS": _binary("h"), b"UL": _binary("L"), b"SL": _binary("l")},
    **{b"FL": _binary("f"), b"FD": _binary("d")},
}
"""How a value of each representation is read."""
