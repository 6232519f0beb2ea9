"""Carry out a plan on the elements of a file: what is kept is copied as the bytes it is, the rest is replaced."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .charsets import charsets_of, decoded, encoded
from .dates import capped_age, shifted
from .dummies import dummy
from .elements import IMPLICIT, PIXELS, Element, Syntax, items_of, sequence, vr_of, written
from .modes import in_mode, scheme_of
from .person import Person
from .private import safe_blocks
from .profile import TEXT, Plan
from .table import vrs
from .text import looks_like_a_name
from .traces import blotted, cleaned_once, is_theirs, without_known
from .worth import BULK, DIGITS, NUMBERS, SEARCHED, SIZES, WORDS, is_number, kind_of

OFFSET = re.compile(rb"[+-]\d{4}")
CHARSET = 0x00080005
ROW_OF_PRIVATE, ROW_OF_CURVES = 0x00090000, 0x50000000
"""Where removals of private elements and of curves are counted."""
LONGEST = 5
"""Bytes of binary numbers that are looked at no further."""
USUAL = {tag: vr for tag, vr in vrs().items() if tag not in PIXELS}


@dataclass
class Rewriter:
    """One file's rewriting: what is done, to whom it belongs, and what was counted on the way."""

    plan: Plan
    person: Person
    data: Any
    done: Counter[tuple[int, str]] = field(default_factory=Counter)
    doubts: Counter[tuple[int, str]] = field(default_factory=Counter)
    sweep: bool = False
    charsets: tuple[str, ...] = ("iso8859",)
    regions: frozenset[int] = frozenset()
    """Groups of overlays that stay: those that draw regions, where graphics are cleaned."""
    pixels: list[Any] = field(default_factory=list)
    """The pieces that are pixels, which are passed without a look and without a copy."""

    def top(self, elements: list[Element], syntax: Syntax, marks: tuple[tuple[int, bytes], ...]) -> list[Any]:
        """The pieces of the new data set, with `marks` (tag, element) at their places."""
        safe = self._safe(elements)
        pieces: list[Any] = []
        at = 0
        for tag, mark in marks:
            stop = bisect_left(elements, (tag,), at)
            if stop > at:
                pieces += self._stretch(elements[at:stop], safe, syntax)
            pieces.append(mark)
            at = stop
        return pieces + self._stretch(elements[at:], safe, syntax)

    def _stretch(self, elements: list[Element], safe: dict[int, str], syntax: Syntax) -> list[Any]:
        """Elements in a row: those that stay beside each other are one piece, and are not copied."""
        pieces: list[Any] = []
        action_on, view, is_private = self.plan.top.get, self.data, 0 if safe else 1 << 16
        run, stop, kept, gone = -1, 0, 0, 0
        for element in elements:
            tag = element[0]
            action = "X" if tag & is_private else action_on(tag) or self._unlisted(element, safe)
            if action == "P" or (action == "K" and self._is_as_ever(element)):
                kept += action == "P"
                run = element[2] if run < 0 else run
                stop = element[4]
                continue
            if run >= 0:
                pieces.append(view[run:stop])
                run = -1
            if action != "X":
                pieces.append(self.one(element, action, syntax))
            elif (tag >> 16) & 1:
                gone += 1
            else:
                self.done[_row(tag), "X"] += 1
        self._count_private(kept, gone)
        return [*pieces, view[run:stop]] if run >= 0 else pieces

    def _count_private(self, kept: int, gone: int) -> None:
        for action, n in (("P", kept), ("X", gone)):
            if n:
                self.done[ROW_OF_PRIVATE, action] += n

    def item(self, elements: list[Element], inside: int, mode: str, syntax: Syntax, depth: int) -> bytes:
        """One item of a sequence, as new bytes."""
        before = self.charsets
        safe = self._safe(elements)
        plan, scheme = self.plan, scheme_of(elements, self._raw)
        pieces = []
        for element in elements:
            tag = element[0]
            if tag == CHARSET:
                self.charsets = charsets_of(self._raw(element))
            action = plan.inside.get((inside, tag)) or plan.inner.get(tag) or self._unlisted(element, safe)
            if scheme or mode in "FQ":
                action = in_mode(action, mode, element, scheme, plan.options)
            pieces.append(self.one(element, action, syntax, depth))
        self.charsets = before
        return b"".join(pieces)

    def one(self, element: Element, action: str, syntax: Syntax, depth: int = 0) -> Any:
        """The bytes of one element after its action."""
        tag, vr, start, value, end, items = element
        if action == "M":
            return b""
        if vr == "SQ" and action in "KHL":
            action = "R"  # a sequence where the dictionary has none: its items are looked at all the same
        if action in "KHL":
            return self._kept(element, action, syntax)
        if action == "X":
            self.done[_row(tag), "X"] += 1
            return b""
        if vr == "UN":
            vr = vr_of(tag)
        if vr == "SQ" or (action == "R" and (tag >> 16) & 1):
            return self._sequence(element, action, syntax, depth)
        if action in "FQR":  # a sequence that is stated to be something else
            self.done[tag, "X"] += 1
            return b""
        self.done[tag, action] += 1
        if value == end:
            return bytes(self.data[start:end])
        if items is not None or end - value > 1 << 20:
            return written(tag, vr, dummy(vr, b"", syntax) if action != "Z" else b"", syntax)
        return written(tag, vr, self._value(tag, vr, bytes(self.data[value:end]), action, syntax), syntax)

    def _is_as_ever(self, element: Element) -> bool:
        """Whether an element holds the kind of value that it is known for, and nothing in it is to be searched."""
        vr = element[1]
        if vr != USUAL.get(element[0]) or element[5] is not None or vr == "SQ":
            return False
        if vr in DIGITS:
            return NUMBERS.fullmatch(self.data, element[3], element[4]) is not None
        if vr in SIZES and element[4] - element[3] > LONGEST:
            return is_number(vr, self.data, element[3], element[4])
        return not self.sweep or vr not in SEARCHED

    def _kept(self, element: Element, action: str, syntax: Syntax) -> Any:
        tag, vr, start, value, end, items = element
        if tag in PIXELS and vr in BULK:
            self.pixels.append(self.data[start:end])
            return self.pixels[-1]
        if items is not None:  # items of unknown kind under an attribute that has none
            self.done[tag, "X"] += 1
            return b""
        if self._is_as_ever(element) and action == "K":
            return bytes(self.data[start:end])
        kind = kind_of(tag, vr, self.data, value, end)
        if not kind:
            self.doubts[tag, "a value of another kind than the attribute's; emptied"] += 1
            self.done[tag, "Z"] += 1
            return written(tag, vr_of(tag), b"", syntax)
        if action == "H":
            self.done[tag, "H"] += 1
        if action == "L" and looks_like_a_name(self._decoded(bytes(self.data[value:end]))):
            self.doubts[tag, "text still looks like a name"] += 1
        if self.sweep and kind in SEARCHED:
            return self._swept(element, kind, syntax)
        return bytes(self.data[start:end])

    def _decoded(self, raw: bytes) -> str:
        return decoded(raw, self.charsets)

    def _value(self, tag: int, vr: str, raw: bytes, action: str, syntax: Syntax) -> bytes:
        match action:
            case "D":
                return dummy(vr, raw, syntax)
            case "U":
                return b"\\".join([self.uid(one) for one in raw.split(b"\\")])
            case "S":
                return self._moved(tag, vr, raw, syntax)
            case "C":
                return self._text(tag, raw)
            case "A":
                return self._age(tag, raw)
            case "E":
                return self.person.key.word("ae", raw.strip(b" \0")).encode()
            case "N" | "I":
                return self.person.pseudonym.encode()
        return b"" if action == "Z" else raw

    def may_stay(self, text: str) -> bool:
        """Whether nothing would be cut out of a text beside pixels."""
        return not cleaned_once(text, self._known).cut

    def uid(self, original: bytes) -> bytes:
        """The new identifier; those of the standard itself (transfer syntaxes, well-known frames) stay."""
        original = original.strip(b" \0")
        if not original or original.startswith(b"1.2.840.10008."):
            return original
        return self.person.key.uid(original)

    def _moved(self, tag: int, vr: str, raw: bytes, syntax: Syntax) -> bytes:
        if vr == "SH":  # the offset from UTC, which whole days do not change
            return raw if OFFSET.fullmatch(raw.strip(b" \0")) else b""
        back = self.person.days_back
        days = [one.strip(b" \0") for one in raw.split(b"\\")]
        moved = [one and shifted(one, back, is_part_enough=vr == "DT") for one in days]
        if None in moved:
            self.doubts[tag, "no date that can be shifted; replaced"] += 1
            return dummy(vr, raw, syntax)
        return b"\\".join(one for one in moved if one is not None).translate(None, b" T:")

    def _age(self, tag: int, raw: bytes) -> bytes:
        age = capped_age(raw)
        if age is None:
            self.doubts[tag, "no valid age; emptied"] += 1
        return age or b""

    def _text(self, tag: int, raw: bytes) -> bytes:
        result = cleaned_once(self._decoded(raw), self._known)
        if result.cut:
            self.doubts[tag, "text cut; what is left should be read by a person"] += 1
        if looks_like_a_name(result.text):
            self.doubts[tag, "text still looks like a name"] += 1
        return encoded(result.text, self.charsets) if result.cut else raw

    def _swept(self, element: Element, kind: str, syntax: Syntax) -> bytes:
        """A kept value without what is known of the person; words of the field that are also names stay."""
        tag, vr, start, value, end, _ = element
        raw = bytes(self.data[value:end])
        if kind in BULK:
            left = blotted(raw, self.person.tokens)
        else:
            text = self._decoded(raw)
            cut = without_known(text, self._known, "[removed]" if kind in TEXT else "REMOVED")
            left = raw if cut == text else encoded(cut, self.charsets)
        if left == raw:
            return bytes(self.data[start:end])
        self.doubts[tag, "a kept value held what is known of the patient; cut"] += 1
        return written(tag, vr, left, syntax)

    @cached_property
    def _known(self) -> Any:
        return self.person.pattern_in(self._decoded)

    def _sequence(self, element: Element, action: str, syntax: Syntax, depth: int) -> bytes:
        tag, vr = element[:2]
        if action != "R":
            self.done[tag, action] += 1
        if action not in "FQR":
            return written(tag, "SQ", b"", syntax)
        inner = IMPLICIT if vr == "UN" else syntax
        parts = [
            self.item(one, tag, action if action in "FQ" else "R", inner, depth + 1)
            for one in items_of(self.data, element, syntax, depth)
        ]
        return written(tag, vr if syntax.explicit else "SQ", sequence(parts, inner), syntax)

    def _unlisted(self, element: Element, safe: dict[int, str]) -> str:
        tag = element[0]
        group = tag >> 16
        if group & 1:
            return self._private(element, safe[tag]) if tag in safe else "X"
        if 0x6000 <= group <= 0x60FF:
            return "O" if group in self.regions else "X"
        if tag in PIXELS:
            return "K"
        return "X"

    def _private(self, element: Element, kind: str) -> str:
        if kind in ("SQ", "UI"):
            return "R" if kind == "SQ" else "U"
        if kind in ("DA", "DT"):
            return {"MODIFIED": "S", "UNMODIFIED": "P"}.get(self.plan.options.time, "X")
        raw = self._raw(element) if kind in WORDS or kind in DIGITS else b""
        if kind in DIGITS and is_theirs(raw, self.person.tokens):
            return "X"
        if kind in WORDS and cleaned_once(self._decoded(raw), self._known).cut:
            return "X"
        return "P"

    def _safe(self, elements: list[Element]) -> dict[int, str]:
        if "safe-private" not in self.plan.options.keep:
            return {}
        return safe_blocks(elements, self._raw)

    def _raw(self, element: Element) -> bytes:
        return bytes(self.data[element[3] : element[4]])


def _row(tag: int) -> int:
    """The row of the table under which a removal is counted."""
    group = tag >> 16
    if group & 1:
        return ROW_OF_PRIVATE
    if 0x5000 <= group <= 0x50FF:
        return ROW_OF_CURVES
    return (0x6000 << 16 | tag & 0xFFFF) if 0x6000 <= group <= 0x60FF else tag
