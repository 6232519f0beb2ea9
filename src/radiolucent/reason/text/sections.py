"""Where a report's sections and sentences begin and end, in English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .lexicon import lexicon

HEADINGS: Mapping[str, Sequence[str]] = lexicon("headings")
"""Headings by the kind of section."""

ASIDE = frozenset(("history", "indication", "comparison", "technique", "exam", "recommendation"))
"""Sections that say why and how the picture was taken, not what it shows."""

LONGEST = 1200
"""Characters after which a sentence is cut: no sentence of a report is so long, and work grows with its square."""

FULL_LINE = 55
"""Characters of a line that a program has wrapped, at least."""

_KIND = {heading: kind for kind, headings in HEADINGS.items() for heading in headings}
_NAMES = "|".join(re.escape(name).replace(r"\ ", r"[ \t]+") for name in sorted(_KIND, key=len, reverse=True))
_HEADING = re.compile(rf"(?:^|(?<=[\n.。;；]))[ \t*#【\[]*({_NAMES})[ \t*\]】]*[:：\n]|【({_NAMES})】", re.IGNORECASE)
_SHOUTED = re.compile(rf"\b({_NAMES})[ \t]*:", re.IGNORECASE)
_ITEM = r"\s*(?:\d{1,2}[.)、]|[-*•]|[A-Z][A-Z ]{3,}:)"
_ENDS = re.compile(
    rf"[。！？；!]+|(?<=\w)\?+|\n\s*\n|\n(?={_ITEM})|\n(?=[ \t]*[A-Z㐀-鿿])|\.(?=\s|$|\d{{1,2}}[.)]\s)|(?<=[a-z])\.(?=[A-Z])"
)
_SHORT = re.compile(
    r"(?:\b(?:dr|mr|mrs|ms|vs|e\.g|i\.e|cf|approx|no|st|fig|et al|a\.p|p\.o)|(?:^|[\s(])[A-Z]|(?:^|\n)\s*\d{1,2})$",
    re.I,
)


@dataclass(frozen=True)
class Span:
    """Characters `start` to `end` of the text, and what they are: the kind of a section."""

    start: int
    end: int
    kind: str = ""


def sections(text: str) -> tuple[Span, ...]:
    """The sections of a report by their headings; what comes before the first heading has the kind ''."""
    heads = [(m.start(), m.end(), _KIND[_name(m)]) for m in _HEADING.finditer(text)]
    heads += [
        (m.start(), m.end(), _KIND[_name(m)])
        for m in _SHOUTED.finditer(text)
        if m.group(1).isupper() and m.group(1).isascii() and not any(a <= m.start() < b for a, b, _ in heads)
    ]
    heads.sort()
    edges = [*(start for start, _, _ in heads), len(text)]
    out = [Span(0, edges[0])] if text[: edges[0]].strip() else []
    return (*out, *(Span(end, edges[k + 1], kind) for k, (_, end, kind) in enumerate(heads)))


def _name(match: re.Match[str]) -> str:
    found = next(group for group in match.groups() if group)
    return re.sub(r"\s+", " ", found).lower()


def sentences(text: str, section: Span) -> tuple[Span, ...]:
    """The sentences of one section. A full stop after a number of a list or a short form ends none."""
    out, start = [], section.start
    for match in _ENDS.finditer(text, section.start, section.end):
        if match.group() == "." and _SHORT.search(text[start : match.start()]):
            continue
        if match.group() == "\n" and _is_wrapped(text, match):
            continue
        out.append(Span(start, match.end(), section.kind))
        start = match.end()
    out.append(Span(start, section.end, section.kind))
    return tuple(_trimmed(text, part) for one in out for part in _cut(text, one) if text[part.start : part.end].strip())


def _is_wrapped(text: str, newline: re.Match[str]) -> bool:
    """Whether a line ends because it is full; a short one that a capital follows is a statement of its own."""
    full = newline.start() - text.rfind("\n", 0, newline.start()) > FULL_LINE
    return full and not re.match(_ITEM, text[newline.end() : newline.end() + 40])


def _cut(text: str, one: Span) -> Iterator[Span]:
    """What is too long for a sentence in pieces, cut at a comma or a blank where there is one."""
    start = one.start
    while one.end - start > LONGEST:
        stop = max(text.rfind(mark, start + LONGEST // 2, start + LONGEST) for mark in (",", "，", " "))
        stop = start + LONGEST if stop < 0 else stop + 1
        yield Span(start, stop, one.kind)
        start = stop
    yield Span(start, one.end, one.kind)


def _trimmed(text: str, one: Span) -> Span:
    piece = text[one.start : one.end]
    start = one.start + len(piece) - len(piece.lstrip())
    return Span(start, start + len(piece.strip()), one.kind)
