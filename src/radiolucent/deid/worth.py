"""Whether a value is of the kind that its attribute holds: a name in the place of a number must not pass as a number."""

from __future__ import annotations

import re
from typing import Any

from .profile import TEXT
from .table import repeated_vr, vrs

SIZES = {"US": 2, "SS": 2, "UL": 4, "SL": 4, "FL": 4, "FD": 8, "AT": 4}
DIGITS = ("DS", "IS")
WORDS = TEXT | {"CS"}
BULK = frozenset(("OB", "OW", "OF", "OD", "OL", "OV"))
SEARCHED = WORDS | BULK | {"AE", "UR", "UN"}
"""Kinds of value in which a name can hide."""
SHORTEST = 6
"""Fewer bytes of binary numbers spell nothing."""
NUMBERS = re.compile(rb"[-+0-9.,eE\\ \0]*")
_NO_NUMBERS = (b"nan", b"inf")
_LETTERS = re.compile(rb"[A-Za-z^ ,.'-]{6,}\0*")
_DAY = re.compile(rb"(?<!\d)(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)")


def is_number(vr: str, data: Any, start: int, end: int) -> bool:
    """Whether these bytes are numbers, whatever their VR claims."""
    if vr in DIGITS:
        return NUMBERS.fullmatch(data, start, end) is not None or _are_numbers(bytes(data[start:end]))
    size = end - start
    return not size % SIZES[vr] and (size < SHORTEST or _LETTERS.fullmatch(data, start, end) is None)


def _are_numbers(value: bytes) -> bool:
    """Some programs write that there is no number."""
    parts = [one.strip(b" \0+-").lower() for one in value.split(b"\\")]
    return all(one in _NO_NUMBERS or NUMBERS.fullmatch(one) for one in parts)


def is_day(value: bytes) -> bool:
    """Whether a number could be a day (yyyymmdd)."""
    return _DAY.search(value) is not None


def kind_of(tag: int, vr: str, data: Any, start: int, end: int) -> str:
    """The VR by which to treat a value, empty where it is not of the kind that its attribute holds.

    An attribute that the dictionary does not know is taken by its word.
    """
    usual = vrs().get(tag) or repeated_vr(tag) or vr
    stated = usual if vr == "UN" else vr
    if usual in DIGITS or usual in SIZES:
        return _number(usual, stated, data, start, end)
    if usual in WORDS:
        return stated if stated in WORDS else ""
    if usual in BULK:
        return stated if stated in BULK or stated in SIZES else ""
    return stated if stated == usual else ""


def _number(usual: str, stated: str, data: Any, start: int, end: int) -> str:
    """Numbers may be told in another way than the dictionary's, as long as they are numbers."""
    if stated in BULK and usual in SIZES:
        return stated if is_number(usual, data, start, end) else ""
    if stated in SIZES or stated in DIGITS:
        return stated if is_number(stated, data, start, end) else ""
    return stated if stated in WORDS and is_number("DS", data, start, end) else ""
