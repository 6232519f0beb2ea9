"""Private elements that PS3.15 Table E.3.10-1 lists as safe, as far as they are numbers.

`tables/safe_private.csv` restates a part of that table: rows whose values cannot hold a text, and whose meaning a second
source confirms (`tables/SOURCES.md`). The rest goes.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import cache
from importlib.resources import files

from .elements import Element


@cache
def safe() -> dict[tuple[int, str], dict[int, str]]:
    """(group, private creator) -> number of the element in its block -> VR."""
    text = (files(__package__) / "tables/safe_private.csv").read_text(encoding="ascii")
    made: dict[tuple[int, str], dict[int, str]] = {}
    for row in csv.DictReader(text.splitlines()):
        block = made.setdefault((int(row["group"], 16), row["creator"]), {})
        block |= {int(number, 16): row["vr"] for number in row["elements"].split()}
    return made


def safe_blocks(elements: list[Element], raw: Callable[[Element], bytes]) -> frozenset[int]:
    """The tags of safe private elements among `elements`, and those of their creators."""
    blocks: dict[int, tuple[int, dict[int, str]]] = {}
    kept: set[int] = set()
    for element in elements:
        tag, vr = element[:2]
        if not (tag >> 16) & 1:
            continue
        if 0x10 <= tag & 0xFFFF <= 0xFF:
            creator = raw(element).decode("latin-1").strip(" \0")
            if listed := safe().get((tag >> 16, creator)):
                blocks[tag & 0xFFFF0000 | (tag & 0xFF) << 8] = (tag, listed)
            continue
        creator_tag, listed = blocks.get(tag & 0xFFFFFF00, (0, {}))
        if listed.get(tag & 0xFF) in (vr, "DS", "IS") and _is_number(vr, raw(element)):
            kept |= {tag, creator_tag}
    return frozenset(kept)


def _is_number(vr: str, value: bytes) -> bool:
    """Numbers as text hold digits, signs and backslashes, whatever their VR claims."""
    return vr in ("SL", "SS", "FL", "FD", "US", "UL") or not value.strip(b"0123456789+-.eE\\ \0")
