"""Text burnt into the samples of NIfTI, NRRD and MetaImage: looked for in pictures, films and colour, and made black.

Volumes of more than 8 bits a sample and labels are not searched, and that is said: what a scanner reconstructs bears no
text, and labels would be damaged by false alarms.
"""

from __future__ import annotations

import gzip
import re
import zlib
from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from radiolucent.dicom import within_limits
from radiolucent.kernels.lettering import Box, merged

from .elements import DamageError
from .nifti import extent, kind_of_header
from .pixels import find

FEWEST_VALUES = 32
"""Whole numbers of fewer values than this are labels."""

IS_VOLUME = "a volume of more than 8 bits a sample: what a scanner reconstructs bears no text"
IS_LABELS = "few whole numbers, which look like labels"
IS_ODD = "samples of a kind, or packed in a way, that is not opened here"

_NIFTI = {2: "u1", 4: "i2", 8: "i4", 16: "f4", 64: "f8", 128: "u1", 256: "i1", 512: "u2", 768: "u4", 2304: "u1"}
_COLOURS = {128: 3, 2304: 4}
_NRRD = {
    "uint8": "u1", "uchar": "u1", "unsignedchar": "u1", "int8": "i1", "signedchar": "i1", "short": "i2", "int16": "i2",
    "ushort": "u2", "unsignedshort": "u2", "uint16": "u2", "int": "i4", "int32": "i4", "uint": "u4", "uint32": "u4",
    "unsignedint": "u4", "float": "f4", "double": "f8",
}  # fmt: skip
_COLOUR_KINDS = ("rgb-color", "3-color", "rgba-color", "4-color", "vector")
_META = {
    "MET_UCHAR": "u1", "MET_CHAR": "i1", "MET_SHORT": "i2", "MET_USHORT": "u2", "MET_INT": "i4", "MET_UINT": "u4",
    "MET_FLOAT": "f4", "MET_DOUBLE": "f8",
}  # fmt: skip


class Samples(NamedTuple):
    """Where samples start, in which type and order (axes from the fastest on), and how they are packed."""

    start: int
    kind: str
    shape: tuple[int, ...]
    colours: int = 1
    packing: str = ""


class Searched(NamedTuple):
    """The file, how many boxes were made black in it, and why it was not searched (or nothing)."""

    data: bytes
    boxes: int
    unsearched: str


def blanked_samples(data: bytes, suffix: str) -> Searched:
    """`data` (a cleaned .nii, .nii.gz, .nrrd or .mha) with its text made black, in every frame.

    Rows may lie either way up and before columns in these formats: text is looked for in all four ways.
    """
    whole = _unzipped(data) if suffix == ".nii.gz" else data
    samples = _SAMPLES[suffix](whole)
    if samples is None:
        return Searched(data, 0, IS_ODD)
    array = _opened(whole, samples)
    if why := _unlike_a_picture(array, samples):
        return Searched(data, 0, why)
    boxes = _found(array)
    if not boxes:
        return Searched(data, 0, "")
    made = np.array(array)
    dark = np.fmin.reduce(made, axis=None) if samples.colours == 1 else 0
    for box in boxes:
        made[:, box.top : box.bottom, box.left : box.right, ..., :3] = dark
    content = _packed(made.tobytes(), samples.packing)
    head = re.sub(rb"(?m)^(CompressedDataSize = ).*$", rb"\g<1>%d" % len(content), whole[: samples.start])
    packed = head + content
    return Searched(gzip.compress(packed, 6, mtime=0) if suffix == ".nii.gz" else packed, len(boxes), "")


def _unlike_a_picture(array: NDArray[Any], samples: Samples) -> str:
    if samples.colours == 1 and array.dtype.itemsize > 1 and len(array) > 1:
        return IS_VOLUME
    if samples.colours == 1 and array.dtype.kind in "iu" and len(np.unique(array)) < FEWEST_VALUES:
        return IS_LABELS
    return ""


