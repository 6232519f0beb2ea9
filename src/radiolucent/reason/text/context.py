"""What a sentence says of a thing it names: denied, doubted, past, only feared, or of somebody else (ConText).

Harkema et al. 2009, doi:10.1016/j.jbi.2009.05.002. A trigger colours the words after it (or before it) up to the next
word that stops it; a pseudo-trigger holds the letters of a trigger and is none ("no change in"). Triggers are data
(`lexicon/triggers_*.tsv`), English and Chinese in one table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from radiolucent.core import InputError

from .words import Found, Phrases, Word, words

SAYS = ("negated", "uncertain", "likely", "hypothetical", "historical", "other", "pseudo", "stop")
LOOKS = ("forward", "backward", "both")
BREAKS = frozenset(";；。，！？")
"""Signs that end every scope. The comma of a Chinese sentence is one; the English comma parts the items of a list."""
COLONS = frozenset(":：")
"""They end scopes too, unless one follows its trigger at once: "negative for: fever, chills", "pneumothorax: none"."""


class Trigger(NamedTuple):
    """A line of the table."""

    phrase: str
    says: str
    looks: str
    reach: int = 1000


@dataclass(frozen=True)
class Scope:
    """A trigger of one sentence, at words `first` to `last`, and the words that it colours, `low` to `high`."""

    trigger: Trigger
    first: int
    last: int
    low: int
    high: int

    def holds(self, first: int, last: int) -> bool:
        """Whether a thing named at these words is meant; a trigger that is part of the name says nothing of it."""
        before, behind = self.last <= first < self.high, self.low < last <= self.first
        return before or behind


@dataclass(frozen=True)
class Context:
    """What is said of one mention; `because` are the triggers' words."""

    negated: bool = False
    uncertain: bool = False
    time: str = "present"  # or "historical", "hypothetical"
    experiencer: str = "patient"  # or "other"
    because: tuple[str, ...] = ()


@cache
def triggers() -> Phrases[Trigger]:
    """The table of triggers of all languages."""
    return Phrases((line.phrase, line) for name in ("en", "zh") for line in table(f"triggers_{name}.tsv"))


def table(name: str) -> Iterator[Trigger]:
    """The lines of a table of triggers; a wrong one is named by its number."""
    text = (files(__package__) / "lexicon" / name).read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        *cells, reach = cells if len(cells) == 4 else [*cells, "1000"]
        if len(cells) != 3 or cells[1] not in SAYS or cells[2] not in LOOKS or not reach.isdigit():
            raise InputError(f"{name}, line {number}: {line!r} is no trigger; write phrase, {'/'.join(SAYS)}, {LOOKS}")
        yield Trigger(cells[0], cells[1], cells[2], int(reach))


def scopes(sentence: Sequence[Word]) -> tuple[Scope, ...]:
    """The triggers of a sentence, each with the words that it colours."""
    found = list(triggers().longest(sentence))
    stops = [(one.first, one.last) for one in found if one.entry.says == "stop"]
    stops += [(k, k + 1) for k in range(len(sentence)) if _breaks(sentence, k)]
    out = []
    for one in found:
        if one.entry.says in ("stop", "likely"):
            continue
        out.append(_scope(_led(one, sentence), stops, len(sentence)))
        if one.entry.says == "pseudo":
            out.extend(_scope(inner, stops, len(sentence)) for inner in _shorter(one, sentence))
    return tuple(out)


def _breaks(sentence: Sequence[Word], k: int) -> bool:
    """A sign that ends scopes, the colon of a heading, or the number of an item: "COMPLICATIONS: None  1) Hernia"."""
    here = sentence[k].plain
    after = sentence[k + 1].plain if k + 1 < len(sentence) else ""
    return here in BREAKS or here in COLONS or (here.isdigit() and after == ")")


def _shorter(one: Found[Trigger], sentence: Sequence[Word]) -> Iterator[Found[Trigger]]:
    """Triggers that a pseudo-trigger hides: they hold for what the pseudo-trigger's own words name."""
    for inner in triggers().at(sentence, one.first):
        if inner.last < one.last and inner.entry.says not in ("pseudo", "stop"):
            yield Found(inner.entry, inner.first, inner.last, (one.first, one.last))
            return


def _led(one: Found[Trigger], sentence: Sequence[Word]) -> Found[Trigger]:
    """A trigger with the colon that follows it at once, or, where it looks back, with the one before it."""
    after = one.last < len(sentence) and sentence[one.last].plain in COLONS
    before = one.first > 0 and sentence[one.first - 1].plain in COLONS and one.entry.looks != "forward"
    return Found(one.entry, one.first - before, one.last + after, one.gap)


def _scope(one: Found[Trigger], stops: Sequence[tuple[int, int]], n: int) -> Scope:
    if one.gap is not None:
        return Scope(one.entry, one.first, one.last, one.last, one.gap[1])
    low, high = one.first, one.last
    if one.entry.looks in ("forward", "both"):
        high = min([n, one.last + one.entry.reach, *(first for first, _ in stops if first >= one.last)])
    if one.entry.looks in ("backward", "both"):
        low = max([0, one.first - one.entry.reach, *(last for _, last in stops if last <= one.first)])
    return Scope(one.entry, one.first, one.last, low, high)


def context(here: Sequence[Scope], first: int, last: int) -> Context:
    """What the triggers of a sentence say of the thing named at words `first` to `last`."""
    holding = [scope for scope in here if scope.trigger.says != "pseudo" and scope.holds(first, last)]
    said = {scope.trigger.says for scope in holding}
    time = next((name for name in ("hypothetical", "historical") if name in said), "present")
    return Context(
        negated="negated" in said,
        uncertain="uncertain" in said and "negated" not in said,
        time=time,
        experiencer="other" if "other" in said else "patient",
        because=tuple(dict.fromkeys(scope.trigger.phrase for scope in holding)),
    )


def said_of(sentence: str, start: int, end: int) -> Context:
    """What one sentence says of the thing named at characters `start` to `end`."""
    found = words(sentence)
    inside = [k for k, word in enumerate(found) if word.end > start and word.start < end]
    if not inside:
        raise InputError(f"there is no word at characters {start} to {end} of {sentence[:60]!r}")
    return context(scopes(found), inside[0], inside[-1] + 1)
