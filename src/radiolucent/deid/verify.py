"""Search an output for what its originals told, by means that share nothing with what wrote it.

Originals are read by pydicom, outputs as plain bytes: each identifier is looked for in several encodings, in any case,
in headers, pixels and reports alike.
"""

from __future__ import annotations

import csv
import json
import os
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
from pydicom.datadict import DicomDictionary
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from radiolucent.core import InputError
from radiolucent.dicom import damage_named, is_dicom, read_header

from .haystack import Blocks, Index, samples_from, unpacked
from .profile import Options, plan

LEAST = 4
LEAST_IN_PIXELS = 8
"""Fewer characters than these meet by chance in millions of samples."""
_TELLING = re.compile(
    r"Name|ID$|IDs$|UID|Number|Address|Telephone|Institution|Issuer|Station|Birth|Physician|Operator|Author|AETitle"
)
_LABELLED = re.compile(
    r"patient_?(name|id)|mrn|surname|(first|last|given|family).?name|address|phone|e.?mail|accession|uid$|physician|"
    r"birth|dob|institution(name|address)|ssn|姓名|地址|住址|电话|身份证|病历号|住院号|检查号|编号",
    re.IGNORECASE,
)
"""Columns and keys that are searched for, by other words than those that clean them."""
_VRS = frozenset(("PN", "UI", "LO", "SH", "AE", "ST", "LT", "UT", "UC", "DA", "UR"))
_MAKERS = ("Manufacturer", "ManufacturerModelName")
"""Some devices state their maker as the institution; the maker stays."""
ACTIONS_THAT_KEEP = "KHLAROCQ"
"""What is kept, and texts that are kept after cleaning, are no identifiers to search for."""


@dataclass
class Found:
    """How many identifiers were searched in how many bytes, and the places where one was found.

    A place is (file of the output, keyword of the attribute that the identifier came from); the identifier itself is not
    told. `undecided` are words of the field that are also somebody's name, and short pieces in pixels. `unread` counts
    tables and side-cars of the input that this search could not open, so that nothing of theirs was looked for.
    """

    needles: int = 0
    bytes: int = 0
    files: int = 0
    places: list[tuple[str, str]] = field(default_factory=list)
    undecided: list[tuple[str, str]] = field(default_factory=list)
    unread: int = 0


def originals(files: Iterable[Path], options: Options) -> tuple[dict[str, str], int]:
    """Every identifier of `LEAST` characters or more in headers, tables and side-cars, with what holds it.

    The number is of those tables and side-cars that could not be opened.
    """
    found: dict[str, str] = {}
    makers: set[str] = set()
    unread = 0
    for path in files:
        if is_dicom(path):
            with suppress(InputError), damage_named(path, "searched"):  # nothing of a broken file was written
                header = read_header(path)
                makers |= {str(header.get(name, "")).strip().lower() for name in _MAKERS}
                found |= dict(identifiers(header, plan(options, str(header.get("SOPClassUID", ""))).top))
            continue
        told = beside(path)
        unread += told is None
        found |= {
            text: name for text, name in told or () if not ("uids" in options.keep and name.lower().endswith("uid"))
        }
    return {text: keyword for text, keyword in found.items() if text.lower() not in makers}, unread


