"""Search an output for what its originals told, by means that share nothing with what wrote it.

Originals are read by pydicom, outputs as plain bytes: each identifier is looked for in several encodings, in any case,
in headers, pixels and reports alike.
"""

from __future__ import annotations

import csv
import json
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from radiolucent.core import InputError
from radiolucent.dicom import damage_named, is_dicom, read_header

from .profile import Options, plan
from .table import words

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
_PIXELS = b"\xe0\x7f\x10\x00"
_LOWER = bytes(range(65)) + bytes(range(97, 123)) + bytes(range(91, 256))
_DEFLATED = b"1.2.840.10008.1.2.1.99"
_SIZE = 1 << 22
_MOST = 1 << 30
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
                found |= dict(_identifiers(header, plan(options, str(header.get("SOPClassUID", ""))).top))
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
    index = _Index(needles)
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        for keyword, _ in index.hits(name.encode("utf-8", "surrogateescape").translate(_LOWER)):
            found.places.append((name, keyword))
        if path.is_file():
            found.files += 1
            found.bytes += path.stat().st_size
            _search_file(path, name, index, found)
    return found


def _search_file(path: Path, name: str, index: _Index, found: Found) -> None:
    data = _inflated(path.read_bytes()).translate(_LOWER)
    pixels = data.rfind(_PIXELS)
    for keyword, (at, needle) in index.hits(data):
        if 0 <= pixels < at:
            sure = len(needle) >= LEAST_IN_PIXELS
        else:
            sure = needle.decode("utf-8", "replace").strip("\0") not in words()
        kept = found.places if sure else found.undecided
        if (name, keyword) not in kept:
            kept.append((name, keyword))


class _Index:
    """Needles by their first four bytes, with a table that most places of a file fail at once."""

    def __init__(self, needles: dict[str, str]) -> None:
        self.by_start: dict[int, list[tuple[bytes, str]]] = defaultdict(list)
        for text, keyword in needles.items():
            for needle in {
                form.encode(code, "ignore").translate(_LOWER)
                for form in (text.lower(), text.upper())  # only ASCII is in lower case where it is searched
                for code in ("utf-8", "latin-1", "utf-16-le", "utf-16-be")
            }:
                if len(needle) >= LEAST:
                    self.by_start[int.from_bytes(needle[:4], "little")].append((needle, keyword))
        self.starts = np.array(sorted(self.by_start), np.uint32)
        self.table = np.zeros(_SIZE, bool)
        self.table[_hashed(self.starts)] = True

    def hits(self, data: bytes) -> Iterator[tuple[str, tuple[int, bytes]]]:
        """The keyword, place and bytes of every needle in `data`, which is in lower case."""
        step = 1 << 22
        for start in range(0, max(len(data) - 3, 0), step):
            part = np.frombuffer(data, np.uint8, min(step + 3, len(data) - start), start).astype(np.uint32)
            grams = part[:-3] | part[1:-2] << 8 | part[2:-1] << 16 | part[3:] << 24
            likely = np.flatnonzero(self.table[_hashed(grams)])
            for at in likely[np.isin(grams[likely], self.starts)]:
                yield from self._at(data, start + int(at), int(grams[at]))

    def _at(self, data: bytes, at: int, gram: int) -> Iterator[tuple[str, tuple[int, bytes]]]:
        for needle, keyword in self.by_start[gram]:
            if data.startswith(needle, at) and _stands_alone(data, at, at + len(needle)):
                yield keyword, (at, needle)


def _stands_alone(data: bytes, at: int, end: int) -> bool:
    """Not a piece of a longer word or number."""
    before, after = data[at - 1 : at], data[end : end + 1]
    return not (before.isalnum() and data[at : at + 1].isalnum()) and not (
        after.isalnum() and data[end - 1 : end].isalnum()
    )


def _hashed(grams: NDArray[Any]) -> NDArray[Any]:
    return (grams * np.uint32(2654435761)) >> np.uint32(10)


def _identifiers(header: Dataset, actions: dict[int, str]) -> Iterator[tuple[str, str]]:
    for element in header:
        if element.VR == "SQ":
            for item in element.value:
                yield from _identifiers(item, actions)
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


def _inflated(data: bytes) -> bytes:
    """A deflated data set, a packed file and a workbook hide what they hold from a search."""
    if data[:2] == b"\x1f\x8b":
        return data + zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(data, _MOST)
    if data[:4] == b"PK\3\4":
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return b"\n".join(archive.open(member).read(_MOST) for member in archive.infolist())
    if _DEFLATED not in data[:1024]:
        return data
    start = 144 + int.from_bytes(data[140:144], "little")
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    return data[:start] + inflate.decompress(data[start:], 1 << 30)
