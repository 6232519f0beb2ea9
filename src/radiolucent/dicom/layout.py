"""Headers of one series are alike: one is taken apart element by element, the others are compared with it in pieces.

A header that begins at an element and equals, byte by byte, a row of whole elements ends at an element too; so only
where files of a series differ (position, time, number) has anything to be parsed again.
"""

from __future__ import annotations

from dataclasses import dataclass
from struct import error, unpack_from

from .plain_values import LONG, SHORT, UnusualError
from .walk import ITEM, SEQUENCE_END, UNDEFINED

PIXELS = 0x7FE00010
_DEEPEST = 16
_SYNTAX = 0x00020010
EXPLICIT, IMPLICIT = b"1.2.840.10008.1.2.1", b"1.2.840.10008.1.2"


@dataclass(frozen=True, slots=True)
class Element:
    """Where one element of the top level lies: its head from `start` (whose last `size` bytes are the length), its
    value from `value` to `end`."""

    tag: int
    start: int
    value: int
    end: int
    size: int
    is_open: bool = False


def elements(head: bytes) -> list[Element]:
    """The elements up to the pixels, which come last (their value need not be there).

    Raises `UnusualError` for anything but little endian files with preamble, pixels and nothing out of order.
    """
    if head[128:132] != b"DICM":
        raise UnusualError
    found: list[Element] = []
    at, explicit, before = 132, True, 0
    try:
        while not found or found[-1].tag != PIXELS:
            if at >= len(head):
                raise UnusualError
            if explicit and before >> 16 == 2 and head[at : at + 2] != b"\x02\x00":
                explicit = _is_explicit(head, found)
            one = _element(head, at, explicit)
            if one.tag <= before:
                raise UnusualError
            found.append(one)
            before, at = one.tag, one.end
    except error as problem:
        raise UnusualError from problem
    return found


def _is_explicit(head: bytes, found: list[Element]) -> bool:
    syntax = next((head[one.value : one.end].strip(b"\0 ") for one in found if one.tag == _SYNTAX), b"")
    if syntax not in (EXPLICIT, IMPLICIT):
        raise UnusualError
    return syntax == EXPLICIT


def _element(head: bytes, at: int, explicit: bool, depth: int = 0) -> Element:
    tag, value, length, size = _start(head, at, explicit)
    if length != UNDEFINED:
        return Element(tag, at, value, value + length, size)
    if tag == PIXELS:
        raise UnusualError
    return Element(tag, at, value, _past(head, value, explicit, depth), size, is_open=True)


def _start(head: bytes, at: int, explicit: bool) -> tuple[int, int, int, int]:
    """Tag, where the value begins, its length, and how many bytes state the length."""
    if at + 12 > len(head):
        raise UnusualError
    group, element = unpack_from("<HH", head, at)
    tag = group << 16 | element
    if not explicit or group == 0xFFFE:
        return tag, at + 8, unpack_from("<I", head, at + 4)[0], 4
    vr = head[at + 4 : at + 6]
    if vr in SHORT:
        return tag, at + 8, unpack_from("<H", head, at + 6)[0], 2
    if vr not in LONG or head[at + 6 : at + 8] != b"\0\0":
        raise UnusualError
    length = unpack_from("<I", head, at + 8)[0]
    if vr == b"UN" and length == UNDEFINED:
        raise UnusualError  # its items are implicit, whatever the file is
    return tag, at + 12, length, 4


def _past(head: bytes, at: int, explicit: bool, depth: int) -> int:
    """Where a sequence of open length ends, its end mark included."""
    if depth > _DEEPEST:
        raise UnusualError
    while True:
        tag, value, length = _start_of_item(head, at)
        if tag == SEQUENCE_END:
            return value
        if tag != ITEM:
            raise UnusualError
        at = value + length
        if length == UNDEFINED:
            at = value
            while unpack_from("<HH", head, at) != (0xFFFE, 0xE00D):
                at = _element(head, at, explicit, depth + 1).end
            at += 8
        if at + 8 > len(head):
            raise UnusualError


def _start_of_item(head: bytes, at: int) -> tuple[int, int, int]:
    if at + 8 > len(head):
        raise UnusualError
    group, element, length = unpack_from("<HHI", head, at)
    return group << 16 | element, at + 8, length


class Layout:
    """The header of one file, and which of its elements other files of its kind were seen to state otherwise."""

    def __init__(self, head: bytes) -> None:
        found = elements(head)
        if any(one.end > len(head) for one in found[:-1]):
            raise UnusualError
        self.head = head[: found[-1].value]
        self.found = found
        self.tags = [one.tag for one in found]
        self.varying: set[int] = set()
        self._cut()

    def value(self, tag: int) -> bytes:
        """The raw value in the first file; empty where it is absent."""
        return next((self.head[one.value : one.end] for one in self.found if one.tag == tag), b"")

    def match(self, head: bytes) -> tuple[dict[int, bytes], int, int] | None:
        """What `head` states otherwise by tag, where its pixels begin, and how many bytes they take.

        `None` where it is not laid out like this one in all that was the same so far.
        """
        at = 0
        stated: dict[int, bytes] = {}
        for piece, tag, size in self._pieces:
            if not head.startswith(piece, at):
                return None
            at += len(piece) + size
            length = int.from_bytes(head[at - size : at], "little")
            if tag == PIXELS:
                return (stated, at, length) if at <= len(head) and length != UNDEFINED else None
            if length == UNDEFINED:
                return None
            stated[tag] = head[at : at + length]
            at += length
        return None

    def widen(self, head: bytes) -> bool:
        """Learn from a file of the same elements which of them vary; False where its elements are others."""
        try:
            other = elements(head)
        except UnusualError:
            return False
        if [one.tag for one in other] != self.tags:
            return False
        fresh = set()
        for mine, theirs in zip(self.found[:-1], other[:-1]):
            if self.head[mine.start : mine.end] == head[theirs.start : theirs.end]:
                continue
            kinds = {self.head[mine.start : mine.value - mine.size], head[theirs.start : theirs.value - theirs.size]}
            if mine.is_open or theirs.is_open or len(kinds) > 1 or mine.tag == _SYNTAX:
                return False
            fresh.add(mine.tag)
        self.varying |= fresh
        self._cut()
        return True

    def _cut(self) -> None:
        """Runs of elements that are the same in all files, each with the head of the varying one that follows."""
        self._pieces: list[tuple[bytes, int, int]] = []
        begun = 0
        for one in self.found:
            if one.tag not in self.varying and one.tag != PIXELS:
                continue
            self._pieces.append((self.head[begun : one.value - one.size], one.tag, one.size))
            begun = one.end
