"""The files of a folder to de-identify: in batches, series whole where faces are to go, tables last, each in a journal."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from joblib import Parallel, delayed

from ..core import InputError
from ..deid.file import DRAFT, Record, Work, deidentify_file, listed_as, unwritten
from ..deid.plain import TABLES, VOLUMES, clean_plain, suffix_of
from ..deid.profile import Options
from ..deid.sealed import SealedMap
from ..deid.tally import Tally
from .faceless import by_series, deface_series, without_faces

JOURNAL = "deid-journal.jsonl"
BATCH = 32
"""Files handed to a worker at a time."""


@dataclass(frozen=True)
class Files:
    """Every file below a folder, or one file: walked anew each time, so that a list of them is nowhere in memory."""

    source: Path

    def __iter__(self) -> Iterator[Path]:
        if self.source.is_file():
            yield self.source
        for place, folders, names in os.walk(self.source):
            folders.sort()
            yield from (path for path in map(Path(place).joinpath, sorted(names)) if path.is_file())


def settings(chosen: Options) -> dict[str, Any]:
    """The options of a run, as its journal and its report tell them."""
    return {
        "profile": "basic",
        "keep": sorted(chosen.keep),
        "clean": sorted(chosen.clean),
        "codes": [list(c) for c in chosen.codes],
    }


def earlier_work(work: Work) -> tuple[Tally, set[str]]:
    """What an earlier run did, so that this one goes on; or the start of a new journal."""
    path, tally = work.out / JOURNAL, Tally()
    known: set[str] = set()
    head = {"kind": JOURNAL, "key": work.key.mark, **settings(work.options)}
    head |= {"second_opinion": True} if work.second_opinion else {}
    try:
        work.out.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_text(json.dumps(head) + "\n", encoding="ascii")
            return tally, known
    except OSError as error:
        raise InputError(f"the output cannot be written: {error.strerror}") from error
    for draft in work.out.glob(f"{DRAFT}*"):
        draft.unlink()
    with path.open(encoding="ascii") as lines:
        _same(head, json.loads(next(lines)))
        for line in lines:
            if line.endswith("\n") and (record := json.loads(line))["in"] not in known:  # the last may be half a line
                tally.add(record)
                known.add(record["in"])
    return tally, known


def _same(head: dict[str, Any], earlier: dict[str, Any]) -> None:
    if head["key"] != earlier["key"]:
        raise InputError("the output was begun with another key; give that key file, or name a new output folder")
    if head != earlier:
        words = [word for kind in ("keep", "clean") if earlier[kind] for word in (f"--{kind}", *earlier[kind])]
        words += ["--second-opinion"] if earlier.get("second_opinion") else []
        was = " ".join(words) or "neither --keep nor --clean"
        raise InputError(f"the output was begun with other options ({was}); repeat them, or name a new output folder")


def jobs_of(files: Iterable[Path], work: Work, known: set[str], workers: int) -> Iterator[Iterable[Any]]:
    """What is to be done, one call for a batch: whole series where faces are to go, files, and tables after all else."""
    if "faces" in work.options.clean:
        series, files = by_series(list(files), workers)
        left = ((one, list(_due(one, work, known))) for one in series)
        yield (delayed(deface_series)(one, due, work) for one, due in left if due)
    yield (delayed(_batch)(some, work, {}) for some in _batches(_due(_tables(files, wanted=False), work, known)))
    tables = list(_due(_tables(files, wanted=True), work, known))
    places = places_of(work) if tables else {}
    yield (delayed(_batch)(some, work, places) for some in _batches(tables))


def carry_out(
    jobs: Iterable[Any],
    work: Work,
    tally: Tally,
    sealed: SealedMap | None,
    workers: int,
    count: Callable[[int], None],
) -> None:
    """Jobs go to the workers; what comes back is remembered at once."""
    with (work.out / JOURNAL).open("a", encoding="ascii") as journal:
        for records in Parallel(n_jobs=workers, return_as="generator_unordered")(jobs):
            if sealed is not None:
                sealed.add([record.pop("originals") for record in records if "originals" in record])
            for record in records:
                tally.add(record)
                journal.write(json.dumps(record) + "\n")
            journal.flush()
            count(len(records))


def places_of(work: Work) -> dict[str, str]:
    """Where each file of the input now lies, as the journal tells."""
    with (work.out / JOURNAL).open(encoding="ascii") as lines:
        told = (json.loads(line) for line in lines if line.endswith("\n"))
        return {record["in"]: record["out"] for record in told if "out" in record}


def counter(progress: Callable[[int, int], None] | None, done: int, of: int) -> Callable[[int], None]:
    """Adds up what is done, and tells it."""

    def count(more: int) -> None:
        nonlocal done
        done += more
        if progress:
            progress(done, of)

    return count


def _tables(files: Iterable[Path], *, wanted: bool) -> Iterator[Path]:
    return (path for path in files if (suffix_of(path) in TABLES) is wanted)


def _due(files: Iterable[Path], work: Work, known: set[str]) -> Iterable[Path]:
    return (path for path in files if listed_as(path, work) not in known) if known else files


def _batches(files: Iterable[Path]) -> Iterator[list[Path]]:
    left = iter(files)
    while some := list(islice(left, BATCH)):
        yield some


def _batch(files: list[Path], work: Work, places: dict[str, str]) -> list[Record]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they may quote values
        return [_one(path, work, places) for path in files]


def _one(path: Path, work: Work, places: dict[str, str]) -> Record:
    """By content where it is DICOM, else by its name."""
    record = deidentify_file(path, without_faces(work))
    if record["state"] != "other" or not suffix_of(path):
        return record
    if "faces" in work.options.clean and suffix_of(path) in VOLUMES:
        return unwritten(path, work, "refused", "no face can be taken out of a volume of this kind")
    return clean_plain(path, work, places)
