"""Dates moved by whole days, and ages that are told no further than 90."""

from __future__ import annotations

import re
from datetime import date, timedelta

_DAY = re.compile(
    rb"^(\d{4})([-./]?)(\d\d)\2(\d\d)((?:[ T]?\d{2}(?::?\d\d(?::?\d\d(?:\.\d{1,6})?)?)?)?(?:[+-]\d{4})?)$"
)
"""A day, also with marks between year, month and day as old and foreign files have them, perhaps a time, perhaps an offset."""
_RANGE = re.compile(rb"^(\d{8})-(\d{8})$")
_PART = re.compile(rb"^(\d{4})(\d\d)?$")
_AGE = re.compile(rb"^(\d{3})([DWMY])$")
OLDEST = 89


def shifted(value: bytes, days_back: int, *, is_part_enough: bool = False) -> bytes | None:
    """A DA or DT, or a range of days, earlier by `days_back`; `None` where it is no date.

    The time of day and the offset from UTC of a DT stay. Where `is_part_enough`, a year or a month alone moves as its
    middle would.
    """
    text = value.strip(b" \0")
    if found := _RANGE.match(text):
        ends = [_moved(one[:4], one[4:6], one[6:], days_back) for one in found.groups()]
        return b"-".join(one for one in ends if one) if None not in ends else None
    if found := _DAY.match(text):
        year, _, month, day, rest = found.groups()
        moved = _moved(year, month, day, days_back)
        return moved and moved + rest
    if is_part_enough and (found := _PART.match(text)):
        moved = _moved(found[1], found[2] or b"07", b"01" if found[2] is None else b"15", days_back)
        return moved and moved[: len(text)]
    return None


def _moved(year: bytes, month: bytes, day: bytes, days_back: int) -> bytes | None:
    try:
        moved = date(int(year), int(month), int(day)) - timedelta(days=days_back)
    except (ValueError, OverflowError):
        return None
    return moved.strftime("%Y%m%d").zfill(8).encode()


def capped_age(value: bytes) -> bytes | None:
    """An AS as it is up to 89 years, 090Y above; `None` where it is no age."""
    found = _AGE.match(value.strip(b" \0"))
    if found is None:
        return None
    years = int(found.group(1)) if found.group(2) == b"Y" else 0
    return b"090Y" if years > OLDEST else value
