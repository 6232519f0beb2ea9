"""Where a report's sections and sentences begin and end, in English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .lexicon import lexicon

HEADINGS: Mapping[str, Sequence[str]] = lexicon("headings")
"""Headings by the kind of section."""

ASIDE = frozenset(("history", "indication", "comparison", "technique", "exam", "recommendation"))
"""Sections that say why and how the picture was taken, not what it shows."""

_KIND = {heading: kind for kind, headings in HEADINGS.items() for heading in headings}
_NAMES = "|".join(re.escape(name).replace(r"\ ", r"[ \t]+") for name in sorted(_KIND, key=len, reverse=True))
_HEADING = re.compile(rf"(?:^|(?<=[\n.。;；]))[ \t*#【\[]*({_NAMES})[ \t*\]】]*[:：\n]|【({_NAMES})】", re.IGNORECASE)
_SHOUTED = re.compile(rf"\b({_NAMES})[ \t]*:", re.IGNORECASE)
_ITEM = r"\s*(?:\d{1,2}[.)、]|[-*•]|[A-Z][A-Z ]{3,}:)"
_ENDS = re.compile(rf"[。！？；!]+|(?<=\w)\?+|\n\s*\n|\n(?={_ITEM})|\.(?=\s|$|\d{{1,2}}[.)]\s)|(?<=[a-z])\.(?=[A-Z])")
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
        out.append(Span(start, match.end(), section.kind))
        start = match.end()
    out.append(Span(start, section.end, section.kind))
    return tuple(_trimmed(text, one) for one in out if text[one.start : one.end].strip())


def _trimmed(text: str, one: Span) -> Span:
    piece = text[one.start : one.end]
    start = one.start + len(piece) - len(piece.lstrip())
    return Span(start, start + len(piece.strip()), one.kind)
