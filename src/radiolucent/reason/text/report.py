"""A report read: sections, sentences and mentions with context, places, sides, sizes and relations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from radiolucent.core import Finding

from .context import scopes
from .language import Language, language_of, problem
from .mentions import Mention, observations, places
from .places import place_of, side_of
from .relations import Relation, relations
from .sections import Span, sections, sentences
from .sizes import Size, sizes
from .words import Word, words


@dataclass(frozen=True)
class Observation:
    """A mention with where it lies and how large it is."""

    mention: Mention
    section: str
    sentence: Span
    side: str = ""
    place: str = ""
    size: Size | None = None


@dataclass(frozen=True)
class Reading:
    """Everything that was found in a text; `problem` says why nothing was, where it cannot be read."""

    text: str
    language: Language
    sections: tuple[Span, ...] = ()
    sentences: tuple[Span, ...] = ()
    observations: tuple[Observation, ...] = ()
    sizes: tuple[Size, ...] = ()
    relations: tuple[Relation, ...] = ()
    problem: Finding | None = None

    def quoted(self, one: Observation) -> str:
        """The sentence that an observation stands in, on one line."""
        return " ".join(self.text[one.sentence.start : one.sentence.end].split())


def read_report(text: str) -> Reading:
    """Read a report in English or Chinese; what cannot be read gives a Reading with a problem and nothing else."""
    wrong = problem(text)
    if wrong is not None:
        return Reading(text, "", problem=wrong)
    parts = sections(text)
    lines = tuple(line for part in parts for line in sentences(text, part))
    found: list[Observation] = []
    measured: list[Size] = []
    related: list[Relation] = []
    for number, line in enumerate(lines):
        sentence = words(text, line.start, line.end)
        if not sentence:
            continue
        told, joined, how_large = _sentence(text, line, sentence, number)
        found += told
        related += joined
        measured += how_large
    return Reading(text, language_of(text), parts, lines, tuple(found), tuple(measured), tuple(related))


def _sentence(
    text: str, line: Span, sentence: Sequence[Word], number: int
) -> tuple[list[Observation], tuple[Relation, ...], tuple[Size, ...]]:
    named = observations(sentence, scopes(sentence), number)
    where = places(sentence, number)
    how_large = (
        sizes(text[line.start : line.end], line.start) if any(c.isdigit() for c in text[line.start : line.end]) else ()
    )
    owner = {size: _owner(size, named) for size in how_large}
    found = []
    for mention in named:
        place = place_of(mention, where, sentence)
        size = next((size for size, whose in owner.items() if whose is mention), None)
        side = side_of(mention, place, sentence)
        found.append(Observation(mention, line.kind, line, side, place.concept if place else "", size))
    return found, relations(named, where, sentence) if named else (), how_large


def _owner(size: Size, named: Sequence[Mention]) -> Mention | None:
    """What a size belongs to: the nearest thing that is there, one named before it counting as nearer than one after."""
    there = [mention for mention in named if mention.status != "absent"]
    return min(
        there, key=lambda m: size.start - m.end if m.end <= size.start else 2 * (m.start - size.end), default=None
    )
