"""Whether what a header says of its patient can be read in the pixels, of the original and of its copy."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from radiolucent.core import InputError
from radiolucent.dicom import damage_named, is_dicom, read_dataset, stored_values
from radiolucent.dicom.pixels import KEYWORDS
from radiolucent.dicom.values import meaningful_values

from .profile import Options, plan
from .reader import texts_in
from .verify import LEAST, identifiers, words_of_the_standard

FORMS = ("%Y%m%d", "%d%m%Y", "%m%d%Y", "%d%b%Y", "%b%d%Y")
"""Days as they stand in pictures, without what parts their numbers."""
DAYS = ("PatientBirthDate", "StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate")
ONE_WRONG, TWO_WRONG = 5, 8
"""So long is an identifier of which one or two letters may have been read wrongly; of a number only one."""


@dataclass(frozen=True)
class Legible:
    """Of a file and its copy: frames that were read, and the keywords of what could be read in either of them.

    `unsure` are words of the field that are also somebody's name. Where pixels cannot be decoded `frames` is 0.
    """

    out: str
    frames: int = 0
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()


@dataclass
class PixelsRead:
    """All pairs of a run, added up: places are (file of the output, keyword)."""

    program: str
    files: int = 0
    frames: int = 0
    unread: int = 0
    before: int = 0
    after: list[tuple[str, str]] = field(default_factory=list)
    unsure: list[tuple[str, str]] = field(default_factory=list)

    def add(self, one: Legible) -> None:
        """One more file."""
        self.files += bool(one.frames)
        self.frames += one.frames
        self.unread += not one.frames
        self.before += bool(one.before)
        self.after += [(one.out, keyword) for keyword in one.after]
        self.unsure += [(one.out, keyword) for keyword in one.unsure]


def compared(original: Path, copy: Path, out: str, options: Options) -> Legible | None:
    """Read first, middle and last frame of both; `None` for files without pixels or header, in which nothing is looked for."""
    if not is_dicom(original):
        return None
    try:
        with damage_named("the file", "read again"):
            header = read_dataset(original)
            if not any(word in header for word in KEYWORDS):
                return None
            wanted = needles(header, options)
            before, after = _frames(header), _frames(read_dataset(copy))
            return _judged(out, wanted, before, after)
    except (InputError, OSError, subprocess.SubprocessError):
        return Legible(out)


def _judged(out: str, wanted: dict[str, str], before: list[NDArray[Any]], after: list[NDArray[Any]]) -> Legible:
    """A frame that did not change is read once."""
    was = [texts_in(frame) for frame in before]
    now = [old if np.array_equal(one, two) else texts_in(two) for old, one, two in zip(was, before, after, strict=True)]
    read = {
        wanted[one]: one.lower() in words_of_the_standard()
        for one in seen(wanted, (line for lines in now for line in lines))
    }
    return Legible(
        out,
        len(after),
        tuple(sorted({wanted[one] for one in seen(wanted, (line for lines in was for line in lines))})),
        tuple(sorted(keyword for keyword, is_word in read.items() if not is_word)),
        tuple(sorted(keyword for keyword, is_word in read.items() if is_word)),
    )


def _frames(dataset: Dataset) -> list[NDArray[Any]]:
    stored = stored_values("the file", dataset)
    if dataset.get("PhotometricInterpretation") == "PALETTE COLOR":
        stored = meaningful_values(stored, dataset)[0]
    return [stored[k] for k in sorted({0, len(stored) // 2, len(stored) - 1})]


def needles(header: Dataset, options: Options) -> dict[str, str]:
    """Identifiers of a header as they may stand in its pixels, in capitals without blanks, each with its keyword."""
    told = identifiers(header, plan(options, str(header.get("SOPClassUID", ""))).top)
    found = {plain(text): keyword for text, keyword in told if not keyword.endswith("UID")}
    days = () if "full-dates" in options.keep else DAYS
    for keyword in days:
        found |= dict.fromkeys(_days(str(header.get(keyword) or "")), keyword)
    return {text: keyword for text, keyword in found.items() if len(text) >= LEAST}


def _days(value: str) -> Iterator[str]:
    try:
        day = datetime.strptime(value[:8], "%Y%m%d")
    except ValueError:
        return
    yield from (day.strftime(form).upper() for form in FORMS)


def plain(text: str) -> str:
    """Letters and digits in capitals, without accents."""
    bare = unicodedata.normalize("NFKD", text).upper()
    return re.sub(r"[^A-Z0-9]", "", bare)


def seen(wanted: Iterable[str], lines: Iterable[str]) -> set[str]:
    """Those identifiers that stand in a line, but for a letter or two that were read wrongly."""
    bare = [line for line in map(plain, lines) if len(line) >= LEAST]
    return {needle for needle in wanted if any(_stands(needle, line) for line in bare)}


def _stands(needle: str, line: str) -> bool:
    size = len(needle)
    wrong = (size >= ONE_WRONG) + (size >= TWO_WRONG and not needle.isdigit())
    parts = [needle[k * size // (wrong + 1) : (k + 1) * size // (wrong + 1)] for k in range(wrong + 1)]
    return any(part in line for part in parts) and _least_edits(needle, line) <= wrong


def _least_edits(needle: str, line: str) -> int:
    """Sellers' algorithm (doi:10.1016/0196-6774(80)90016-4): the needle against any piece of the line."""
    row = list(range(len(needle) + 1))
    least = row[-1]
    for sign in line:
        old, row[0] = row[0], 0
        for k, letter in enumerate(needle, 1):
            old, row[k] = row[k], min(row[k] + 1, row[k - 1] + 1, old + (letter != sign))
        least = min(least, row[-1])
    return least
