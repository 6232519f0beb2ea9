"""Reading beside pydicom: headers by file, in one process and two; `--memory`: the index of 10,000 and 100,000 files.

Rows of one kind come from one function; `ROWS` lists them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid
from side_by_side import Pair, main

from radiolucent.dicom.scan import scan, scanned
from radiolucent.read.index import WANTED

SHARED = Path(os.environ.get("RADIOLUCENT_SHARED", Path(__file__).parents[1] / "../shared")).resolve()
TIMES = 40
"""So often are the headers of a set read in a turn with two processes, so that handing out work counts little."""


def header(number: int) -> Dataset:
    """A CT slice with a header of 150 elements, as large scanners write them."""
    made = Dataset()
    made.SOPClassUID, made.SOPInstanceUID = CTImageStorage, generate_uid()
    made.StudyInstanceUID, made.SeriesInstanceUID, made.FrameOfReferenceUID = "1.2.3", "1.2.3.4", "1.2.3.5"
    made.PatientID, made.PatientName, made.Modality, made.ImageType = "P1", "Doe^Jane", "CT", ["ORIGINAL", "PRIMARY"]
    made.Rows = made.Columns = 512
    made.SamplesPerPixel, made.PhotometricInterpretation, made.PixelRepresentation = 1, "MONOCHROME2", 0
    made.BitsAllocated, made.BitsStored, made.HighBit = 16, 12, 11
    made.RescaleSlope, made.RescaleIntercept, made.KVP, made.ConvolutionKernel = 1, -1024, 120, "B30f"
    made.PixelSpacing, made.SliceThickness = [0.7, 0.7], 1.25
    made.ImageOrientationPatient, made.ImagePositionPatient = [1, 0, 0, 0, 1, 0], [-180.0, -180.0, 1.25 * number]
    made.InstanceNumber, made.SeriesNumber, made.StudyDate = number + 1, 2, "20240102"
    block = made.private_block(0x0019, "BENCHMARK", create=True)
    for element in range(150 - len(made)):
        block.add_new(element, "DS", f"{element}.25")
    made.PixelData = np.zeros((512, 512), "<u2").tobytes()
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return made


def real() -> list[Path]:
    """Files of many scanners, uncompressed or not; none where the shared folder is absent."""
    found = []
    for path in sorted(file for file in (SHARED / "reference/geom-dcmqa").rglob("*.dcm") if file.is_file()):
        found += [path] if scan(path, WANTED).dataset is None else []
    return found


def with_pydicom(paths: list[Path]) -> None:
    for path in paths:
        dataset = pydicom.dcmread(path, stop_before_pixels=True)
        for keyword in WANTED.keywords:
            dataset.get(keyword)


def by_walk(paths: list[Path]) -> None:
    for path in paths:
        scan(path, WANTED)


def by_two(pool: ProcessPoolExecutor, paths: list[Path]) -> None:
    half = len(paths) // 8 + 1
    list(pool.map(by_walk, [paths[k : k + half] for k in range(0, len(paths), half)]))


def same(paths: list[Path]) -> None:
    """Refuse to time what does not give the same."""
    for path in paths:
        theirs = scanned(path, pydicom.dcmread(path, stop_before_pixels=True), WANTED)
        if scan(path, WANTED).values != theirs.values:
            raise AssertionError(f"{path}: the values differ")


def headers(folder: Path) -> Iterator[Pair]:
    """Files per second, header by header, with the same attributes from the same files."""
    for number in range(60):
        header(number).save_as(folder / f"{number:03d}.dcm", enforce_file_format=True)
    sets = {"150 elements": sorted(folder.glob("*.dcm")), "of many scanners": real()}
    for name, paths in sets.items():
        if paths:
            same(paths)
            yield Pair(f"{len(paths)} headers {name}", partial(by_walk, paths), "pydicom",
                       partial(with_pydicom, paths), 7)  # fmt: skip
    many = sets["150 elements"] * TIMES
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        by_two(pool, many)  # starting the processes is not timed
        yield Pair(f"{len(many)} headers, two processes", partial(by_two, pool, many), "one process",
                   partial(by_walk, many), 1.7)  # fmt: skip


ROWS: tuple[Callable[[Path], Iterator[Pair]], ...] = (headers,)
"""Each gets an empty folder, which is there as long as its rows are timed."""


INDEX = """
import resource, sys
from pathlib import Path
from radiolucent.flow.index.job import index
done = index(Path(sys.argv[1]), Path(sys.argv[2]))
print(done.images, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def memory() -> None:
    """Peak memory and time of an index, by one process, of hard links to 200 files."""
    with TemporaryDirectory() as place:
        folder = Path(place) / "once"
        folder.mkdir()
        for number in range(200):
            header(number).save_as(folder / f"{number:03d}.dcm", enforce_file_format=True)
        for total in (10_000, 100_000):
            export = Path(place) / str(total)
            for copy in range(total // 200):
                (export / str(copy)).mkdir(parents=True)
                for path in folder.iterdir():
                    os.link(path, export / str(copy) / path.name)
            words = [sys.executable, "-c", INDEX, str(export), str(Path(place) / f"{total}.parquet")]
            start = time.perf_counter()
            done = subprocess.run(words, check=True, capture_output=True, text=True)
            images, peak = done.stdout.split()
            print(
                f"{total:7} files, {images} images: {peak} MiB at most, {time.perf_counter() - start:.0f} s", flush=True
            )


def rows() -> Iterator[Any]:
    for kind in ROWS:
        with TemporaryDirectory() as folder:
            yield from kind(Path(folder))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    if "--memory" in sys.argv:
        memory()
    else:
        main(rows, __doc__ or "")
