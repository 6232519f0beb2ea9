"""Open a DICOM file: whatever is wrong with it becomes one of our errors, and nothing inflates without bound."""

from __future__ import annotations

import logging
import struct
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pydicom
from pydicom.dataset import Dataset
from pydicom.errors import BytesLengthException, InvalidDicomError
from pydicom.filereader import read_file_meta_info
from pydicom.uid import DeflatedExplicitVRLittleEndian

from radiolucent.core import InputError, UnreadableError

MOST_INFLATED, MOST_TIMES = 256 * 2**20, 40
"""A deflated file may grow to the greater of so many bytes and so many times its size."""

logging.getLogger("pydicom").addHandler(logging.NullHandler())  # what matters is raised; the rest is no news

DAMAGE = (
    AttributeError,
    EOFError,
    ImportError,
    IndexError,
    KeyError,
    LookupError,
    NotImplementedError,
    OverflowError,
    RecursionError,
    RuntimeError,
    TypeError,
    UnicodeError,
    ValueError,
    struct.error,
    zlib.error,
    BytesLengthException,
    InvalidDicomError,
)
"""What pydicom and its codecs raise on damaged files."""


def is_dicom(path: str | Path) -> bool:
    """True for a file with the DICOM preamble, or one without it that starts with an element of group 0002 or 0008."""
    try:
        with open(path, "rb") as file:
            start = file.read(132)
    except OSError:
        return False
    if start[128:132] == b"DICM":
        return True
    return start[:2] in (b"\x02\x00", b"\x08\x00") and start[4:6] in (
        b"UL",
        b"UI",
        b"CS",
        b"DA",
        b"\x04\x00",
        b"\x0a\x00",
    )


def read_header(path: str | Path) -> Dataset:
    """Everything in the file but its pixels."""
    return _read(path, lambda source: pydicom.dcmread(source, force=True, stop_before_pixels=True))


def read_dataset(path: str | Path) -> Dataset:
    """The whole file, pixels still encoded."""
    return _read(path, lambda source: pydicom.dcmread(source, force=True))


@contextmanager
def damage_named(path: str | Path, doing: str) -> Iterator[None]:
    """Turn what a parser or codec raises on a damaged file into an `UnreadableError` that names the file."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except InputError:
        raise
    except FileNotFoundError as error:
        raise UnreadableError(f"{path} does not exist") from error
    except OSError as error:
        raise UnreadableError(f"{path} cannot be {doing}: {error.strerror or _short(error)}") from error
    except DAMAGE as error:
        raise UnreadableError(f"{path} cannot be {doing}: {_short(error)}; export it again or leave it out") from error


def _short(error: BaseException) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 160 else text[:157] + "..."


def _read(path: str | Path, parse: Callable[[Any], Dataset]) -> Dataset:
    if not Path(path).is_file():
        raise UnreadableError(f"{path} does not exist" if not Path(path).exists() else f"{path} is not a file")
    with damage_named(path, "read as DICOM"):
        try:
            dataset = parse(_inflated(Path(path)))
        except MemoryError as error:
            raise UnreadableError(f"{path} states a length that no memory holds; export it again") from error
        if not len(dataset):
            raise UnreadableError(f"{path} is not a DICOM file, or holds no element at all")
        return dataset


def _inflated(path: Path) -> Path | BytesIO:
    """A deflated file is inflated here, up to a bound; pydicom would inflate whatever a few bytes ask for."""
    if not _is_deflated(path):
        return path
    data = path.read_bytes()
    meta = read_file_meta_info(path)
    start = 144 + int(meta.FileMetaInformationGroupLength)
    inflate, bound = zlib.decompressobj(-zlib.MAX_WBITS), max(MOST_INFLATED, MOST_TIMES * len(data))
    body = inflate.decompress(data[start:], bound)
    if len(body) >= bound and not inflate.eof:
        raise UnreadableError(f"{path} inflates to more than {MOST_TIMES} times its size; it is refused as a bomb")
    meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    buffer = BytesIO()
    buffer.write(b"\0" * 128 + b"DICM")
    pydicom.filewriter.write_file_meta_info(buffer, meta, enforce_standard=False)
    buffer.write(body)
    buffer.seek(0)
    return buffer


def _is_deflated(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(4096)
    return start[128:132] == b"DICM" and DeflatedExplicitVRLittleEndian.encode() in start
