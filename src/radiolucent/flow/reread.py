"""Copies read again, by other code than wrote them: their bytes, and, where that is asked, text in their pixels."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from joblib import Parallel, delayed

from ..deid.file import Work, listed_as
from ..deid.legible import Legible, PixelsRead, compared
from ..deid.reader import reader
from ..deid.verify import originals, search

BATCH = 16
"""Files handed to a worker at a time."""

Pair = tuple[Path, str]


def searched(files: Iterable[Path], work: Work) -> dict[str, Any]:
    """What the search for all identifiers of `files` in the bytes of the output found, as plain values for the report."""
    found = search(work.out, *originals(files, work.options))
    return {
        "identifiers": found.needles,
        "files": found.files,
        "bytes": found.bytes,
        "found": [list(place) for place in found.places],
        "undecided": [list(place) for place in found.undecided],
        "unread": found.unread,
        "pixels": None,
    }


def read_again(files: Iterable[Path], places: dict[str, str], work: Work, workers: int) -> dict[str, Any]:
    """Which identifiers of its own header can be read in the pixels of each file, and which in those of its copy."""
    told = PixelsRead(reader())
    pairs = ((path, places[word]) for path in files if (word := listed_as(path, work)) in places)
    batches = (delayed(_compared)(some, work) for some in iter(lambda: list(islice(pairs, BATCH)), []))
    for several in Parallel(n_jobs=workers, return_as="generator")(batches):
        for one in several:
            told.add(one)
    return {
        "reader": told.program,
        "files": told.files,
        "frames": told.frames,
        "unread": told.unread,
        "before": told.before,
        "found": [list(place) for place in told.after],
        "undecided": [list(place) for place in told.unsure],
    }


def _compared(pairs: list[Pair], work: Work) -> list[Legible]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they may quote values
        return list(_each(pairs, work))


def _each(pairs: list[Pair], work: Work) -> Iterator[Legible]:
    for path, out in pairs:
        one = compared(path, work.out / out, out, work.options)
        if one is not None:
            yield one
