"""Dates moved by whole days, and ages that are told no further than 90."""

from __future__ import annotations

import re
from datetime import date, timedelta

_DAY = re.compile(rb"^(\d{4})(\d\d)(\d\d)(.*)$", re.DOTALL)
_OLD = re.compile(rb"^(\d{4})\.(\d\d)\.(\d\d)$")
_AGE = re.compile(rb"^(\d{3})([DWMY])$")
OLDEST = 89


def shifted(value: bytes, days_back: int) -> bytes | None:
    """A DA or DT (also the form yyyy.mm.dd of old files), earlier by `days_back`; `None` where it is no date.

    The time of day and the offset from UTC of a DT stay.
    """
    text = value.strip(b" \0")
    found = _DAY.match(text) or _OLD.match(text)
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups()[:3])
    try:
        moved = date(year, month, day) - timedelta(days=days_back)
    except (ValueError, OverflowError):
        return None
    rest = found.group(4) if found.re is _DAY else b""
    return moved.strftime("%Y%m%d").zfill(8).encode() + rest


def capped_age(value: bytes) -> bytes | None:
    """An AS as it is up to 89 years, 090Y above; `None` where it is no age."""
    found = _AGE.match(value.strip(b" \0"))
    if found is None:
        return None
    years = int(found.group(1)) if found.group(2) == b"Y" else 0
    return b"090Y" if years > OLDEST else value
