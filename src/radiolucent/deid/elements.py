"""A lean reader and writer of data elements: where each lies in the bytes, no value converted.

An element is the tuple (tag, VR, start, start of value, end, items). `items` lists the elements of each item of a
sequence of undefined length, which had to be walked to find its end; it is `None` everywhere else.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .table import repeated_vr, vrs

Element = tuple[int, str, int, int, int, Any]
LONG = frozenset((b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"))
KNOWN = {code: code.decode() for code in LONG} | {
    code.encode(): code
    for code in "AE AS AT CS DA DS DT FL FD IS LO LT PN SH SL SS ST TM UI UL US".split()  # noqa: SIM905
}
UNDEFINED = 0xFFFFFFFF
ITEM, ITEM_END, SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
PIXELS = (0x7FE00010, 0x7FE00008, 0x7FE00009)
DEEPEST = 32


class DamageError(ValueError):
    """The bytes do not hold together; the message never quotes them."""


@dataclass(frozen=True)
class Syntax:
    """How elements are encoded."""

    explicit: bool = True
    little: bool = True

    @property
    def order(self) -> str:
        return "<" if self.little else ">"


EXPLICIT, IMPLICIT, BIG = Syntax(), Syntax(explicit=False), Syntax(little=False)


def vr_of(tag: int) -> str:
    """The dictionary's VR; UN where it has none."""
    if (tag >> 16) & 1:
        return "LO" if 0x10 <= tag & 0xFFFF <= 0xFF else "UN"
    return vrs().get(tag) or repeated_vr(tag) or ("UL" if not tag & 0xFFFF else "UN")


def scan(data: Any, at: int, end: int, syntax: Syntax, depth: int = 0) -> tuple[list[Element], int]:
    """Elements from `at` to `end`, or to the delimiter of the item; and the place after them.

    Raises `DamageError` for lengths that lead outside and for sequences nested too deeply.
    """
    if depth > DEEPEST:
        raise DamageError("sequences are nested too deeply")
    found: list[Element] = []
    head = struct.Struct(f"{syntax.order}HH2sH" if syntax.explicit else f"{syntax.order}HHI").unpack_from
    wide = struct.Struct(f"{syntax.order}I").unpack_from
    explicit = syntax.explicit
    while at + 8 <= end:
        start = at
        if explicit:
            group, number, code, length = head(data, at)
            vr = KNOWN.get(code, "")
            at += 8
            if code in LONG:
                (length,) = wide(data, at)
                at += 4
            elif not vr:
                vr, length = _delimiter(group, wide(data, at - 4)[0])
        else:
            group, number, length = head(data, at)
            vr = vr_of(group << 16 | number)
            at += 8
        tag = group << 16 | number
        if tag == ITEM_END:
            return found, at
        items = None
        value = at
        if length == UNDEFINED:
            items, at = _undefined(data, at, end, tag, vr, syntax, depth)
        else:
            at += length
            if at > end:
                raise DamageError("an element is longer than what holds it; the file is cut off")
        found.append((tag, vr, start, value, at, items))
    if at != end:
        raise DamageError("bytes are left over that are no element")
    return found, at


def _delimiter(group: int, length: int) -> tuple[str, int]:
    """Delimiters have no VR; nothing else may be without."""
    if group != 0xFFFE:
        raise DamageError("a value representation is unknown")
    return "UN", length


def items_of(data: Any, element: Element, syntax: Syntax, depth: int = 0) -> list[list[Element]]:
    """The elements of each item of a sequence."""
    _, vr, _, at, end, items = element
    if items is not None:
        return list(items)
    inner = IMPLICIT if vr == "UN" else syntax
    found = []
    word = struct.Struct(f"{inner.order}HHI").unpack_from
    while at + 8 <= end:
        group, number, length = word(data, at)
        if group << 16 | number == SEQUENCE_END:
            break
        if group << 16 | number != ITEM:
            raise DamageError("a sequence holds something that is no item")
        at += 8
        stop = end if length == UNDEFINED else at + length
        if stop > end:
            raise DamageError("an item is longer than its sequence")
        elements, at = scan(data, at, stop, inner, depth + 1)
        found.append(elements)
    return found


def _undefined(data: Any, at: int, end: int, tag: int, vr: str, syntax: Syntax, depth: int) -> tuple[Any, int]:
    """Walk a sequence, or encapsulated pixels, of undefined length to its end."""
    inner = IMPLICIT if vr == "UN" else syntax
    is_pixels = tag in PIXELS or vr in ("OB", "OW")
    items: list[list[Element]] = []
    word = struct.Struct(f"{inner.order}HHI").unpack_from
    while at + 8 <= end:
        group, number, length = word(data, at)
        at += 8
        if group << 16 | number == SEQUENCE_END:
            return (None if is_pixels else items), at
        if group << 16 | number != ITEM or (is_pixels and length == UNDEFINED):
            raise DamageError("a sequence holds something that is no item")
        stop = end if length == UNDEFINED else at + length
        if stop > end:
            raise DamageError("an item is longer than what holds it; the file is cut off")
        if is_pixels:
            at = stop
        else:
            elements, at = scan(data, at, stop, inner, depth + 1)
            items.append(elements)
    raise DamageError("a sequence has no end; the file is cut off")


def written(tag: int, vr: str, value: bytes, syntax: Syntax) -> bytes:
    """One element; the value is made even by its VR's padding."""
    if len(value) & 1:
        value += b"\0" if vr in ("UI", "OB", "UN") else b" "
    if not syntax.explicit:
        return struct.pack(f"{syntax.order}HHI", tag >> 16, tag & 0xFFFF, len(value)) + value
    code = vr.encode()
    if code in LONG:
        return struct.pack(f"{syntax.order}HH2sHI", tag >> 16, tag & 0xFFFF, code, 0, len(value)) + value
    return struct.pack(f"{syntax.order}HH2sH", tag >> 16, tag & 0xFFFF, code, len(value)) + value


def sequence(items: Iterable[bytes], syntax: Syntax) -> bytes:
    """The value of a sequence, every item with its length."""
    head = struct.Struct(f"{syntax.order}HHI").pack
    return b"".join(part for item in items for part in (head(0xFFFE, 0xE000, len(item)), item))
