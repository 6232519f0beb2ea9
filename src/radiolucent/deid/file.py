"""One file to one file: read, de-identified, written whole under a name that tells nothing."""

from __future__ import annotations

import mmap
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pydicom
from pydicom.dataset import Dataset

from radiolucent.core import InputError, UnreadableError
from radiolucent.dicom import damage_named
from radiolucent.dicom.pixels import KEYWORDS

from .header import DamageError, Done, RefusedError, deidentify
from .key import Key
from .pixels import clean
from .profile import Options

WHOLE = 64 * 2**20
"""A longer file is mapped and not read whole."""
DRAFT = ".draft-"
NO_DICOM = "this is no DICOM file"

Record = dict[str, Any]
"""What is remembered of a file: plain values, nothing of the original's."""

Faceless = Callable[[Dataset], int]
"""Takes the face out of a slice's pixels, in place; gives the number of samples that changed."""


@dataclass(frozen=True)
class Work:
    """What is the same for all files of a run."""

    source: Path
    out: Path
    key: Key
    options: Options
    with_originals: bool = False
    second_opinion: bool = False


def deidentify_file(path: Path, work: Work, faceless: Faceless | None = None) -> Record:
    """De-identify one file into its place below `work.out`; say what was done, or why nothing was written.

    `faceless` is for slices of a head whose face is to go.

    Raises `InputError` where the disk is full or cannot be written: the run ends, and no half file stays.
    """
    record: Record = {"in": listed_as(path, work)}
    try:
        done, pixels = _done(content(path), work, faceless)
    except (DamageError, RefusedError, UnreadableError) as error:
        return unwritten(path, work, **_why(error))
    except OSError as error:
        return record | {"state": "damaged", "why": f"the file cannot be read ({error.strerror})"}
    record |= {"state": "done", "bytes": sum(len(piece) for piece in done.pieces), **_plain(done), **pixels}
    place, is_there = _written(done, work)
    record["out"] = place.relative_to(work.out).as_posix()
    record["remarks"] += ["same"] if is_there else []
    if work.with_originals:
        record["originals"] = _where(path, work) | done.originals | {"out": record["out"]}
    return record


def unwritten(path: Path, work: Work, state: str, why: str) -> Record:
    """The record of a file that is not written, and why."""
    record: Record = {"in": listed_as(path, work), "state": state, "why": why}
    return record | ({"originals": _where(path, work) | record} if work.with_originals else {})


def listed_as(path: Path, work: Work) -> str:
    """What stands for an input file in lists: its place, size and time under the key."""
    there = path.lstat()
    text = f"{path.relative_to(work.source).as_posix()}\0{there.st_size}\0{there.st_mtime_ns}"
    return work.key.word("file", text.encode("utf-8", "surrogateescape"))


def _where(path: Path, work: Work) -> Record:
    return {"file": path.relative_to(work.source).as_posix()}


def content(path: Path) -> Any:
    """The bytes of a file, mapped where they are many."""
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size <= WHOLE:
            return file.read()
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _done(data: Any, work: Work, faceless: Faceless | None) -> tuple[Done, dict[str, int]]:
    """The header cleaned, and before it, where that was asked, the pixels."""
    head = deidentify(data, work.key, work.options)  # refuses what is to be refused before any pixel is decoded
    if "pixels" not in work.options.clean and faceless is None:
        return head, {"boxes": 0}
    with damage_named("the file", "searched for text"):
        dataset = pydicom.dcmread(BytesIO(data), force=True)
        counts = _cleaned(dataset, work, faceless)
        if not any(counts.values()):
            return head, counts
        buffer = BytesIO()
        dataset.save_as(buffer, enforce_file_format=True)
    return deidentify(buffer.getvalue(), work.key, work.options), counts


def _cleaned(dataset: Dataset, work: Work, faceless: Faceless | None) -> dict[str, int]:
    """Face and text taken out of the pixels, and counted."""
    counts = {} if faceless is None else {"face": faceless(dataset)}
    is_searched = "pixels" in work.options.clean and any(word in dataset for word in KEYWORDS)
    return counts | {"boxes": len(clean(dataset, second_opinion=work.second_opinion).boxes) if is_searched else 0}


def _why(error: Exception) -> dict[str, str]:
    if isinstance(error, DamageError):
        return {"state": "other" if str(error) == NO_DICOM else "damaged", "why": str(error)}
    if isinstance(error, RefusedError):
        return {"state": "refused", "why": str(error)}
    return {"state": "refused", "why": "its pixels cannot be decoded, so that text in them cannot be found"}


def _plain(done: Done) -> Record:
    told: Record = {name: getattr(done, name) for name in ("patient", "study", "series", "name", "birth", "modality")}
    told["done"] = [[tag, action, n] for (tag, action), n in done.done.items()]
    told["doubts"] = [[tag, why, n] for (tag, why), n in done.doubts.items()]
    return told | {"quasi": done.quasi, "remarks": list(done.remarks)}


def _written(done: Done, work: Work) -> tuple[Path, bool]:
    """Where the file now lies, and whether one of the same bytes lay there already."""
    folder = work.out / done.patient / done.study / done.series
    place = folder / f"{done.instance}.dcm"
    draft = work.out / f"{DRAFT}{secrets.token_hex(8)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(draft, done.pieces)
        return _named(draft, place, done, work)
    except OSError as error:
        raise InputError(
            f"the output cannot be written: {error.strerror}; no half file was left, go on with the same command"
        ) from error
    finally:
        draft.unlink(missing_ok=True)


def _write(draft: Path, pieces: list[Any]) -> None:
    """Few large writes: what is small is joined, pixels are not copied once more."""
    with open(draft, "xb", buffering=0) as file:
        small: list[Any] = []
        for piece in pieces:
            small.append(piece)
            if len(piece) > 1 << 16:
                _all(file, b"".join(small[:-1]))
                _all(file, piece)
                small = []
        _all(file, b"".join(small))


def _all(file: Any, content: Any) -> None:
    view = memoryview(content)
    while len(view):
        view = view[file.write(view) :]


def _named(draft: Path, place: Path, done: Done, work: Work) -> tuple[Path, bool]:
    """Give the whole file its name. Another instance of the same identifier gets a name after its content."""
    try:
        os.link(draft, place)
        return place, False
    except FileExistsError:
        content = done.content
        if place.read_bytes() == content:
            return place, True
        other = place.with_name(f"{place.stem}-{work.key.word('content', content, 8)}.dcm")
        os.replace(draft, other)
        return other, False
    except PermissionError:  # a file system without hard links
        os.replace(draft, place)
        return place, False
