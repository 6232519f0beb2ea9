"""Read every image of a cohort once, and keep it as a small grey picture in one memory-mapped file."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from numpy.typing import NDArray

from ...check import check_picture
from ...core import Finding, Image, InputError, UnreadableError
from ...read import pixels, pixels_and_headers
from ...read.prepare import prepare
from .technical import properties

LARGEST = 256
"""Side [pixels] of prepared pictures unless asked otherwise; smaller sources keep their size."""
CHUNK = 256
SPREAD, SHARE = 0.1, 0.02
"""A picture is in colour where more than 2 % of its pixels have channels that differ by more than a tenth of its range."""


@dataclass(frozen=True)
class Seen:
    """What the sources are like: the ground on which `predict` refuses unlike images."""

    modalities: dict[str, int]
    units: dict[str, int]
    colour: int
    shortest: int
    longest: int


@dataclass(frozen=True)
class Prepared:
    """Prepared pictures (n, S, S) uint8, why some rows were left out, and what the sources are.

    `made` has a row per image and a column per property of how it was made and kept; `remarks` are the rules that the
    checks found broken, with the number of used images that break them.
    """

    pictures: NDArray[np.uint8]
    skipped: dict[int, str]
    seen: Seen
    made: pd.DataFrame
    remarks: tuple[dict[str, Any], ...] = ()


def prepared(
    references: list[str],
    work: Path,
    *,
    size: int | None,
    skip: bool,
    workers: int,
    progress: Callable[[int], None],
    allow_blocked: bool = False,
) -> Prepared:
    """Prepare and check the pictures of `references`; what an interrupted run finished is not read again.

    Raises `UnreadableError` that names the first rows that cannot be used unless `skip` is set; those with a finding that
    blocks count among them unless `allow_blocked` is.
    """
    side = size or min(LARGEST, _longest_side(references))
    notes_path, array_path = work / "pictures.jsonl", work / "pictures.npy"
    notes = whole_lines(notes_path)
    shape = (len(references), side, side)
    pictures = np.lib.format.open_memmap(array_path, mode="r+" if notes else "w+", dtype=np.uint8, shape=shape)
    waiting = rows_without_note(
        references,
        notes,
        notes_path,
        partial(_one, side=side),
        [pictures],
        chunk=CHUNK,
        workers=workers,
        progress=progress,
    )
    for row, (picture, note) in waiting:
        pictures[row] = picture
        notes.append(note)
    return concluded(references, notes, array_path, skip=skip, allow_blocked=allow_blocked)


def rows_without_note(
    references: list[str],
    notes: list[dict[str, Any]],
    notes_path: Path,
    one: Callable[[str], Any],
    arrays: Sequence[np.memmap[Any, Any]],
    *,
    chunk: int,
    workers: int,
    progress: Callable[[int], None],
) -> Iterator[tuple[int, Any]]:
    """Yield each row that has no note yet, and what `one` makes of its reference; whoever takes it appends the note.

    After each `chunk` the arrays are flushed before the notes are written: a note on the disk means a row on the disk.
    """
    progress(len(notes))
    with Parallel(n_jobs=workers) as parallel:
        for start in range(len(notes), len(references), chunk):
            part = references[start : start + chunk]
            yield from enumerate(parallel(delayed(one)(reference) for reference in part), start)
            for array in arrays:
                array.flush()
            with notes_path.open("a") as lines:
                lines.writelines(json.dumps(note) + "\n" for note in notes[start:])
            progress(len(part))


def concluded(
    references: list[str],
    notes: list[dict[str, Any]],
    array_path: Path,
    *,
    skip: bool,
    allow_blocked: bool,
    odd: Mapping[int, str] = MappingProxyType({}),
) -> Prepared:
    """What the notes of all rows amount to; `odd` says which further rows are unlike the others, and why."""
    skipped = {row: note["error"] for row, note in enumerate(notes) if "error" in note} | _odd_colour(notes) | dict(odd)
    blocked = {} if allow_blocked else {row: why for row, why in _blocked(notes).items() if row not in skipped}
    if (skipped or blocked) and not skip:
        raise _unreadable(references, skipped) if skipped else _refused(references, blocked)
    skipped |= blocked
    made = pd.DataFrame([note.get("made", {}) for note in notes], index=range(len(notes)))
    kept = (note for row, note in enumerate(notes) if row not in skipped)
    remarks = _remarks(note for row, note in enumerate(notes) if row not in skipped)
    return Prepared(np.load(array_path, mmap_mode="r"), skipped, _seen(kept), made, remarks)


def whole_lines(path: Path) -> list[dict[str, Any]]:
    """What is known of each row so far; a line that a stop cut short is taken off."""
    if not path.exists():
        return []
    lines = [line for line in path.read_text().splitlines(keepends=True) if line.endswith("\n")]
    path.write_text("".join(lines))
    return [json.loads(line) for line in lines]


def _one(reference: str, side: int) -> tuple[NDArray[np.uint8], dict[str, Any]]:
    try:
        image, headers = pixels_and_headers(reference)
        note = described(image) | {"made": properties(reference, image.grid.shape)}
        return prepare(image, size=side), note | {"found": remarked(check_picture(image, headers))}
    except UnreadableError as error:
        return np.zeros((side, side), np.uint8), {"error": str(error)}


def remarked(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """Findings that are worth a remark, as they are noted."""
    grave = (asdict(finding) for finding in findings if finding.severity != "info")
    return [{word: finding[word] for word in ("code", "severity", "says")} for finding in grave]


def described(image: Image) -> dict[str, Any]:
    """What a picture is, for `Seen`."""
    return {"modality": image.modality, "unit": image.unit, "colour": in_colour(image), "shape": image.grid.shape}


def in_colour(image: Image) -> bool:
    """Whether the picture shows colours; three equal channels are a grey picture, and so is one with a few marks."""
    if not image.is_colour:
        return False
    channels = image.array[..., :3].astype(np.float32)
    spread = channels.max(axis=-1) - channels.min(axis=-1)
    return bool(np.mean(spread > SPREAD * max(1.0, float(channels.max()))) > SHARE)


def _odd_colour(notes: list[dict[str, Any]]) -> dict[int, str]:
    """Rows in colour where most of the cohort is grey: a photograph, a screen shot or a Doppler image among others."""
    coloured = [row for row, note in enumerate(notes) if note.get("colour")]
    grey = sum(note.get("colour") is False for note in notes)
    return {row: f"it is in colour among {grey} grey images" for row in coloured} if len(coloured) < grey else {}


def _blocked(notes: list[dict[str, Any]]) -> dict[int, str]:
    """Rows with a finding that blocks, and the first such rule of each."""
    told = {}
    for row, note in enumerate(notes):
        grave = [finding for finding in note.get("found", ()) if finding["severity"] == "block"]
        if grave:
            told[row] = f"{grave[0]['code']}: {grave[0]['says'].rstrip('.')}"
    return told


def _refused(references: list[str], blocked: dict[int, str]) -> UnreadableError:
    row, why = next(iter(blocked.items()))
    rows = ", ".join(str(number + 1) for number in list(blocked)[:10]) + (" and others" if len(blocked) > 10 else "")
    rules = ", ".join(sorted({words.partition(":")[0] for words in blocked.values()}))
    return UnreadableError(
        f"the checks of images found what spoils results in {len(blocked)} of {len(references)} rows ({rules}; rows "
        f"{rows}), first in {Path(references[row]).name}: {why}; mend or remove them, leave such rows out with "
        "--skip-unreadable, or go on with --allow-blocked, which marks the report"
    )


def _remarks(notes: Iterable[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    """Broken rules, those that block first, then by how many images break them; one image's words stand for all."""
    count: Counter[tuple[str, str]] = Counter()
    words: dict[tuple[str, str], str] = {}
    for note in notes:
        for finding in note.get("found", ()):
            rule = (finding["code"], finding["severity"])
            count[rule] += 1
            words.setdefault(rule, finding["says"])
    order = sorted(count, key=lambda rule: (rule[1] != "block", -count[rule], rule))
    return tuple({"rule": r[0], "severity": r[1], "images": count[r], "says": words[r]} for r in order)


