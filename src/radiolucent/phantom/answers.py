"""Hold de-identified copies against a key of answers: which of the ten actions were done, and which were not."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from .identities import Planted

FEWEST_DONE = 0.99
"""So many of the samples that text changed have to be hidden for a line of text to be called hidden."""


@dataclass
class _Copy:
    """A de-identified copy, with its texts and pixels taken out once."""

    path: Path
    dataset: Dataset
    original: Dataset
    text: str = ""


@dataclass
class _Agreement:
    """What was made of each original identifier, over all files."""

    uids: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    patients: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    days: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))


def missed(answers: Iterable[Planted], scans: Path, copies: Mapping[str, Path | None]) -> list[Planted]:
    """The answers that the copies do not give. `copies` tells where the copy of each file lies; `None`: there is none."""
    by_file: dict[str, list[Planted]] = defaultdict(list)
    for one in answers:
        by_file[one.file].append(one)
    agreed, missing = _Agreement(), []
    for name, due in by_file.items():
        place = copies.get(name)
        if place is None:
            missing += due
            continue
        copy = _read(scans / name, place)
        _note(copy, due, agreed)
        missing += [one for one in due if one.action in _CHECKS and not _CHECKS[one.action](one, copy)]
    together = [one for due in by_file.values() for one in due if one.action not in _CHECKS and one not in missing]
    return missing + [one for one in together if not _agrees(one, agreed, scans)]


def _read(original: Path, place: Path) -> _Copy:
    dataset = pydicom.dcmread(place)
    texts = [*_texts(dataset), *(part for part in place.parts[-4:])]
    return _Copy(place, dataset, pydicom.dcmread(original), "\n".join(texts).lower())


def _texts(dataset: Dataset) -> Iterator[str]:
    for element in dataset:
        if element.VR == "SQ":
            for item in element.value:
                yield from _texts(item)
        elif element.tag != 0x7FE00010:
            value = element.value
            yield value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _at(dataset: Dataset, place: str) -> Any:
    """The value at `Keyword` or `Sequence/Keyword`, or nothing."""
    for part in place.split("/")[:-1]:
        items = dataset.get(part)
        if not items:
            return None
        dataset = items[0]
    return dataset.get(place.split("/")[-1])


def _is_removed(one: Planted, copy: _Copy) -> bool:
    return not re.search(rf"(?<![^\W_]){re.escape(one.value.lower())}(?![^\W_])", copy.text)


def _is_retained(one: Planted, copy: _Copy) -> bool:
    there = re.findall(r"[^\W_]+", str(_at(copy.dataset, one.place) or "").lower())
    return all(word in there for word in re.findall(r"[^\W_]+", one.value.lower()))


def _is_hidden(one: Planted, copy: _Copy) -> bool:
    top, bottom, left, right = (int(v) for v in re.split("[:,]", one.place))
    box = np.s_[top:bottom, left:right]
    before, after = copy.original.pixel_array[box], copy.dataset.pixel_array[box]
    ink = before > np.median(before) + 0.6 * (float(before.max()) - float(np.median(before)))
    return _share_hidden(after, ink) >= FEWEST_DONE


def _share_hidden(after: NDArray[Any], ink: NDArray[np.bool_]) -> float:
    """Share of the text's samples that are now the commonest value of the box."""
    values, counts = np.unique(after, return_counts=True)
    return float((after[ink] == values[counts.argmax()]).mean())


_CHECKS: dict[str, Callable[[Planted, _Copy], bool]] = {
    "tag_retained": lambda one, copy: str(_at(copy.dataset, one.place)) == one.value,
    "text_notnull": lambda one, copy: bool(str(_at(copy.dataset, one.place) or "").strip()),
    "text_retained": _is_retained,
    "text_removed": _is_removed,
    "pixels_hidden": _is_hidden,
    "pixels_retained": lambda _, copy: copy.dataset.PixelData == copy.original.PixelData,
}


def _note(copy: _Copy, due: list[Planted], agreed: _Agreement) -> None:
    """What this copy says of identifiers and days; an absent one is noted as nothing."""
    for one in due:
        if one.action in ("uid_changed", "uid_consistent"):
            agreed.uids[one.value].add(str(_at(copy.dataset, one.place) or ""))
        elif one.action == "patid_consistent":
            agreed.patients[one.value].add(str(copy.dataset.get("PatientID", "")))
        elif one.action == "date_shifted":
            agreed.days[str(copy.original.PatientID)].add(_shift(one, copy))


def _shift(one: Planted, copy: _Copy) -> int:
    """Days from the planted day to what stands there now; 0 where nothing stands there."""
    try:
        now = datetime.strptime(str(_at(copy.dataset, one.place))[:8], "%Y%m%d")
    except ValueError:
        return 0
    return (now - datetime.strptime(one.value[:8], "%Y%m%d")).days


def _agrees(one: Planted, agreed: _Agreement, scans: Path) -> bool:
    if one.action == "date_shifted":
        shifts = agreed.days[str(pydicom.dcmread(scans / one.file, stop_before_pixels=True).PatientID)]
        return len(shifts) == 1 and 0 not in shifts
    if one.action == "uid_changed":
        return one.value not in agreed.uids[one.value] and "" not in agreed.uids[one.value]
    table = agreed.patients if one.action == "patid_consistent" else agreed.uids
    mine = table[one.value]
    return (
        len(mine) == 1 and "" not in mine and not any(mine & other for was, other in table.items() if was != one.value)
    )
