"""De-identify a folder: file by file into a new folder, in several processes, and on from where it was stopped."""

from __future__ import annotations

import csv
import json
import os
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from joblib import Parallel, delayed

from .. import __version__
from ..core import InputError
from ..deid.file import DRAFT, Record, Work, deidentify_file, listed_as, unwritten
from ..deid.key import open_key
from ..deid.opinion import has_tesseract
from ..deid.plain import TABLES, VOLUMES, clean_plain, suffix_of
from ..deid.profile import Options, options
from ..deid.sealed import SealedMap
from ..deid.tally import Tally
from ..report.deid import deid_page
from ..write.whole import whole_file
from .faceless import by_series, deface_series, without_faces
from .reread import read_again, searched

JOURNAL = "deid-journal.jsonl"
REPORT, PAGE = "deid-report.json", "deid-report.html"
BATCH = 32
"""Files handed to a worker at a time."""


@dataclass(frozen=True)
class Job:
    """Where from, where to, and how. `sealed_map` is opened by the key, or by `passphrase` where one is given."""

    source: Path
    out: Path
    key: Path
    keep: tuple[str, ...] = ()
    clean: tuple[str, ...] = ()
    sealed_map: Path | None = None
    passphrase: str | None = None
    workers: int = 1
    verify: bool = False
    second_opinion: bool = False
    verify_pixels: bool = False


def deidentify_folder(job: Job, progress: Callable[[int, int], None] | None = None) -> dict[str, Any]:
    """De-identify every file below `job.source` (or that one file) and write the report; gives what it says.

    DICOM goes by the profile; NIfTI, NRRD, MetaImage, pictures, JSON side-cars and tables lose what describes a person.
    Tables come last, since their cells may name files.

    Raises `InputError` for folders inside each other, another key or other options than those an existing output was
    made with, a full disk, what asks for Tesseract where there is none, and, with `verify` or `verify_pixels`, an identifier
    found in the output.
    """
    chosen = options(job.keep, job.clean)
    _refuse_places(job)
    _refuse_opinion(job)
    fresh = not (job.out / JOURNAL).exists()
    root = job.source if job.source.is_dir() else job.source.parent
    work = Work(
        root.resolve(),
        job.out.resolve(),
        open_key(job.key, create=fresh),
        chosen,
        job.sealed_map is not None,
        job.second_opinion,
    )
    files = Files(job.source.resolve())
    tally, known = _journal(work)
    sealed = SealedMap(job.sealed_map, work.key, job.passphrase) if job.sealed_map else None
    count = _counting(progress, len(known), sum(1 for _ in files))
    for jobs in _jobs(files, work, known, job.workers):
        _carry_out(jobs, work, tally, sealed, job.workers, count)
    found = searched(files, work) if job.verify or job.verify_pixels else None
    if found and job.verify_pixels:
        found["pixels"] = read_again(files, _places(work), work, job.workers)
    told = {
        "version": 1,
        "radiolucent": __version__,
        **_settings(chosen),
        **tally.told(chosen),
        "verified": found,
    }
    _save(told, work.out)
    _refuse_leaks(found)
    return told


def open_map(path: Path, out: Path, key: Path, passphrase: str | None = None) -> int:
    """Write the lines of a sealed map to `out` (.csv), readable by its owner alone; gives their number.

    Raises `InputError` for a wrong key or passphrase.
    """
    if out.suffix != ".csv":
        raise InputError("a sealed map is opened into a .csv file")
    if out.exists():
        raise InputError(f"{out} exists; name another file")
    if not path.is_file():
        raise InputError("there is no such sealed map")
    entries = list(SealedMap(path, open_key(key, create=False), passphrase).entries())
    head = list(dict.fromkeys(name for entry in entries for name in entry))
    with whole_file(out) as draft, draft.open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, head)
        rows.writeheader()
        rows.writerows(entries)
    out.chmod(0o600)
    return len(entries)