def _longest_side(references: list[str]) -> int:
    """The longest side among up to twenty sources, spread over the cohort."""
    sides = []
    for reference in references[:: max(1, len(references) // 20)]:
        try:
            sides.append(max(pixels(reference).grid.shape))
        except UnreadableError:
            continue  # counted, or reported, when its turn comes
    if not sides:
        raise InputError(f"none of the first images can be read, for example {references[0]}")
    return max(sides)


def _seen(notes: Iterable[dict[str, Any]]) -> Seen:
    kept = list(notes)
    if not kept:
        raise InputError("not one image of the cohort can be read")
    sides = [side for note in kept for side in note["shape"]]
    return Seen(
        modalities=dict(Counter(note["modality"] for note in kept)),
        units=dict(Counter(note["unit"] for note in kept)),
        colour=sum(note["colour"] for note in kept),
        shortest=min(sides),
        longest=max(sides),
    )


def _unreadable(references: list[str], skipped: dict[int, str]) -> UnreadableError:
    row, why = next(iter(skipped.items()))
    more = f" (and {len(skipped) - 1} more)" if len(skipped) > 1 else ""
    return UnreadableError(
        f"row {row + 1} of the cohort, {Path(references[row]).name}, cannot be used: {why}{more}; "
        "mend or remove it, or leave such rows out with --skip-unreadable"
    )


def unlike(image: Image, seen: Seen) -> str | None:
    """Why `image` is unlike what a model was trained on, or `None` when nothing speaks against it."""
    if image.modality not in seen.modalities:
        return f"its modality is {image.modality}, the model was trained on {', '.join(seen.modalities)}"
    if image.unit not in seen.units:
        return f"its unit is {image.unit!r}, the model was trained on {', '.join(map(repr, seen.units))}"
    if in_colour(image) and not seen.colour:
        return "it is in colour, the model was trained on grey images"
    if min(image.grid.shape) < seen.shortest / 2 or max(image.grid.shape) > seen.longest * 2:
        sides = " x ".join(map(str, image.grid.shape))
        return f"it has {sides} pixels, the model was trained on sides of {seen.shortest} to {seen.longest}"
    return None
