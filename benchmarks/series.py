"""A CT series to a volume, side by side with SimpleITK and with reading the bytes alone; and the memory it takes.

    python benchmarks/series.py [--json FILE] [--only WORD]

200 slices of 512 x 512, headers of over 150 elements with sequences and private blocks, file names in random order; the
files are in the cache. `read` sorts and checks the places and gives HU as int16; `load` checks headers and pixels too and
takes the hash of all files.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import SimpleITK
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid
from side_by_side import Figure, Pair, main

from radiolucent.flow.load import load
from radiolucent.read import read

SLICES, SIDE = 200, 512
KEY = b"k" * 32
MOST_MEMORY = 2.2
"""Peak memory, in times the volume's."""

KNOWN = {
    "ImageType": ["ORIGINAL", "PRIMARY", "AXIAL"], "StudyDate": "20200101", "Modality": "CT", "Manufacturer": "Maker",
    "PatientID": "P1", "PatientName": "Doe^Jane", "SliceThickness": "1", "KVP": "120", "PatientPosition": "HFS",
    "ConvolutionKernel": "B30f", "SeriesNumber": "2", "SamplesPerPixel": 1, "PhotometricInterpretation": "MONOCHROME2",
    "Rows": SIDE, "Columns": SIDE, "PixelSpacing": [0.7, 0.7], "BitsAllocated": 16, "BitsStored": 16, "HighBit": 15,
    "PixelRepresentation": 1, "RescaleIntercept": "-1024", "RescaleSlope": "1", "RescaleType": "HU",
    "ImageOrientationPatient": [1, 0, 0, 0, 1, 0], "WindowCenter": ["40", "-500"], "WindowWidth": ["400", "1500"],
}  # fmt: skip


def slices(folder: Path) -> None:
    """Write the series."""
    names = np.random.default_rng(1).permutation(SLICES)
    made = _header()
    plane = np.random.default_rng(0).normal(1024, 30, (SIDE, SIDE)).astype(np.int16)
    for k, name in enumerate(names):
        made.SOPInstanceUID = made.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        made.InstanceNumber, made.ImagePositionPatient = k + 1, [-175.0, -175.0, k - 100.0]
        made.AcquisitionTime, made.SliceLocation = f"1010{k * 0.2:05.2f}", k - 100.0
        made.PixelData = np.roll(plane, k, 0).tobytes()
        made.save_as(folder / f"{name:05d}.dcm", enforce_file_format=True)


def _header() -> Dataset:
    made = Dataset()
    made.SOPClassUID, made.file_meta = CTImageStorage, FileMetaDataset()
    made.file_meta.TransferSyntaxUID, made.file_meta.MediaStorageSOPClassUID = ExplicitVRLittleEndian, CTImageStorage
    for word, value in KNOWN.items():
        setattr(made, word, value)
    for word in ("StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID"):
        setattr(made, word, generate_uid())
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = CTImageStorage, generate_uid()
    made.ReferencedImageSequence = [item, item]
    for group in (0x19, 0x21, 0x29, 0x43):
        block = made.private_block(group, f"MAKER {group}", create=True)
        for element in range(30):
            vr, value = (("LO", "some text"), ("DS", "1.5"), ("OB", b"\1\2" * 100))[element % 3]
            block.add_new(element, vr, value)
    assert sum(1 for _ in made.iterall()) >= 150
    return made


def pairs() -> Iterator[Pair | Figure]:
    """The rows of the table."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        slices(folder)
        files = sorted(folder.iterdir())

        def theirs() -> SimpleITK.Image:
            reader = SimpleITK.ImageSeriesReader()
            reader.SetFileNames(reader.GetGDCMSeriesFileNames(place))
            return reader.Execute()

        def bare() -> list[np.ndarray]:
            return [np.fromfile(file, np.uint8) for file in files]

        yield Pair("CT series to volume", lambda: read(folder, key=KEY), "SimpleITK", theirs, 4.0)
        yield Pair("CT series to volume, beside its bytes", lambda: read(folder, key=KEY), "fromfile", bare, 0.25)
        yield Pair("CT series loaded: hashed and checked", lambda: load(folder), "SimpleITK", theirs, 1.0)
        yield Figure("CT series to volume, peak memory", lambda: memory(folder), "times the volume", MOST_MEMORY)


def memory(folder: Path) -> float:
    """How far a process of its own grows over what importing takes, in times the volume."""
    done = subprocess.run(
        [sys.executable, __file__, "--grows", str(folder)], check=True, capture_output=True, text=True
    )
    return float(done.stdout)


def _grown(folder: Path) -> float:
    (first, *_) = folder.iterdir()
    read(first, key=KEY)
    before = _peak_bytes()
    (case,) = read(folder, key=KEY)
    (image,) = case.images.values()
    return (_peak_bytes() - before) / image.array.nbytes


def _peak_bytes() -> int:
    """The most that this program ever held; counted from its own start, not from that of what started it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--grows"]:
        print(_grown(Path(sys.argv[2])))
    else:
        main(pairs, __doc__.splitlines()[0])