def beside(path: Path) -> list[tuple[str, str]] | None:
    """Identifiers of `LEAST` characters or more in a table or a JSON side-car, and the column or key that holds each.

    `None` for one that cannot be opened.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        return []
    try:
        pairs = reader(path)
    except (ValueError, OSError, KeyError, IndexError, csv.Error, RecursionError, zipfile.BadZipFile):
        return None
    named = ((str(value or "").strip(), name) for name, value in pairs if _LABELLED.search(name))
    return [(text, name) for text, name in named if len(text) >= LEAST and text.strip("0 .-*")]


def _of_json(path: Path) -> list[tuple[str, Any]]:
    return list(_keys(json.loads(_told(path.read_bytes()))))


def _of_csv(path: Path) -> list[tuple[str, Any]]:
    lines = _told(path.read_bytes()).splitlines()
    mark = max(",;\t|", key=lines[0].count) if lines else ","
    return _cells(list(csv.reader(lines, delimiter=mark)))


def _of_xlsx(path: Path) -> list[tuple[str, Any]]:
    sheets = openpyxl.load_workbook(path, read_only=True, data_only=True).worksheets
    return [pair for sheet in sheets for pair in _cells([list(row) for row in sheet.values])]


_READERS: dict[str, Callable[[Path], list[tuple[str, Any]]]] = {
    ".json": _of_json, ".csv": _of_csv, ".tsv": _of_csv, ".xlsx": _of_xlsx,
}  # fmt: skip


def _told(data: bytes) -> str:
    """Text in the encoding that it is in: one that is taken wrongly gives identifiers that nothing can hold."""
    codes = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb2312", "cp1252")
    for code in codes:
        with suppress(UnicodeDecodeError):
            return data.decode(code)
    return data.decode("latin-1")


def _cells(rows: list[list[Any]]) -> list[tuple[str, Any]]:
    return [(str(name or ""), cell) for row in rows[1:] for name, cell in zip(rows[0], row)]


def _keys(told: Any) -> Iterator[tuple[str, Any]]:
    for key, value in told.items() if isinstance(told, dict) else enumerate(told) if isinstance(told, list) else ():
        if isinstance(value, dict | list):
            yield from _keys(value)
        else:
            yield str(key), value


def search(root: Path, needles: dict[str, str], unread: int = 0) -> Found:
    """Look for every identifier in every file below `root`, and in the names of files and folders."""
    found = Found(needles=len(needles), unread=unread)
    index = Index(forms(needles))
    for place, folders, names in os.walk(root):
        folders.sort()
        for path in (Path(place, name) for name in (*folders, *sorted(names))):
            name = path.relative_to(root).as_posix()
            told = path.name.encode("utf-8", "surrogateescape")
            found.places += [(name, keyword) for keyword, _ in index.hits(told)]
        for path in (Path(place, name) for name in sorted(names)):
            found.files += 1
            found.bytes += path.stat().st_size
            _search_file(path, path.relative_to(root).as_posix(), index, found)
    return found


def _search_file(path: Path, name: str, index: Index, found: Found) -> None:
    with path.open("rb") as file:
        data = unpacked(Blocks(file))
        samples = samples_from(data)
        for keyword, (at, needle) in index.hits(data):
            if samples < at:
                sure = len(needle.replace(b"\0", b"")) >= LEAST_IN_PIXELS  # zeros of UTF-16 stand in all dark samples
            else:
                sure = needle.decode("utf-8", "replace").strip("\0") not in words_of_the_standard()
            kept = found.places if sure else found.undecided
            if (name, keyword) not in kept:
                kept.append((name, keyword))


@cache
def words_of_the_standard() -> frozenset[str]:
    """Words in its names of attributes and coded concepts as pydicom has them, in lower case."""
    names = (*(entry[4] for entry in DicomDictionary.values()), *codes.SCT.dir(), *codes.DCM.dir())
    return frozenset(word.lower() for name in names for word in re.findall("[A-Z][a-z]+", name))


def forms(needles: dict[str, str]) -> Iterator[tuple[bytes, str]]:
    """Identifiers as they may stand in a file; numbers of DICOM stand in ASCII wherever they stand."""
    for text, keyword in needles.items():
        codes = ("ascii",) if keyword.endswith("UID") else ("utf-8", "latin-1", "utf-16-le", "utf-16-be")
        for form in (text.lower(), text.upper()):  # only ASCII is in lower case where it is searched
            yield from ((needle, keyword) for code in codes if len(needle := form.encode(code, "ignore")) >= LEAST)


def identifiers(header: Dataset, actions: dict[int, str]) -> Iterator[tuple[str, str]]:
    """Every identifier of a header and its keyword, one after another; `actions` are those of the profile."""
    for element in header:
        if element.VR == "SQ":
            for item in element.value:
                yield from identifiers(item, actions)
        elif element.VR in _VRS and _is_telling(element, actions):
            for value in _values(element):
                yield value, element.keyword or "private"


def _is_telling(element: Any, actions: dict[int, str]) -> bool:
    """A name anywhere, and what the profile takes away and is called an identifier; whole days but birth dates are not."""
    if element.VR == "PN":
        return True
    if element.VR == "DA" and "Birth" not in element.keyword:
        return False
    return bool(_TELLING.search(element.keyword)) and actions.get(int(element.tag), "K") not in ACTIONS_THAT_KEEP


def _values(element: Any) -> Iterator[str]:
    several = (
        element.value
        if isinstance(element.value, list | tuple) or hasattr(element.value, "append")
        else [element.value]
    )
    for value in several:
        text = str(value).strip("\0 ")
        if text.startswith("1.2.840.10008."):
            continue
        pieces = {text, *re.split(r"[\^=\s,]+", text)} if element.VR == "PN" else {text}
        yield from (piece for piece in pieces if len(piece) >= LEAST and piece.strip("0 .-*"))
