"""A walk over the elements of a little-endian DICOM header that keeps what is wanted and steps over the rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import FileIO
from struct import Struct, error
from typing import Any

from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ImplicitVRLittleEndian

from .plain_values import CONVERT, LONG, SHORT, UnusualError, refused, text

WINDOW = 2**14
"""So much of a file is in memory at a time; a wanted value that is longer is unusual."""

DEEPEST = 64
"""Sequences nested deeper are unusual."""

UNDEFINED = 0xFFFFFFFF
ITEM, ITEM_END, SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
_EXPLICIT, _IMPLICIT, _LENGTH = Struct("<HH2sH").unpack_from, Struct("<HHL").unpack_from, Struct("<L").unpack_from
_CREATOR = b"creator"
"""In the place of a value representation: the name of who made a private block."""


@dataclass(frozen=True)
class Wanted:
    """Which elements are wanted: the standard's by keyword, private ones as (group, creator, element)."""

    keywords: tuple[str, ...]
    private: tuple[tuple[int, str, int], ...] = ()
    tags: dict[int, tuple[str, bytes]] = field(init=False, repr=False)
    last: int = field(init=False)

    def __post_init__(self) -> None:
        tags = {tag: (word, dictionary_VR(tag).encode()) for word in self.keywords if (tag := tag_for_keyword(word))}
        creators = {group << 16 | k: ("", _CREATOR) for group, _, _ in self.private for k in range(0x10, 0x100)}
        object.__setattr__(self, "tags", tags | creators)
        object.__setattr__(self, "last", max(tags))


@dataclass
class Found:
    """What the walk has kept so far."""

    values: dict[str, Any] = field(default_factory=dict)
    private: dict[tuple[int, str, int], Any] = field(default_factory=dict)
    syntax: str = ""
    preamble: bytes = b""


class Window:
    """A stretch of a file in memory, which moves along."""

    def __init__(self, file: FileIO) -> None:
        self.file, self.start = file, 0
        self.data = file.read(WINDOW) or b""

    def move(self, at: int) -> int:
        """Let the window start at what is now byte `at` of it, and return where that is (0)."""
        self.start += at
        self.file.seek(self.start)
        self.data = self.file.read(WINDOW) or b""
        return 0


def walk(file: FileIO, wanted: Wanted) -> Found:
    """Keep what is wanted; raises `UnusualError` where the bytes are not what a plain header has."""
    try:
        return _walk(Window(file), wanted)
    except (ValueError, error) as damage:
        raise UnusualError(str(damage)) from damage


def _walk(window: Window, wanted: Wanted) -> Found:
    found = Found()
    if window.data[128:132] != b"DICM":
        raise UnusualError("no preamble")
    found.preamble = window.data[:4]
    meta: dict[str, Any] = {}
    at = _explicit(window, 132, _META, Found(values=meta), last=0x0002FFFF)
    found.syntax = str(meta.get("TransferSyntaxUID") or "")
    if found.syntax in _LEFT_OUT or not found.syntax.startswith(ImplicitVRLittleEndian):
        raise UnusualError(found.syntax)
    if found.syntax == ImplicitVRLittleEndian:
        _implicit(window, at, wanted, found, last=wanted.last)
    else:
        _explicit(window, at, wanted, found, last=wanted.last)
    return found


def _explicit(window: Window, at: int, wanted: Wanted, found: Found, *, last: int) -> int:
    """Walk elements with a value representation each; returns where the first one beyond `last` starts."""
    tags, before = wanted.tags, 0
    data = window.data
    while True:
        if at + 12 > len(data):
            at, data = window.move(at), window.data
            if len(data) < 12:
                return _at_end(window, at)
        group, element, kind, length = _EXPLICIT(data, at)
        tag = group << 16 | element
        if tag > last:
            return at
        if tag <= before:
            raise UnusualError("elements out of order")
        before = tag
        at += 8
        if kind in LONG:
            length = _LENGTH(data, at)[0]
            at += 4
        elif kind not in SHORT:
            raise UnusualError(f"type {kind!r}")
        if tag in tags:
            at, content = _value(window, at, length)
            tags, data = _keep(tags, tag, kind, content, wanted, found), window.data
        if length == UNDEFINED:
            at = _past(window, at, kind, explicit=True)
            data = window.data
        else:
            at += length


