"""De-identification of CT headers beside dicognito and beside pydicom's read and write, one process each.

    python benchmarks/deid.py [--json FILE]
    python benchmarks/deid.py --memory     peak memory and pace of 10,000 and 100,000 files, gone on with, and searched

The files are those of the folder `reference/geom-dcmqa/dcm_qa_ct` beside the repository (or below the folder that
RADIOLUCENT_SHARED names), or else pydicom's own CT. dicognito is installed for nobody: its rows are left out where it is
absent.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

import pydicom
from pydicom.data import get_testdata_file
from side_by_side import Pair, main

from radiolucent.deid.file import Work, deidentify_file
from radiolucent.deid.key import Key
from radiolucent.deid.profile import options

SHARED = Path(os.environ.get("RADIOLUCENT_SHARED", Path(__file__).parents[1] / "../shared"))
KEY = Key(b"k" * 32)
N = 96


def series(folder: Path) -> list[Path]:
    """N files of CT, as many different ones as there are."""
    found = sorted((SHARED / "reference/geom-dcmqa/dcm_qa_ct").rglob("*.dcm")) or [
        Path(str(get_testdata_file("CT_small.dcm")))
    ]
    made = []
    for k in range(N):
        made.append(folder / f"{k:04d}.dcm")
        numbered(found[k % len(found)], made[-1], k)
    return made


def numbered(source: Path, path: Path, k: int) -> None:
    """A copy with an identifier of its own."""
    dataset = pydicom.dcmread(source)
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = f"{dataset.SeriesInstanceUID[:40]}.{k}"
    dataset.save_as(path)


def small(folder: Path) -> list[Path]:
    """N copies of pydicom's CT of 128 x 128 pixels."""
    made = [folder / f"{k:04d}.dcm" for k in range(N)]
    for k, path in enumerate(made):
        numbered(Path(str(get_testdata_file("CT_small.dcm"))), path, k)
    return made


def ours(files: list[Path], out: Path, keep: tuple[str, ...] = ()) -> Callable[[], Any]:
    def work() -> None:
        fresh(out)
        job = Work(files[0].parent, out, KEY, options(keep, ["descriptors"] if keep else []))
        for path in files:
            assert deidentify_file(path, job)["state"] == "done"

    return work


def fresh(out: Path) -> None:
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()


def read_and_write(files: list[Path], out: Path) -> Callable[[], Any]:
    def work() -> None:
        fresh(out)
        for k, path in enumerate(files):
            pydicom.dcmread(path).save_as(out / f"{k}.dcm")

    return work


def dicognito(files: list[Path], out: Path) -> Callable[[], Any]:
    from dicognito.anonymizer import Anonymizer

    def work() -> None:
        fresh(out)
        anonymizer = Anonymizer(seed="k")
        for k, path in enumerate(files):
            with pydicom.dcmread(path) as dataset:
                anonymizer.anonymize(dataset)
                dataset.save_as(out / f"{k}.dcm")

    return work


def pairs() -> Iterator[Pair]:
    """Every set of files beside every peer that is installed."""
    place = Path(tempfile.mkdtemp(prefix="deid-"))
    for name, make in (("CT of 512 x 512", series), ("CT of 128 x 128", small)):
        (place / name).mkdir()
        files = make(place / name)
        speed(name, files, place / "out")
        yield Pair(
            f"{name}: basic profile",
            ours(files, place / "out"),
            "pydicom copy",
            read_and_write(files, place / "out"),
            3.0,
        )
        if find_spec("dicognito"):
            yield Pair(
                f"{name}: basic profile", ours(files, place / "out"), "dicognito", dicognito(files, place / "out"), 3.0
            )
            kept = ours(files, place / "out", ("modified-dates", "patient-characteristics"))
            yield Pair(f"{name}: dates shifted, texts cleaned", kept, "dicognito", dicognito(files, place / "out"), 3.0)
    shutil.rmtree(place)


def speed(name: str, files: list[Path], out: Path) -> None:
    """Print files and megabytes per second, the best of five."""
    work, size = ours(files, out), sum(path.stat().st_size for path in files)
    best = min(_seconds(work) for _ in range(5))
    print(
        f"{name}: {len(files) / best:,.0f} files/s, {size / best / 1e6:,.0f} MB/s ({len(files)} files)", file=sys.stderr
    )


def _seconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


RUN = """
import resource, sys
from pathlib import Path
from radiolucent.flow.deid import Job, deidentify_folder
source, out, key, verify = sys.argv[1:]
deidentify_folder(Job(Path(source), Path(out), Path(key), verify=verify == "verify"))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""
SMALL = "1.2.826.0.1.3680043.8.498"


def memory() -> None:
    """Peak memory and pace, in one process, of files of 2 KB with identifiers of their own, 50 a patient, and of hard links."""
    with tempfile.TemporaryDirectory() as folder:
        for total in (10_000, 100_000):
            for name, make in (("files", many), ("hard links of 200", links)):
                export = Path(folder) / f"{name} {total}"
                make(export, total)
                for turn in ("new", "gone on with", "verify"):
                    _run(f"{total:7} {name}, {turn}", export, Path(folder) / "out", turn)
                shutil.rmtree(Path(folder) / "out")


def _run(name: str, export: Path, out: Path, turn: str) -> None:
    start = time.perf_counter()
    words = [sys.executable, "-c", RUN, str(export), str(out), str(out.parent / "key.json"), turn]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    sizes = [(out / one).stat().st_size for one in ("deid-report.html", "deid-journal.jsonl")]
    told = f"{int(done.stdout):5} MiB at most, {time.perf_counter() - start:4.0f} s"
    print(f"{name}: {told}; report {sizes[0] / 1e3:.0f} KB, journal {sizes[1] / 1e6:.1f} MB", flush=True)


def many(export: Path, total: int) -> None:
    """Copies of one small file in which places of fixed length bear other numbers."""
    made = dataset_of_2kb()
    for k in range(total):
        (export / f"{k // 1000:04d}").mkdir(parents=True, exist_ok=True)
        own = made.replace(b"P000000", b"P%06d" % (k // 50)).replace(b".7000000", b".7%06d" % (k // 50))
        (export / f"{k // 1000:04d}" / f"{k:06d}.dcm").write_bytes(own.replace(b".8000000", b".8%06d" % k))


def links(export: Path, total: int) -> None:
    many(export, 200)
    for k in range(200, total):
        (export / f"{k // 1000:04d}").mkdir(parents=True, exist_ok=True)
        os.link(export / "0000" / f"{k % 200:06d}.dcm", export / f"{k // 1000:04d}" / f"{k:06d}.dcm")


def dataset_of_2kb() -> bytes:
    """pydicom's CT of 128 x 128 with 16 x 16 of its pixels."""
    dataset = pydicom.dcmread(str(get_testdata_file("CT_small.dcm")))
    dataset.PixelData, dataset.Rows, dataset.Columns = dataset.pixel_array[:16, :16].tobytes(), 16, 16
    dataset.remove_private_tags()
    dataset.PatientID, dataset.PatientName = "P000000", "Okafor^P000000"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = f"{SMALL}.7000000", f"{SMALL}.7000000.1"
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = f"{SMALL}.8000000"
    buffer = BytesIO()
    dataset.save_as(buffer)
    return buffer.getvalue()


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    if "--memory" in sys.argv:
        memory()
    else:
        main(pairs, __doc__ or "")
