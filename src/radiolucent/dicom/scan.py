"""The wanted elements of one DICOM header, by a short walk over its bytes; whatever is unusual is left to pydicom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence

from .header import damage_named, read_header
from .plain_values import UnusualError
from .private import private
from .walk import Wanted, walk

EXECUTABLE = (b"MZ", b"\x7fELF", b"#!")
"""How programs start; a preamble that does so makes one file both a picture and a program."""


@dataclass(frozen=True)
class Scan:
    """Values by keyword: str, int, float, tuples of them, a sequence as the number of its items; empty ones are absent.

    It answers `get`, `in` and `private_block` as a pydicom dataset does. `dataset` is that dataset, where the file was
    so unusual that pydicom had to read it.
    """

    values: Mapping[str, Any]
    private: Mapping[tuple[int, str, int], Any] = field(default_factory=dict)
    syntax: str = ""
    has_executable: bool = False
    dataset: Dataset | None = None

    def get(self, keyword: str, default: Any = None) -> Any:
        """The value of an element that was wanted."""
        return self.values.get(keyword, default)

    def __contains__(self, keyword: str) -> bool:
        return keyword in self.values

    def private_block(self, group: int, creator: str) -> Mapping[int, Any]:
        """The wanted elements of one maker's block, each with its `value`; raises `KeyError` where there is no block."""
        block = {e: SimpleNamespace(value=v) for (g, c, e), v in self.private.items() if (g, c) == (group, creator)}
        if not block:
            raise KeyError(creator)
        return block


def scan(path: str | Path, wanted: Wanted) -> Scan:
    """Read what is wanted of a header, in memory that does not depend on the file's size.

    The values are those of pydicom. It reads the file itself where the short walk does not do: big endian, deflated, no
    preamble, text beyond ASCII, sequences that are wanted, odd types or lengths.

    Raises `UnreadableError` for what pydicom cannot read either.
    """
    try:
        with open(path, "rb", buffering=0) as file:
            found = walk(file, wanted)
    except (UnusualError, OSError):
        return scanned(path, read_header(path), wanted)
    return Scan(found.values, found.private, found.syntax, found.preamble.startswith(EXECUTABLE))


def scanned(path: str | Path, dataset: Dataset, wanted: Wanted) -> Scan:
    """The same of a dataset that pydicom read from `path`."""
    with damage_named(path, "understood"):
        values = {word: value for word in wanted.keywords if (value := plain(dataset, word)) not in (None, "")}
        kept = {key: value for key in wanted.private if (value := _private(dataset, key)) not in (None, "")}
        meta = getattr(dataset, "file_meta", None)
        return Scan(
            values=values,
            private=kept,
            syntax=str(meta.get("TransferSyntaxUID") or "") if meta is not None else "",
            has_executable=bytes(getattr(dataset, "preamble", None) or b"").startswith(EXECUTABLE),
            dataset=dataset,
        )


def plain(dataset: Dataset, keyword: str) -> Any:
    """An element's value as Python's own types; one that cannot be parsed is as if it were absent."""
    try:
        return as_plain(dataset.get(keyword))
    except Exception:  # others are still looked at
        return None


def as_plain(value: Any) -> Any:
    """A pydicom value as str, int, float, bytes, a tuple of them, or the number of a sequence's items."""
    if isinstance(value, Sequence):
        return len(value) or None
    if isinstance(value, MultiValue | list | tuple):
        return tuple(_one(item) for item in value) or None
    return _one(value)


def _private(dataset: Dataset, key: tuple[int, str, int]) -> Any:
    try:
        return as_plain(private(dataset, *key))
    except Exception:  # as above
        return None


def _one(value: Any) -> Any:
    if value is None or isinstance(value, bytes):
        return value or None
    if isinstance(value, int):
        return int(value)
    return float(value) if isinstance(value, float) else str(value)