def _refuse_places(job: Job) -> None:
    source, out = job.source.resolve(), job.out.resolve()
    if not source.exists():
        raise InputError("there is no such file or folder to de-identify")
    if out.is_relative_to(source) or source.is_relative_to(out):
        raise InputError("the output must lie apart from the input: neither may be inside the other")
    for what, path in (("key", job.key), ("sealed map", job.sealed_map)):
        if path is not None and path.resolve().is_relative_to(out):
            raise InputError(f"the {what} must not lie in the output, which is made to be given away")
        if path is not None and path.resolve().is_relative_to(source):
            raise InputError(f"the {what} must not lie in the input, whose files are copied; name a place apart")
    if out.exists() and not out.is_dir():
        raise InputError("the output is a file; name a folder")
    if out.is_dir() and any(out.iterdir()) and not (out / JOURNAL).exists():
        raise InputError(
            "the output folder holds something that this command did not write; name an empty or a new one"
        )


def _refuse_opinion(job: Job) -> None:
    if job.second_opinion and "pixels" not in job.clean:
        raise InputError("a second opinion is asked for about text in pixels; add: --clean pixels")
    if (job.second_opinion or job.verify_pixels) and not has_tesseract():
        what = "a second opinion is Tesseract's" if job.second_opinion else "pixels are read again by Tesseract"
        raise InputError(f"{what}, which is not installed; install it (Debian: tesseract-ocr), or leave the option out")


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


def _settings(chosen: Options) -> dict[str, Any]:
    return {
        "profile": "basic",
        "keep": sorted(chosen.keep),
        "clean": sorted(chosen.clean),
        "codes": [list(c) for c in chosen.codes],
    }


def _journal(work: Work) -> tuple[Tally, set[str]]:
    """What an earlier run did, so that this one goes on; or the start of a new journal."""
    path, tally = work.out / JOURNAL, Tally()
    known: set[str] = set()
    head = {"kind": JOURNAL, "key": work.key.mark, **_settings(work.options)}
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


def _jobs(files: Iterable[Path], work: Work, known: set[str], workers: int) -> Iterator[Iterable[Any]]:
    """What is to be done, one call for a batch: whole series where faces are to go, files, and tables after all else."""
    if "faces" in work.options.clean:
        series, files = by_series(list(files), workers)
        left = ((one, list(_due(one, work, known))) for one in series)
        yield (delayed(deface_series)(one, due, work) for one, due in left if due)
    yield (delayed(_batch)(some, work, {}) for some in _batches(_due(_tables(files, wanted=False), work, known)))
    tables = list(_due(_tables(files, wanted=True), work, known))
    places = _places(work) if tables else {}
    yield (delayed(_batch)(some, work, places) for some in _batches(tables))


def _tables(files: Iterable[Path], *, wanted: bool) -> Iterator[Path]:
    return (path for path in files if (suffix_of(path) in TABLES) is wanted)


def _due(files: Iterable[Path], work: Work, known: set[str]) -> Iterable[Path]:
    return (path for path in files if listed_as(path, work) not in known) if known else files


def _batches(files: Iterable[Path]) -> Iterator[list[Path]]:
    left = iter(files)
    while some := list(islice(left, BATCH)):
        yield some


def _carry_out(
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


def _counting(progress: Callable[[int, int], None] | None, done: int, of: int) -> Callable[[int], None]:
    """Adds up what is done, and tells it."""

    def count(more: int) -> None:
        nonlocal done
        done += more
        if progress:
            progress(done, of)

    return count


def _places(work: Work) -> dict[str, str]:
    """Where each file of the input now lies, as the journal tells."""
    with (work.out / JOURNAL).open(encoding="ascii") as lines:
        told = (json.loads(line) for line in lines if line.endswith("\n"))
        return {record["in"]: record["out"] for record in told if "out" in record}


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


def _refuse_leaks(found: dict[str, Any] | None) -> None:
    if found and found["found"]:
        raise InputError(
            f"{len(found['found'])} places of the output still hold an identifier of the originals; do not share it: "
            f"{REPORT} lists them"
        )
    if files := {name for name, _ in ((found or {}).get("pixels") or {}).get("found", ())}:
        raise InputError(
            f"in the pixels of {len(files)} files of the output an identifier of the header can still be read; look at them before "
            f"you share it: {REPORT} lists them"
        )


def _save(told: dict[str, Any], out: Path) -> None:
    for name, text in ((REPORT, json.dumps(told, indent=1) + "\n"), (PAGE, deid_page(told))):
        with whole_file(out / name, overwrite=True) as draft:
            draft.write_text(text, encoding="utf-8")
