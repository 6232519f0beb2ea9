"""The tables of the standard: what PS3.15 asks of each attribute, and which Type it has where the code leaves a choice.

Written by `scripts/deid_table.py` (and `scripts/names_table.py`: names and English words), never by hand.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from pydicom._dicom_dict import DicomDictionary, RepeatersDictionary


@dataclass(frozen=True)
class Rule:
    """One row of Table E.1-1; `options` maps an option's name to K (keep) or C (clean)."""

    tag: str
    vr: str
    keyword: str
    basic: str
    options: dict[str, str]


@cache
def rules() -> tuple[Rule, ...]:
    """All 621 rows; tags of repeating groups have `xx`, the row of private attributes is called `private`."""
    made = []
    for row in _rows("rules.csv"):
        own = {name: row.pop(name) for name in ("tag", "vr", "keyword", "basic")}
        made.append(Rule(**own, options={option: code for option, code in row.items() if code}))
    return tuple(made)


@cache
def vrs() -> dict[int, str]:
    """The VR of every public attribute; the first where there is a choice."""
    return {int(tag): entry[0][:2] for tag, entry in DicomDictionary.items()}


@cache
def keywords() -> dict[int, str]:
    """The keyword of every public attribute."""
    return {int(tag): entry[4] for tag, entry in DicomDictionary.items()}


@cache
def tags() -> dict[str, int]:
    """The tag of every keyword."""
    return {keyword: tag for tag, keyword in keywords().items()}


def repeated_vr(tag: int) -> str | None:
    """The VR of an attribute in a repeating group (50xx, 60xx)."""
    entry: Any = RepeatersDictionary.get(f"{tag >> 24:02X}xx{tag & 0xFFFF:04X}")
    return entry[0][:2] if entry else None


@cache
def types_inside() -> dict[tuple[int, int], str]:
    """(sequence, attribute in its items) -> the strictest Type."""
    of = tags()
    return {
        (of[row["inside"]], of[row["keyword"]]): row["type"]
        for row in _rows("types.csv")
        if row["inside"] in of and row["keyword"] in of
    }


@cache
def types_of(sop_class: str) -> dict[int, str]:
    """Top-level attribute -> Type in the IOD of a SOP class; for a class that the standard does not know, the
    strictest of all."""
    modules = dict(_modules()).get(sop_class)
    found: dict[int, str] = {}
    for module, of_module in _types().items():
        if modules is None or module in modules:
            for tag, kind in of_module:
                found[tag] = min(kind, found.get(tag, kind))  # "1" < "1C" < "2" < "2C"
    return found


@cache
def words() -> frozenset[str]:
    """Words in the standard's names of attributes and coded concepts, and the field's own short forms, in lower case."""
    return frozenset((*_lines("words.txt"), *_lines("field.txt")))


@cache
def clinical() -> frozenset[str]:
    """Words of the standard and of clinical imaging, in lower case; some of them are names as well."""
    return frozenset((*_lines("clinical.txt"), *_lines("eponyms.txt")))


@cache
def joint_eponyms() -> tuple[str, ...]:
    """Those of several names with a hyphen, in lower case."""
    return tuple(word for word in _lines("eponyms.txt") if "-" in word)


@cache
def field_words() -> frozenset[str]:
    """The field's own short forms, which are never part of a name."""
    return frozenset(_lines("field.txt"))


@cache
def names() -> frozenset[str]:
    """Surnames and first names of many countries, in lower case."""
    return frozenset(_lines("names.txt"))


@cache
def words_too() -> frozenset[str]:
    """English words that few people are called, in lower case."""
    return frozenset(_lines("words_too.txt"))


@cache
def english() -> frozenset[str]:
    """English words, some of them names as well."""
    return frozenset(_lines("english.txt"))


@cache
def _modules() -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple((row["sop_class"], frozenset(row["modules"].split())) for row in _rows("modules.csv"))


@cache
def _types() -> dict[str, list[tuple[int, str]]]:
    made = defaultdict(list)
    for row in _rows("types.csv"):
        if not row["inside"] and row["keyword"] in tags():
            made[row["module"]].append((tags()[row["keyword"]], row["type"]))
    return made


def _lines(name: str) -> list[str]:
    return (files(__package__) / "tables" / name).read_text(encoding="utf-8").split()


def _rows(name: str) -> list[dict[str, str]]:
    text = (files(__package__) / "tables" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
