"""Sizes in a sentence: numbers with a unit of length, all their diameters, and what they were before."""

from __future__ import annotations

import re
from dataclasses import dataclass

MM = {
    "mm": 1.0, "millimeter": 1.0, "millimeters": 1.0, "millimetre": 1.0, "millimetres": 1.0, "毫米": 1.0,
    "cm": 10.0, "centimeter": 10.0, "centimeters": 10.0, "centimetre": 10.0, "centimetres": 10.0, "厘米": 10.0,
}  # fmt: skip
_UNIT = "(?:" + "|".join(sorted(MM, key=len, reverse=True)) + r")(?![A-Za-z²³\d])"
_NUMBER = r"\d+(?:\.\d+|,\d{1,2}(?!\d))?"
_JOIN = rf"\s*-?\s*(?:{_UNIT})?\s*(?:x|X|×|\*|by|乘|-|–|to|至|增大至|缩小至|~)\s*"
SIZE = re.compile(rf"(?<![\d.,/-]){_NUMBER}(?:{_JOIN}{_NUMBER})*\s*-?\s*({_UNIT})", re.IGNORECASE)
_PART = re.compile(rf"({_NUMBER})\s*-?\s*({_UNIT})?", re.IGNORECASE)
_BETWEEN = re.compile(r"\s(?:to)\s|(?:增大|缩小)?至|–|(?<=\d)\s*-\s*(?=\d)|(?<=\d)~(?=\d)")
_FROM = re.compile(
    r"\b(?:from|previously|prior|formerly|was|compared (?:to|with)|versus|earlier)\W*"
    r"(?:a\s|approximately\s|measured\s|measuring\s|at\s|about\s)*$|(?:由|从|原|前片|此前|上次)(?:约|为|大小|大小约)*$"
)
_GROWS = re.compile(r"\b(?:increas|enlarg|grow|grew|larger|progress|expand)\w*|增大|增加|增长", re.I)
_SHRINKS = re.compile(r"\b(?:decreas|shr[aiu]nk|smaller|reduc|regress)\w*|缩小|减小|减少", re.I)


@dataclass(frozen=True)
class Size:
    """Diameters [mm], largest first, at characters `start` to `end`; `before_mm` is the earlier largest one."""

    start: int
    end: int
    diameters_mm: tuple[float, ...]
    before_mm: float | None = None

    @property
    def largest_mm(self) -> float:
        return self.diameters_mm[0]

    @property
    def change(self) -> str:
        """What became of it: "increased", "decreased", "unchanged", or "" where nothing earlier is told."""
        if self.before_mm is None:
            return ""
        if self.before_mm == self.largest_mm:
            return "unchanged"
        return "increased" if self.largest_mm > self.before_mm else "decreased"


def sizes(sentence: str, start: int = 0) -> tuple[Size, ...]:
    """The sizes of a sentence that begins at character `start` of the text; a number without a unit is none."""
    out: list[Size] = []
    before: list[float] = []
    for match in SIZE.finditer(sentence):
        first, *rest = _steps(match)
        earlier = bool(_FROM.search(sentence[: match.start()]))
        if rest:
            later, before_mm = (rest[-1], first[0]) if _changes(sentence, match, earlier) else (rest[-1], None)
            out.append(Size(start + match.start(), start + match.end(), later, before_mm))
        elif earlier:
            before.append(first[0])
        else:
            out.append(Size(start + match.start(), start + match.end(), first))
    if before and len(out) == 1 and out[0].before_mm is None:
        return (Size(out[0].start, out[0].end, out[0].diameters_mm, before[-1]),)
    return tuple(out)


def _steps(match: re.Match[str]) -> list[tuple[float, ...]]:
    """The diameters between the words of a range or a change: "6 to 9 mm" has two, "1.2 x 0.8 cm" one."""
    last = MM[match.group(1).lower()]
    pieces = _BETWEEN.split(match.group())
    return [_diameters(piece, last) for piece in pieces if any(c.isdigit() for c in piece)]


def _diameters(piece: str, last: float) -> tuple[float, ...]:
    found = _PART.findall(piece)
    units = [MM[unit.lower()] if unit else None for _, unit in found]
    known = next((unit for unit in reversed(units) if unit), last)
    return tuple(
        sorted(
            (round(float(n.replace(",", ".")) * (unit or known), 6) for (n, _), unit in zip(found, units)), reverse=True
        )
    )


def _changes(sentence: str, match: re.Match[str], earlier: bool) -> bool:
    """Whether "6 to 9 mm" tells of a change and not of a range."""
    head = sentence[: match.start()]
    moved = _GROWS.search(sentence) or _SHRINKS.search(sentence)
    return earlier or (bool(moved) and bool(re.search(r"(?:from|由|从)\W*(?:约)?$", head)))
