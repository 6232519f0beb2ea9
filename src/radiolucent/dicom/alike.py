"""Plain slices of a folder, described by a look at their headers; the samples stay in the files until they are wanted."""

from __future__ import annotations

from os import fstat
from pathlib import Path

from radiolucent.core import UnreadableError

from .decode import Decoded
from .kind import Kind
from .layout import Layout
from .plain_values import UnusualError
from .record import Header

_HEAD, _LONGEST_HEAD = 32 * 1024, 2**20
_PIXELS_LE = b"\xe0\x7f\x10\x00"
_SERIES = 0x0020000E
_MOST_KINDS = 64


class Alike:
    """Describes the files of a folder one after the other; remembers the kinds of headers that it has met."""

    def __init__(self) -> None:
        self._kinds: list[Kind] = []
        self._take = _HEAD

    def described(self, path: Path) -> Decoded | None:
        """A plain slice whose samples wait in its file; `None` for any file that has to be looked at in full."""
        try:
            kind, (stated, start, length), size = self._looked(path)
            about = kind.described(path, stated, start)
        except (OSError, UnusualError, UnreadableError):
            return None
        needed = about.waiting[0].bytes
        return about if needed <= length <= needed + 1 and start + needed <= size else None

    def record(self, path: Path, *, name: str) -> Header | None:
        """What `header_record` says of a file of uncompressed pixels, but for their hash; `None` as above."""
        try:
            kind, (stated, start, length), size = self._looked(path)
            return kind.record(path, name, stated, min(length, size - start))
        except (OSError, UnusualError, UnreadableError):
            return None

    def _looked(self, path: Path) -> tuple[Kind, tuple[dict[int, bytes], int, int], int]:
        with open(path, "rb", buffering=0) as file:
            size, head = fstat(file.fileno()).st_size, file.read(self._take)
        if head[128:132] != b"DICM":
            raise UnusualError
        return *self._matched(path, head), size

    def _matched(self, path: Path, head: bytes) -> tuple[Kind, tuple[dict[int, bytes], int, int]]:
        for kind in self._kinds:
            if found := kind.layout.match(head):
                return kind, found
        head = self._whole_head(path, head)
        series = Layout(head).value(_SERIES)
        for kind in self._kinds:
            if kind.layout.value(_SERIES) == series and kind.layout.widen(head) and (found := kind.layout.match(head)):
                return kind, found
        if len(self._kinds) == _MOST_KINDS:
            raise UnusualError
        self._kinds.append(kind := Kind(path, head))
        if found := kind.layout.match(head):
            return kind, found
        raise UnusualError

    def _whole_head(self, path: Path, head: bytes) -> bytes:
        """As much of the file as holds all elements before the pixels."""
        while head.find(_PIXELS_LE) < 0 and len(head) == self._take < _LONGEST_HEAD:
            self._take = min(8 * self._take, _LONGEST_HEAD)
            with open(path, "rb", buffering=0) as file:
                head = file.read(self._take)
        return head
