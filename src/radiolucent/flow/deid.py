"""De-identify a folder: file by file into a new folder, in several processes, and on from where it was stopped."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import __version__
from ..core import InputError
from ..deid.file import Work
from ..deid.key import open_key
from ..deid.opinion import has_tesseract
from ..deid.profile import options
from ..deid.sealed import SealedMap
from ..report.deid import deid_page
from ..write.whole import whole_file
from .deid_files import JOURNAL, Files, carry_out, counter, earlier_work, jobs_of, places_of, settings
from .reread import read_again, searched

REPORT, PAGE = "deid-report.json", "deid-report.html"


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
    tally, known = earlier_work(work)
    sealed = SealedMap(job.sealed_map, work.key, job.passphrase) if job.sealed_map else None
    count = counter(progress, len(known), sum(1 for _ in files))
    for jobs in jobs_of(files, work, known, job.workers):
        carry_out(jobs, work, tally, sealed, job.workers, count)
    found = searched(files, work) if job.verify or job.verify_pixels else None
    if found and job.verify_pixels:
        found["pixels"] = read_again(files, places_of(work), work, job.workers)
    told = {
        "version": 1,
        "radiolucent": __version__,
        **settings(chosen),
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
