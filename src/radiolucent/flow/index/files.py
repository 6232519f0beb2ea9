"""Which files there are, and what each of them says; a file that cannot be read is told and stops nothing."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from hashlib import blake2b
from multiprocessing import get_context
from pathlib import Path
from threading import current_thread, main_thread
from typing import Literal, NamedTuple

from ...core import InputError
from ...read.index import record
from ...read.record import packed

BATCH = 64
FEW = 1000
"""So few files are read faster than further processes start."""

NAMED = (".dcm", ".dicom", ".ima", ".nii", ".nii.gz", ".nrrd", ".nhdr", ".mha", ".mhd", ".png", ".jpg", ".jpeg",
         ".tif", ".tiff", ".bmp", ".mp4", ".mov", ".avi", ".mpeg", ".mpg", ".mkv", ".webm", ".gif")  # fmt: skip
"""Names of images; a file that bears one and is none is told."""


class There(NamedTuple):
    """A file by its name below the root, its size and when it changed; `why` it cannot be looked at, if so."""

    path: str
    size: int
    changed: int
    why: str = ""


class Seen(NamedTuple):
    """What is kept of one file: an image's record, or why it cannot be read."""

    path: str
    size: int
    changed: int
    kind: Literal["image", "none", "unreadable"]
    case: str = ""
    number: int = 0
    series: str = ""
    twin: str = ""
    told: str = ""


def there(root: Path, *, without: Path | None = None) -> Iterator[There]:
    """Every file below `root` but hidden ones and those in the folder `without`; folders that are links are not entered."""
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(root / folder) as entries:
                for entry in entries:
                    yield from _entry(f"{folder}/{entry.name}".lstrip("/"), entry, folders, root, without)
        except OSError as error:
            yield There(folder or ".", 0, 0, f"the folder cannot be opened: {error.strerror}")


def _entry(name: str, entry: os.DirEntry[str], folders: list[str], root: Path, without: Path | None) -> Iterator[There]:
    """The file, if it is one; a folder is added to those that are still to be opened."""
    if not _is_text(name):
        yield There(name.encode("utf-8", "backslashreplace").decode(), 0, 0, _NO_TEXT)
    elif entry.is_dir(follow_symlinks=False):
        folders += [name] if root / name != without else []
    elif not entry.name.startswith("."):
        yield from _file(name, entry)


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _file(name: str, entry: os.DirEntry[str]) -> Iterator[There]:
    try:
        if entry.is_file():
            about = entry.stat()
            yield There(name, about.st_size, about.st_mtime_ns)
    except OSError as error:
        yield There(name, 0, 0, f"it cannot be looked at: {error.strerror}")


def looked_at(root: Path, key: bytes, batch: list[There]) -> list[Seen]:
    """What each file of a batch says."""
    return [_seen(root, key, file) for file in batch]


def _seen(root: Path, key: bytes, file: There) -> Seen:
    path = root / file.path
    if file.why:
        return Seen(*file[:3], "unreadable", told=file.why)
    try:
        found = record(path, key)
    except (InputError, MemoryError) as error:
        why = str(error).replace(f"{path} ", "").replace(f"{path}: ", "").replace(str(path), path.name)
        return Seen(*file[:3], "unreadable", told=why or "there is not enough memory for it")
    if found is None:
        strange = file.path.lower().endswith(NAMED) and not _is_dicom_without_picture(path)
        return Seen(*file[:3], "unreadable" if strange else "none", told=_STRANGE if strange else "")
    text = packed(found)
    twin = blake2b(text.encode(), digest_size=12).hexdigest() if found.format == "dicom" else file.path
    ids = found.ids
    return Seen(*file[:3], "image", ids["case"], found.series_number, ids.get("series") or "", twin, text)


_NO_TEXT = "its name is not valid text; rename it"
_STRANGE = "it bears the name of an image, but is none that can be read"


def _is_dicom_without_picture(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(132)[128:] == b"DICM"
    except OSError:
        return False


def read_all(root: Path, key: bytes, batches: Iterable[list[There]], *, workers: int) -> Iterator[list[Seen]]:
    """As `looked_at` for every batch, by so many processes; never more of them in memory than are worked on."""
    if workers < 2:
        for batch in batches:
            yield looked_at(root, key, batch)
        return
    left = iter(batches)
    lost: list[list[There]] = []
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_deaf) as pool:
        try:
            yield from _read_by(pool, root, key, left, lost, most=2 * workers)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    if lost:
        for batch in lost:
            yield [_apart(root, key, file) for file in batch]
        yield from read_all(root, key, left, workers=workers)


def _read_by(
    pool: ProcessPoolExecutor,
    root: Path,
    key: bytes,
    left: Iterator[list[There]],
    lost: list[list[There]],
    *,
    most: int,
) -> Iterator[list[Seen]]:
    """Read by a pool; where one of its processes dies, the batches on their way are `lost`."""
    waiting: dict[Future[list[Seen]], list[There]] = {}
    try:
        while True:
            while len(waiting) < most and (batch := next(left, [])):
                lost.append(batch)
                with _undisturbed():  # processes start at need, and keep what holds now
                    future = pool.submit(looked_at, root, key, batch)  # a pool that has died takes nothing
                waiting[future] = lost.pop()
            if not waiting:
                return
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                seen = future.result()
                del waiting[future]
                yield seen
    except BrokenProcessPool:
        lost += waiting.values()


def _apart(root: Path, key: bytes, file: There) -> Seen:
    """One file in a process of its own, for reading it may end the process (a codec that crashes)."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_deaf) as pool:
        try:
            return pool.submit(looked_at, root, key, [file]).result()[0]
        except BrokenProcessPool:
            return Seen(*file[:3], "unreadable", told="reading it ended the process; the file is damaged")


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C is for the process that a person started: what starts now does not hear it, not even while it imports."""
    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _deaf() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
