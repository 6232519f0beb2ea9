"""The start of a file: its meta information, how its data set is encoded, and a bounded inflation where it is deflated."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import Any

from radiolucent.dicom.header import MOST_INFLATED, MOST_TIMES

from .elements import BIG, EXPLICIT, IMPLICIT, KNOWN, DamageError, Syntax, scan

IMPLICIT_LITTLE, EXPLICIT_LITTLE = b"1.2.840.10008.1.2", b"1.2.840.10008.1.2.1"
EXPLICIT_BIG, DEFLATED = b"1.2.840.10008.1.2.2", b"1.2.840.10008.1.2.1.99"


@dataclass(frozen=True)
class Opened:
    """Where the data set lies, in bytes that may have been inflated, and what the meta information says."""

    data: Any
    at: int
    syntax: Syntax
    transfer_syntax: bytes
    sop_class: bytes = b""
    is_deflated: bool = False


def opened(data: Any) -> Opened:
    """Look at the start of a file. Raises `DamageError` for what is no DICOM and for bombs."""
    at = 132 if bytes(data[128:132]) == b"DICM" else 0
    meta, at = _meta(data, at)
    transfer_syntax, sop_class = meta.get(0x00020010, b""), meta.get(0x00020002, b"")
    if not transfer_syntax:
        syntax = _guessed(data, at)
        named = {EXPLICIT: EXPLICIT_LITTLE, IMPLICIT: IMPLICIT_LITTLE, BIG: EXPLICIT_BIG}[syntax]
        return Opened(data, at, syntax, named, sop_class)
    if transfer_syntax == DEFLATED:
        return Opened(_inflated(bytes(data[at:])), 0, EXPLICIT, DEFLATED, sop_class, is_deflated=True)
    if transfer_syntax == EXPLICIT_BIG:
        return Opened(data, at, BIG, transfer_syntax, sop_class)
    stated = IMPLICIT if transfer_syntax == IMPLICIT_LITTLE else EXPLICIT
    if (bytes(data[at + 4 : at + 6]) in KNOWN) != stated.explicit and at + 8 <= len(data):
        raise DamageError("the data set is not encoded as the file's meta information states")
    return Opened(data, at, stated, transfer_syntax, sop_class)


def deflated(body: bytes) -> bytes:
    """As the transfer syntax wants it, of even length."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = packer.compress(body) + packer.flush()
    return packed + b"\0" * (len(packed) & 1)


def _meta(data: Any, at: int) -> tuple[dict[int, bytes], int]:
    """Elements of group 2, which are explicit and little-endian whatever follows."""
    found: dict[int, bytes] = {}
    size = len(data)
    while at + 8 <= size and bytes(data[at : at + 2]) == b"\x02\0":
        long = bytes(data[at + 4 : at + 6]) in (b"OB", b"UN", b"OW", b"SQ", b"UT")
        if long and at + 12 > size:
            raise DamageError("the file is cut off in its meta information")
        (length,) = struct.unpack_from("<I", data, at + 8) if long else struct.unpack_from("<H", data, at + 6)
        value = at + (12 if long else 8)
        if value + length > size:
            raise DamageError("the file is cut off in its meta information")
        (number,) = struct.unpack_from("<H", data, at + 2)
        found[0x00020000 | number] = bytes(data[value : value + length]).strip(b" \0")
        at = value + length
    return found, at


def _guessed(data: Any, at: int) -> Syntax:
    """Without meta information, the first element tells; it has to scan."""
    head = bytes(data[at : at + 8])
    if len(head) < 8:
        raise DamageError("this is no DICOM file")
    explicit = head[4:6] in KNOWN
    syntax = (BIG if head[0] == 0 and head[1] else EXPLICIT) if explicit else IMPLICIT
    (group,) = struct.unpack_from(f"{syntax.order}H", head)
    if group not in (8, 16, 32):
        raise DamageError("this is no DICOM file")
    scan(data, at, len(data), syntax)
    return syntax


def _inflated(packed: bytes) -> bytes:
    inflate, bound = zlib.decompressobj(-zlib.MAX_WBITS), max(MOST_INFLATED, MOST_TIMES * len(packed))
    try:
        body = inflate.decompress(packed, bound)
    except zlib.error as error:
        raise DamageError("the file is deflated, and damaged") from error
    if not inflate.eof:
        raise DamageError("the file inflates beyond all bounds, or is cut off")
    return body
