"""Private elements of known meaning that tell nothing of a person: `tables/safe_private.csv`.

The rows are those of PS3.15 Table E.3.10-1 that are no bulk data, and more of what describes an acquisition, each known
from two public sources (`tables/SOURCES.md`). What a row lists is believed only as far as the value bears it out: numbers
are numbers, dates are shifted, identifiers replaced, items treated one by one; a text has to pass the cleaner uncut.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files

from .elements import Element
from .profile import TEXT

CREATOR = "creator"
SIZES = {"US": 2, "SS": 2, "UL": 4, "SL": 4, "FL": 4, "FD": 8, "AT": 4}
DIGITS = ("DS", "IS")
WORDS = TEXT | {"CS"}
_NUMBERS = re.compile(rb"[-+0-9.eE\\ \0]*")
_DAY = re.compile(rb"(?<!\d)(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)")
_LETTERS = re.compile(rb"[A-Za-z^ ,.-]{6}|(?:[A-Za-z^]\0){4}|(?:\0[A-Za-z^]){4}")
"""Numbers in binary hardly ever look like six letters of a text."""


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
        return kind if _is_number(kind, raw(element)) else ""
    if kind in WORDS:
        return kind
    return kind if kind == listed and kind in ("UI", "DA", "DT") else ""


def _is_number(kind: str, value: bytes) -> bool:
    """Whether these bytes are numbers and neither a text nor a day, whatever their VR claims."""
    if kind in DIGITS:
        return _NUMBERS.fullmatch(value) is not None and not _DAY.search(value)
    return not len(value) % SIZES[kind] and not _LETTERS.search(value)
