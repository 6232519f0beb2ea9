"""Samples that follow a text header, or lie in a file beside it: raw, gzip, bzip2, zlib or text; never more than stated."""

from __future__ import annotations

import bz2
import gzip
import zlib
from io import BytesIO
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from radiolucent.core import UnreadableError
from radiolucent.dicom import within_limits


def beside(header: Path, name: str) -> Path:
    """The file `name` that a header refers to; it must lie in the header's own folder."""
    folder = header.resolve().parent
    path = (folder / name).resolve()
    if not path.is_relative_to(folder):
        raise UnreadableError(f"{header} refers to {name!r}, outside its own folder; it is refused")
    if not path.is_file():
        raise UnreadableError(
            f"{header} keeps its samples in {name!r}, which is not beside it; put both into one folder"
        )
    return path


def samples(
    path: Path, data: Path, start: int, *, sizes: tuple[int, ...], dtype: np.dtype[Any], encoding: str
) -> NDArray[Any]:
    """As many samples as `sizes` state, from byte `start` of `data` (-1: they end the file); `path` is named in errors."""
    within_limits(path, sizes, dtype.itemsize)
    needed = prod(sizes) * dtype.itemsize
    with data.open("rb") as file:
        file.seek(-needed, 2) if start < 0 and encoding == "raw" else file.seek(max(start, 0))
        content = file.read(needed) if encoding == "raw" else file.read()
    if encoding == "ascii":
        return np.array(content.split()[: prod(sizes)], dtype=float).astype(dtype).reshape(-1)
    content = _inflated(content, encoding, needed)
    if len(content) < needed:
        raise UnreadableError(
            f"{path} is truncated: {len(content)} bytes of samples where its header promises {needed}"
        )
    array = np.frombuffer(content, dtype, count=prod(sizes))
    return array if array.dtype.isnative else array.astype(dtype.newbyteorder("="))


def _inflated(content: bytes, encoding: str, needed: int) -> bytes:
    if encoding == "zlib":
        return zlib.decompressobj().decompress(content, needed)
    if encoding == "gzip":
        return gzip.GzipFile(fileobj=BytesIO(content)).read(needed)
    if encoding == "bzip2":
        return bz2.BZ2File(BytesIO(content)).read(needed)
    return content