def _implicit(window: Window, at: int, wanted: Wanted, found: Found, *, last: int) -> int:
    """Walk elements whose type stands in the dictionary only."""
    tags, before = wanted.tags, 0
    data = window.data
    if data[at + 4 : at + 6].isalpha():
        raise UnusualError("explicit, though it says implicit")
    while True:
        if at + 8 > len(data):
            at, data = window.move(at), window.data
            if len(data) < 8:
                return _at_end(window, at)
        group, element, length = _IMPLICIT(data, at)
        tag = group << 16 | element
        if tag > last:
            return at
        if tag <= before:
            raise UnusualError("elements out of order")
        before = tag
        at += 8
        if tag in tags:
            kind = tags[tag][1]
            at, content = _value(window, at, length)
            tags, data = _keep(tags, tag, kind, content, wanted, found), window.data
        if length == UNDEFINED:
            at = _past(window, at, b"SQ", explicit=False)
            data = window.data
        else:
            at += length


def _keep(
    tags: dict[int, tuple[str, bytes]], tag: int, kind: bytes, content: bytes, wanted: Wanted, found: Found
) -> dict[int, tuple[str, bytes]]:
    """Keep one wanted value, and return what is wanted from here on: a maker's name tells where its elements lie."""
    word, role = tags[tag]
    if role == _CREATOR:
        return _with_block(tags, tag, content, wanted)
    value = CONVERT.get(kind, refused)(content) if content else None
    if value is None or value == "":
        return tags
    if word:
        found.values[word] = value
    else:
        group, block = tag >> 16, role.decode()
        found.private[group, block, tag & 0xFF] = value
    return tags


def _with_block(
    tags: dict[int, tuple[str, bytes]], tag: int, content: bytes, wanted: Wanted
) -> dict[int, tuple[str, bytes]]:
    group, creator = tag >> 16, text(content)
    start = group << 16 | (tag & 0xFF) << 8
    own = {start | e: ("", c.encode()) for g, c, e in wanted.private if (g, c) == (group, creator)}
    return tags | own if own else tags


def _value(window: Window, at: int, length: int) -> tuple[int, bytes]:
    """Where a value starts in the window, which is moved where needed, and the value."""
    if length > WINDOW:
        raise UnusualError("a long value")
    if at + length > len(window.data):
        at = window.move(at)
    if length > len(window.data):
        raise UnusualError("truncated")
    return at, window.data[at : at + length]


def _at_end(window: Window, at: int) -> int:
    """The file ends here, and not before."""
    if window.data or window.start > window.file.seek(0, 2):
        raise UnusualError("truncated")
    return at


def _past(window: Window, at: int, kind: bytes, *, explicit: bool) -> int:
    """Step over a sequence of undefined length whose first item starts at `at`, and return where the next element starts."""
    if kind != b"SQ":
        raise UnusualError("undefined length")
    inside = [SEQUENCE_END]  # what ends the innermost sequence or item
    while inside:
        if at + 12 > len(window.data):
            at = window.move(at)
        group, element, length = _IMPLICIT(window.data, at)
        tag = group << 16 | element
        at += 8
        if tag == inside[-1]:
            inside.pop()
        elif inside[-1] == ITEM_END:
            at, opened = _element(window.data, at, length, explicit=explicit)
            inside += opened
        elif tag != ITEM:
            raise UnusualError("no item in a sequence")
        elif length == UNDEFINED:
            inside.append(ITEM_END)
        else:
            at += length
        if len(inside) > DEEPEST:
            raise UnusualError("deep sequences")
    return at


def _element(data: bytes, at: int, length: int, *, explicit: bool) -> tuple[int, list[int]]:
    """Where an element of an item ends whose head ends at `at`; or where it starts a sequence, what ends that one."""
    if explicit:
        _, _, kind, length = _EXPLICIT(data, at - 8)
        if kind in LONG:
            length = _LENGTH(data, at)[0]
            at += 4
        elif kind not in SHORT:
            raise UnusualError(f"type {kind!r}")
        if length == UNDEFINED and kind != b"SQ":
            raise UnusualError("undefined length")
    return (at, [SEQUENCE_END]) if length == UNDEFINED else (at + length, [])


_META = Wanted(("TransferSyntaxUID",))
_LEFT_OUT = (ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian)
