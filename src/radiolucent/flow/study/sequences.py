"""Read every sequence of a cohort once: some of its frames, small and grey, in one memory-mapped file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...check import check_picture
from ...core import Finding, Grid, Image, InputError, UnreadableError
from ...learn.sequences import sequence_dtype, spread
from ...read import prepare, prepare_frames, sequence, stated_frames
from .pictures import Prepared, concluded, described, remarked, rows_without_note, whole_lines
from .technical import properties

SIDE = 96
"""Side [pixels] of prepared frames unless asked otherwise: a sequence has many."""
SPARE = 3
"""Frames kept of a sequence for each that a net is shown at a time: training draws among them, prediction uses all."""
CHUNK = 32
KINDS = {"tyx": "a film", "zyx": "a stack of slices", "yx": "a single picture"}
MISSING = 0.9
"""A video of which less than this share of the promised frames can be decoded is worth a remark."""


def prepared_sequences(
    references: list[str],
    work: Path,
    *,
    frames: int,
    size: int | None,
    skip: bool,
    workers: int,
    progress: Callable[[int], None],
    allow_blocked: bool = False,
) -> Prepared:
    """Prepare and check the sequences of `references`; what an interrupted run finished is not read again.

    Leaves work/sequences.npy (rows of `sequence_dtype`, at most three times `frames` frames evenly spaced over each) and
    work/pictures.npy with the middle frames, which stand for the sequences wherever a study compares or shows pictures.
    Raises as `pictures.prepared` does; rows of a kind that few others are of (a single picture among films) count
    among those that cannot be used.
    """
    side, notes_path = size or SIDE, work / "pictures.jsonl"
    notes = whole_lines(notes_path)
    dtype = sequence_dtype(frames * SPARE, side)
    mode = "r+" if notes else "w+"
    kept = np.lib.format.open_memmap(work / "sequences.npy", mode=mode, dtype=dtype, shape=(len(references),))
    shape = (len(references), side, side)
    middles = np.lib.format.open_memmap(work / "pictures.npy", mode=mode, dtype=np.uint8, shape=shape)
    one, arrays = partial(_one, most=frames * SPARE, side=side), (kept, middles)
    for row, (picked, middle, note) in rows_without_note(
        references, notes, notes_path, one, arrays, chunk=CHUNK, workers=workers, progress=progress
    ):
        _put(kept[row], picked)
        middles[row] = middle
        notes.append(note)
    return concluded(
        references, notes, work / "pictures.npy", skip=skip, allow_blocked=allow_blocked, odd=_odd_kind(notes)
    )


def kinds(work: Path) -> dict[str, int]:
    """How many of the prepared sequences are films, stacks of slices, single pictures."""
    return dict(Counter(note["kind"] for note in whole_lines(work / "pictures.jsonl") if "kind" in note))


def frames_of(image: Image, *, most: int, size: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8], Image]:
    """At most `most` prepared frames (k, size, size), the middle one prepared, and the middle one as it is."""
    if image.grid.axes == "yx":
        alone = prepare(image, size=size)
        return alone[None], alone, image
    count = image.grid.shape[0]
    middle = prepare_frames(image, np.array([count // 2]), size=size)[0]
    still = image.with_array(image.array[count // 2], grid=Grid(image.grid.shape[1:], "yx"))
    return prepare_frames(image, spread(count, most), size=size), middle, still


def row_of(frames: NDArray[np.uint8], *, most: int) -> NDArray[Any]:
    """Frames as one row (1,) of `sequence_dtype`."""
    row = np.zeros(1, sequence_dtype(most, frames.shape[1]))
    _put(row[0], frames)
    return row


def _put(row: Any, frames: NDArray[np.uint8]) -> None:
    row["frames"][: len(frames)], row["length"] = frames, len(frames)


def _one(reference: str, most: int, side: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8], dict[str, Any]]:
    """Frames, the middle one, and the note; a row that cannot be read has one black frame."""
    try:
        image, headers = sequence(reference)
        frames, middle, still = frames_of(image, most=most, size=side)
        found = [*check_picture(still, headers), *_cut_short(reference, image)]
    except UnreadableError as error:
        black = np.zeros((side, side), np.uint8)
        return black[None], black, {"error": str(error)}
    made = properties(reference, still.grid.shape) | _timing(image)
    note = described(still) | {"made": made, "found": remarked(found), "kind": image.grid.axes}
    return frames, middle, note


def _timing(image: Image) -> dict[str, float]:
    """How many frames there are and, of a film, how many in a second."""
    if image.grid.axes == "yx":
        return {"number of frames": 1.0}
    told = {"number of frames": float(image.grid.shape[0])}
    times = image.grid.times_s
    if times and len(times) > 1 and times[-1] > times[0]:
        told["frame rate"] = (len(times) - 1) / (times[-1] - times[0])
    return told


def _cut_short(reference: str, image: Image) -> list[Finding]:
    stated = stated_frames(reference)
    there = image.grid.shape[0] if len(image.grid.shape) == 3 else 1
    if stated is None or there >= MISSING * stated:
        return []
    says = (
        f"The header of the video promises {stated} frames, {there} can be decoded: the file is cut short or damaged."
    )
    return [Finding(says=says, code="sequence.cut_short", severity="warn")]


def _odd_kind(notes: list[dict[str, Any]]) -> dict[int, str]:
    """Rows of another kind than most: a single picture among films, a volume among them; InputError where all are stills."""
    count = Counter(note["kind"] for note in notes if "kind" in note)
    if not count:
        return {}
    usual = count.most_common(1)[0][0]
    if usual == "yx":
        raise InputError(
            f"{count['yx']} of {count.total()} rows are single pictures; leave --frames out to learn from pictures, "
            "or name the folders of frames, one sequence each, in a table"
        )
    return {
        row: f"it is {KINDS[note['kind']]} among {count[usual]} that are {KINDS[usual]}"
        for row, note in enumerate(notes)
        if note.get("kind", usual) != usual
    }


__all__ = ["SIDE", "SPARE", "frames_of", "kinds", "prepared_sequences", "row_of"]
