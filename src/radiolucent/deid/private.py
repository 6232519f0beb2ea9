"""Private elements of known meaning that tell nothing of a person: `tables/safe_private.csv`.

The rows are those of PS3.15 Table E.3.10-1 that are no bulk data, and more of what describes an acquisition, each known
from two public sources (`tables/SOURCES.md`). What a row lists is believed only as far as the value bears it out: numbers
are numbers, dates are shifted, identifiers replaced, items treated one by one; a text has to pass the cleaner uncut.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import cache
from importlib.resources import files

from .elements import Element
from .worth import DIGITS, SIZES, WORDS, is_day, is_number

CREATOR = "creator"


@cache
def safe() -> dict[tuple[int, str], dict[int, str]]:
    """(group, private creator in capitals) -> number of the element in its block -> VR."""
    text = (files(__package__) / "tables/safe_private.csv").read_text(encoding="ascii")
    made: dict[tuple[int, str], dict[int, str]] = {}
    for row in csv.DictReader(text.splitlines()):
        block = made.setdefault((int(row["group"], 16), row["creator"].upper()), {})
        block |= {int(number, 16): row["vr"] for number in row["elements"].split()}
    return made


def safe_blocks(elements: list[Element], raw: Callable[[Element], bytes]) -> dict[int, str]:
    """The tags of safe private elements among `elements` with the VR by which to treat each, and those of their creators."""
    blocks: dict[int, tuple[int, dict[int, str]]] = {}
    kept: dict[int, str] = {}
    for element in elements:
        tag = element[0]
        if not (tag >> 16) & 1:
            continue
        if 0x10 <= tag & 0xFFFF <= 0xFF:
            creator = raw(element).decode("latin-1").strip(" \0").upper()
            if listed := safe().get((tag >> 16, creator)):
                blocks[tag & 0xFFFF0000 | (tag & 0xFF) << 8] = (tag, listed)
            continue
        creator_tag, listed = blocks.get(tag & 0xFFFFFF00, (0, {}))
        if kind := _kind(element, listed.get(tag & 0xFF, ""), raw):
            kept |= {tag: kind, creator_tag: CREATOR}
    return kept


def _kind(element: Element, listed: str, raw: Callable[[Element], bytes]) -> str:
    """The VR by which an element is treated: its own, or the listed one where it states none; empty where they disagree."""
    kind = listed if element[1] == "UN" else element[1]
    if not listed or (kind == "SQ") != (listed == "SQ"):
        return ""
    if element[5] is not None or kind == "SQ":
        return kind if kind == "SQ" else ""
    if kind in SIZES or kind in DIGITS:
        value = raw(element)
        return "" if not is_number(kind, value, 0, len(value)) or (kind in DIGITS and is_day(value)) else kind
    if kind in WORDS:
        return kind
    return kind if kind == listed and kind in ("UI", "DA", "DT") else ""