def _found(array: NDArray[Any]) -> list[Box]:
    """Boxes in (rows, columns) of the array, from all ways in which it may be meant to be looked at."""
    frames = array[..., 0] if array.shape[-1] == 1 else array[..., :3]
    found: list[Box] = []
    for turned in (False, True):
        view = frames.swapaxes(1, 2) if turned else frames
        for flipped in (False, True):
            for box in find(view[:, ::-1] if flipped else view):
                top, bottom = (
                    (view.shape[1] - box.bottom, view.shape[1] - box.top) if flipped else (box.top, box.bottom)
                )
                upright = Box(top, box.left, bottom, box.right)
                found.append(Box(upright.left, upright.top, upright.right, upright.bottom) if turned else upright)
    return merged(found)


def _opened(whole: bytes, samples: Samples) -> NDArray[Any]:
    """(frames, rows, columns, colours)."""
    columns, rows, *others = (*samples.shape, 1, 1)[: max(2, len(samples.shape))]
    shape = (prod(others), rows, columns, samples.colours)
    size = prod(shape) * np.dtype(samples.kind).itemsize
    within_limits("the file", shape, np.dtype(samples.kind).itemsize)
    content = _unpacked(whole[samples.start :], samples.packing, size)
    if len(content) < size or not size:
        raise DamageError("the file is shorter than its header states")
    return np.frombuffer(content, samples.kind, prod(shape)).reshape(shape)


def _unzipped(data: bytes) -> bytes:
    """A cleaned file is bounded already."""
    return gzip.decompress(data)


def _unpacked(content: bytes, packing: str, most: int) -> bytes:
    if not packing:
        return content
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | (16 if packing == "gzip" else 0)).decompress(content, most)
    except zlib.error as error:
        raise DamageError("the file is packed, and damaged") from error


def _packed(content: bytes, packing: str) -> bytes:
    if packing == "gzip":
        return gzip.compress(content, 6, mtime=0)
    return zlib.compress(content) if packing else content


def _nifti(data: bytes) -> Samples | None:
    order, is_two = kind_of_header(data[:544])
    start, _, code, shape = extent(data[:544], order, is_two, "the file")
    return Samples(start, order + _NIFTI[code], shape, _COLOURS.get(code, 1)) if code in _NIFTI else None


def _nrrd(data: bytes) -> Samples | None:
    end = data.index(b"\n\n")
    told: dict[str, str] = dict(
        re.findall(r"(?m)^([^:#\n]+): *(.*?) *$", data[:end].decode("utf-8", "replace").lower())
    )
    kind = _NRRD.get(re.sub(r"[\s_]|_t$", "", told.get("type", "")))
    packing = {"raw": "", "gzip": "gzip", "gz": "gzip"}.get(told.get("encoding", ""))
    if kind is None or packing is None or {"byte skip", "line skip"} & told.keys():
        return None
    sizes = tuple(int(n) for n in told["sizes"].split())
    first = (told.get("kinds", "").split() or [""])[0]
    is_colour = first in _COLOUR_KINDS and kind == "u1" and sizes[0] in (3, 4)
    colours = sizes[0] if is_colour else 1
    order = ">" if told.get("endian") == "big" else "<"
    return Samples(end + 2, order + kind, sizes[is_colour:], colours, packing)


def _metaimage(data: bytes) -> Samples | None:
    head = re.search(rb"(?m)^ElementDataFile = .*\n", data)
    if head is None:
        raise DamageError("the header has no end")
    told: dict[str, str] = dict(re.findall(r"(?m)^(\w+) = (.*?) *$", data[: head.end()].decode("utf-8", "replace")))
    kind, colours = _META.get(told.get("ElementType", "")), int(told.get("ElementNumberOfChannels", "1"))
    if kind is None or colours not in (1, 3, 4) or int(told.get("HeaderSize", "0")):
        return None
    is_big = "true" in (told.get("ElementByteOrderMSB", "").lower(), told.get("BinaryDataByteOrderMSB", "").lower())
    order = ">" if is_big else "<"
    packing = "zlib" if told.get("CompressedData", "").lower() == "true" else ""
    return Samples(head.end(), order + kind, tuple(int(n) for n in told["DimSize"].split()), colours, packing)


_SAMPLES = {".nii": _nifti, ".nii.gz": _nifti, ".nrrd": _nrrd, ".mha": _metaimage}
