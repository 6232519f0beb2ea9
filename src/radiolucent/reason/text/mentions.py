"""The things a sentence names: observations and places of the body, each with what the sentence says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from .context import Context, Scope, context
from .lexicon import lexicon
from .words import Found, Phrases, Word

Status = Literal["present", "possible", "absent"]
PHRASES = {
    "en": "present", "zh": "present", "absent": "absent", "zh_absent": "absent",
    "possible": "possible", "zh_possible": "possible", "never": "never",
}  # fmt: skip
"""What the phrases of a concept's lists say by themselves."""


PLAIN = Context()
"""Nothing is said of it but its name."""


@dataclass(frozen=True)
class Concept:
    """An entry of the lexicon: its CheXpert observation and ChestX-ray14 class, where it has one."""

    name: str
    label: str = ""
    nih: str = ""
    other: bool = False
    device: bool = False


class Entry(NamedTuple):
    """A phrase's concept, and what the phrase says by itself."""

    concept: str
    says: str


@dataclass(frozen=True)
class Mention:
    """A concept at characters `start` to `end` of the text, words `first` to `last` of its sentence."""

    concept: str
    start: int
    end: int
    first: int
    last: int
    sentence: int
    status: Status = "present"
    context: Context = PLAIN

    @property
    def counts(self) -> bool:
        """Whether it tells of this patient now."""
        return self.context.time == "present" and self.context.experiencer == "patient"


@cache
def concepts() -> Mapping[str, Concept]:
    """Every observation by name."""
    keys = ("label", "nih", "other", "device")
    return {
        name: Concept(name, **{k: body[k] for k in keys if k in body}) for name, body in lexicon("observations").items()
    }


@cache
def phrases(name: str) -> Phrases[Entry]:
    """The phrases of a lexicon file."""
    return Phrases(
        (phrase, Entry(concept, says))
        for concept, body in lexicon(name).items()
        for key, says in PHRASES.items()
        for phrase in body.get(key, ())
    )


def observations(sentence: Sequence[Word], here: Sequence[Scope], number: int) -> list[Mention]:
    """The observations of a sentence; of two that say the same at one place the longer is kept."""
    return [_mention(one, sentence, here, number) for one in _kept(phrases("observations").every(sentence))]


def places(sentence: Sequence[Word], number: int) -> list[Mention]:
    """The places of the body that a sentence names, longest phrase first."""
    return [
        Mention(one.entry.concept, sentence[one.first].start, sentence[one.last - 1].end, one.first, one.last, number)
        for one in phrases("anatomy").longest(sentence)
    ]


def _kept(found: Sequence[Found[Entry]]) -> list[Found[Entry]]:
    kept = [one for one in found if one.entry.says != "never" and not any(_yields(one, more) for more in found)]
    seen: dict[tuple[str, int, int], Found[Entry]] = {}
    for one in kept:
        seen.setdefault((one.entry.concept, one.first, one.last), one)
    return list(seen.values())


def _yields(one: Found[Entry], more: Found[Entry]) -> bool:
    """Whether a phrase is only a part of another: of one that looks alike, of the same concept, or of a closer one."""
    wider = more.first <= one.first and one.last <= more.last and (more.first, more.last) != (one.first, one.last)
    if more.entry.says == "never":
        return more.first <= one.first and one.last <= more.last and more.entry.concept == one.entry.concept
    if not wider or (more.gap is not None and more.entry.concept != one.entry.concept):
        return False
    return more.entry.concept == one.entry.concept or concepts()[one.entry.concept].other


def _mention(one: Found[Entry], sentence: Sequence[Word], here: Sequence[Scope], number: int) -> Mention:
    """A phrase with a gap ("heart is not enlarged") is asked about by the words after its gap."""
    told = context(here, one.gap[1] if one.gap else one.first, one.last)
    status: Status = "possible" if one.entry.says == "possible" or told.uncertain else "present"
    if told.negated or one.entry.says == "absent":
        status = "absent"
    start, end = sentence[one.first].start, sentence[one.last - 1].end
    return Mention(one.entry.concept, start, end, one.first, one.last, number, status, told)
