"""How the things of a sentence hang together, in RadGraph's words: modify, located_at, suggestive_of.

Jain et al. 2021, arXiv:2106.14463.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from .lexicon import lexicon
from .mentions import Mention
from .places import place_of
from .words import Phrases, Word

Kind = Literal["modify", "located_at", "suggestive_of"]

NEAR = 4
"""Words between a modifier and what it modifies, at most."""


@dataclass(frozen=True)
class Relation:
    """Characters of the text that stand for the two ends, and how they hang together."""

    kind: Kind
    subject: tuple[int, int]
    object: tuple[int, int]


@cache
def _modifiers() -> Phrases[str]:
    return Phrases((word, word) for word in lexicon("relations")["modifiers"])


@cache
def _leads() -> Phrases[str]:
    return Phrases((word, word) for word in lexicon("relations")["leads"])


def relations(found: Sequence[Mention], places: Sequence[Mention], sentence: Sequence[Word]) -> tuple[Relation, ...]:
    """The relations of one sentence; observations that are absent have them as well."""
    out = [
        Relation("located_at", (m.start, m.end), (p.start, p.end))
        for m in found
        if (p := place_of(m, places, sentence))
    ]
    for one in _modifiers().longest(sentence):
        target = min((m for m in found if _is_near(one.first, one.last, m)), key=lambda m: m.first, default=None)
        if target is not None:
            span = sentence[one.first].start, sentence[one.last - 1].end
            out.append(Relation("modify", span, (target.start, target.end)))
    for one in _leads().longest(sentence):
        cause = max((m for m in found if m.last <= one.first), key=lambda m: m.last, default=None)
        result = [m for m in found if m.first >= one.last]
        if cause is not None and result:
            first = min(m.first for m in result)
            out += [
                Relation("suggestive_of", (cause.start, cause.end), (m.start, m.end))
                for m in result
                if m.first <= first + NEAR
            ]
    return tuple(dict.fromkeys(out))


def _is_near(first: int, last: int, mention: Mention) -> bool:
    """A modifier stands before its noun, or is a part of its phrase."""
    return (mention.first <= first and last <= mention.last - 1) or 0 <= mention.first - last <= NEAR
