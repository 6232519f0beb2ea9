"""Many pieces of bytes looked for in files of any size, block by block."""

from __future__ import annotations

import os
import struct
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any, BinaryIO, Protocol

import numpy as np
from numpy.typing import NDArray

LOWER = bytes(range(65)) + bytes(range(97, 123)) + bytes(range(91, 256))
"""ASCII letters in lower case."""
STARTS = 1 << 22
"""Places of the table in which the first four bytes of all needles are marked."""
STEP = 1 << 22
MOST = 1 << 30
"""What is packed is searched up to so many bytes."""
_DEFLATED = b"1.2.840.10008.1.2.1.99"
_GZIP, _HEAD = b"\x1f\x8b", 512
"""What is packed by gzip is searched unpacked, after so many of its first bytes, which hold its name."""
_PIXELS = b"\xe0\x7f\x10\x00"
_FIRST_SAMPLES = {b"NRRD": b"\n\n", b"Obje": b"ElementDataFile", b"\x89PNG": b"IDAT", b"\xff\xd8": b"\xff\xda"}
"""By how a file begins, what stands before its samples."""
_LOOKED_THROUGH = 1 << 20


class Bytes(Protocol):
    """`bytes`, or what gives them in slices."""

    def __len__(self) -> int: ...
    def __getitem__(self, part: slice, /) -> bytes: ...
    def rfind(self, mark: bytes, /) -> int: ...


class Blocks:
    """A file that is read only where it is asked for."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.size = file, os.fstat(file.fileno()).st_size

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, part: slice, /) -> bytes:
        start, stop, _ = part.indices(self.size)
        self.file.seek(start)
        return self.file.read(max(0, stop - start))

    def rfind(self, mark: bytes, /) -> int:
        """Where `mark` stands last, or -1."""
        for start in range((self.size // STEP) * STEP, -1, -STEP):
            at = self[start : start + STEP + len(mark) - 1].rfind(mark)
            if at >= 0:
                return start + at
        return -1


def unpacked(data: Bytes) -> Bytes:
    """A deflated data set, a packed file and a workbook hide what they hold from a search."""
    if data[:2] == _GZIP:
        whole, inflater = data[:], zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        return whole[:_HEAD].ljust(_HEAD, b"\0") + inflater.decompress(whole, MOST) + inflater.unused_data
    if data[:4] == b"PK\3\4":
        with zipfile.ZipFile(BytesIO(data[:])) as archive:
            return b"\n".join(archive.open(member).read(MOST) for member in archive.infolist())
    if _DEFLATED not in data[:1024]:
        return data
    start = 144 + int.from_bytes(data[140:144], "little")
    return data[:start] + zlib.decompressobj(-zlib.MAX_WBITS).decompress(data[start:], MOST)


def samples_from(data: Bytes) -> int:
    """Where the samples of an image begin, among which short pieces meet by chance; the length where none are known."""
    start = _HEAD if data[:2] == _GZIP else 0
    head = data[start : start + _LOOKED_THROUGH]
    if head[344:348] in (b"n+1\0", b"ni1\0") or head[4:7] == b"n+2":
        return start + _offset_of_nifti(head)
    for begin, mark in _FIRST_SAMPLES.items():
        if head.startswith(begin):
            at = head.find(mark)
            return start + at if at >= 0 else len(data)
    at = data.rfind(_PIXELS)
    return at if at >= 0 else len(data)


def _offset_of_nifti(head: bytes) -> int:
    """Where the header says that samples begin; at once where it says nothing that can be."""
    order = "<" if head[0] else ">"
    is_second = head[4:7] == b"n+2"
    (offset,) = struct.unpack_from(f"{order}q", head, 168) if is_second else struct.unpack_from(f"{order}f", head, 108)
    return int(offset) if 0 <= offset < MOST else 0


class Index:
    """Needles by their first four bytes and their length, with a table that most places of a file fail at once."""

    def __init__(self, needles: Iterable[tuple[bytes, str]]) -> None:
        self.by_start: dict[int, dict[int, dict[bytes, str]]] = defaultdict(lambda: defaultdict(dict))
        self.longest = 0
        for needle, keyword in needles:
            small = needle.translate(LOWER)
            self.by_start[int.from_bytes(small[:4], "little")][len(small)][small] = keyword
            self.longest = max(self.longest, len(small))
        self.starts = np.array(sorted(self.by_start), np.uint32)
        self.table = np.zeros(STARTS, bool)
        self.table[_hashed(self.starts)] = True

    def hits(self, data: Bytes) -> Iterator[tuple[str, tuple[int, bytes]]]:
        """The keyword, place and bytes of every needle in `data`, in any case of its letters."""
        for start in range(0, max(len(data) - 3, 0), STEP):
            before = min(start, 1)
            block = data[start - before : start + STEP + self.longest + 1].translate(LOWER)
            part = np.frombuffer(block, np.uint8, min(STEP + 3, len(block) - before), before).astype(np.uint32)
            grams = part[:-3] | part[1:-2] << 8 | part[2:-1] << 16 | part[3:] << 24
            likely = np.flatnonzero(self.table[_hashed(grams)])
            for at in likely[np.isin(grams[likely], self.starts)]:
                for keyword, needle in self._at(block, before + int(at), int(grams[at])):
                    yield keyword, (start + int(at), needle)

    def _at(self, block: bytes, at: int, gram: int) -> Iterator[tuple[str, bytes]]:
        for length, known in self.by_start[gram].items():
            needle = block[at : at + length]
            if needle in known and _stands_alone(block, at, at + length):
                yield known[needle], needle


def _stands_alone(data: bytes, at: int, end: int) -> bool:
    """Not a piece of a longer word or number."""
    before, after = data[at - 1 : at], data[end : end + 1]
    return not (before.isalnum() and data[at : at + 1].isalnum()) and not (
        after.isalnum() and data[end - 1 : end].isalnum()
    )


def _hashed(grams: NDArray[Any]) -> NDArray[Any]:
    return (grams * np.uint32(2654435761)) >> np.uint32(10)
