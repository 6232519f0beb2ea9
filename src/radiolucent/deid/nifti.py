"""NIfTI: the texts of the header emptied, extensions and whatever follows the samples left out, samples as they are."""

from __future__ import annotations

import gzip
import struct
import zlib
from math import prod

from radiolucent.dicom import within_limits

from .elements import DamageError

ONE = ((4, 10), (14, 18), (148, 80), (228, 24), (328, 16))
"""NIfTI-1: where data_type, db_name, descrip, aux_file and intent_name stand, and how long they are."""
TWO = ((240, 80), (320, 24), (508, 16), (525, 15))
_HEAD = 544


def cleaned_nifti(data: bytes, name: str) -> tuple[bytes, int]:
    """The file without texts, and how many held something. Raises `DamageError` for what is no whole NIfTI file."""
    is_packed = data[:2] == b"\x1f\x8b"
    head = _unpacked(data, _HEAD) if is_packed else data[:_HEAD]
    order, is_two = kind_of_header(head)
    start, length, _, _ = extent(head, order, is_two, name)
    whole = _unpacked(data, start + length) if is_packed else data
    if len(whole) < start + length:
        raise DamageError("the file is shorter than its header states")
    made, cut = _without_texts(whole, order, is_two)
    cut += start > len(made)
    result = made + whole[start : start + length]
    return (gzip.compress(result, 6, mtime=0) if is_packed else result), cut


def _without_texts(whole: bytes, order: str, is_two: bool) -> tuple[bytes, int]:
    size, places = (540, TWO) if is_two else (348, ONE)
    head, cut = bytearray(whole[:size]), 0
    for at, n in places:
        cut += bool(head[at : at + n].strip(b"\0 "))
        head[at : at + n] = bytes(n)
    if is_two:
        struct.pack_into(f"{order}q", head, 168, 544)
    else:
        struct.pack_into(f"{order}f", head, 108, 352.0)
    return bytes(head) + bytes(4), cut


def kind_of_header(head: bytes) -> tuple[str, bool]:
    """Order of bytes, and whether it is NIfTI-2."""
    for order in "<>":
        size = struct.unpack_from(f"{order}i", head)[0] if len(head) >= 352 else 0
        if size == 348 and head[344:348] == b"n+1\0":
            return order, False
        if size == 540 and head[4:8] == b"n+2\0":
            return order, True
    raise DamageError("this is no NIfTI file of one piece; pairs (.hdr, .img) are to be saved as .nii first")


def extent(head: bytes, order: str, is_two: bool, name: str) -> tuple[int, int, int, tuple[int, ...]]:
    """Where the samples start, how many bytes they take, the code of their type, and their number along each axis."""
    if is_two:
        dims, (code, bits) = struct.unpack_from(f"{order}8q", head, 16), struct.unpack_from(f"{order}2h", head, 12)
        start = struct.unpack_from(f"{order}q", head, 168)[0]
    else:
        dims, (code, bits) = struct.unpack_from(f"{order}8h", head, 40), struct.unpack_from(f"{order}2h", head, 70)
        start = int(struct.unpack_from(f"{order}f", head, 108)[0])
    shape = tuple(int(n) for n in dims[1 : 1 + dims[0]])
    if not (1 <= dims[0] <= 7) or bits <= 0 or not (348 <= start <= 2**26):
        raise DamageError("the header states what cannot be")
    within_limits(name, shape, bits / 8)
    return start, (prod(shape) * bits + 7) // 8, int(code), shape


def _unpacked(data: bytes, most: int) -> bytes:
    """No more than asked for, whatever the file inflates to."""
    try:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(data, most)
    except zlib.error as error:
        raise DamageError("the file is packed, and damaged") from error
