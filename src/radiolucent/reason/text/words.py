"""Words and signs of a sentence, and the phrases of a lexicon found among them: one way for English and Chinese.

A word is a run of Latin letters, a number, one Chinese character or one sign; the plural's ending is taken off, so that
`opacities` is `opacity` in the lexicon and in the report alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?|\d+(?:\.\d+)?|[㐀-鿿]|[,;:.()/，；：。、！？?]")
HAN = re.compile(r"[㐀-鿿]")
GAP = "~"
"""In a phrase: up to `MOST_BETWEEN` words of any kind, no sign among them."""
MOST_BETWEEN = 5
SIGNS = frozenset(",;:.()，；：。、！？?")
FULL = {",": "，", ";": "；", ":": "："}

Entry = TypeVar("Entry")


class Word(NamedTuple):
    """A word in its plain form, and where it stands in the text."""

    plain: str
    start: int
    end: int


@dataclass(frozen=True)
class Found(Generic[Entry]):
    """A phrase of the lexicon at words `first` up to `last` (not with it); `gap` are the words that it leaps over."""

    entry: Entry
    first: int
    last: int
    gap: tuple[int, int] | None = None


@lru_cache(maxsize=50_000)
def plain(word: str) -> str:
    """Lower case without a plural's ending; only ever compared with what went through the same mill."""
    word = word.lower().replace("’", "'")
    if len(word) <= 3 or not word.endswith("s") or word.endswith(("ss", "us", "is", "'s")):
        return word.removesuffix("'s")
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("sses", "xes", "ches", "shes")) else word[:-1]


def words(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """The words of `text[start:end]`; a half-width comma after a Chinese character counts as the Chinese one."""
    out = []
    for match in WORD.finditer(text, start, len(text) if end is None else end):
        word, place = match.group(), match.start()
        if word in FULL and place and HAN.match(text, place - 1):
            word = FULL[word]
        out.append(Word(plain(word), place, match.end()))
    return out


class Phrases(Generic[Entry]):
    """Phrases by their first word, longest first."""

    def __init__(self, entries: Iterable[tuple[str, Entry]]) -> None:
        table: dict[str, list[tuple[tuple[str, ...], Entry]]] = {}
        for phrase, entry in entries:
            parts = tuple(part for piece in phrase.split(GAP) for part in (*(w.plain for w in words(piece)), GAP))[:-1]
            table.setdefault(parts[0], []).append((parts, entry))
        self._by_first = {key: sorted(found, key=lambda one: -len(one[0])) for key, found in table.items()}

    def longest(self, sentence: Sequence[Word]) -> Iterator[Found[Entry]]:
        """From left to right, the longest phrase at each place; found phrases do not overlap."""
        said, here = tuple(word.plain for word in sentence), 0
        while here < len(said):
            found = next(self._at(said, here), None) if said[here] in self._by_first else None
            if found is None:
                here += 1
                continue
            yield found
            here = found.last

    def at(self, sentence: Sequence[Word], here: int) -> Iterator[Found[Entry]]:
        """The phrases that begin at a place, longest first."""
        return self._at(tuple(word.plain for word in sentence), here)

    def every(self, sentence: Sequence[Word]) -> list[Found[Entry]]:
        """All phrases at all places, the shorter within the longer among them."""
        said = tuple(word.plain for word in sentence)
        return [one for here in range(len(said)) if said[here] in self._by_first for one in self._at(said, here)]

    def _at(self, said: tuple[str, ...], here: int) -> Iterator[Found[Entry]]:
        for parts, entry in self._by_first.get(said[here], ()):
            if GAP in parts:
                found = _over_gap(parts, said, here)
                if found is not None:
                    yield Found(entry, here, *found)
            elif said[here : here + len(parts)] == parts:
                yield Found(entry, here, here + len(parts))


def _over_gap(parts: tuple[str, ...], said: tuple[str, ...], here: int) -> tuple[int, tuple[int, int]] | None:
    """Where a phrase with a gap ends that begins here, and the span of its gap; `None` where it does not stand here."""
    cut = parts.index(GAP)
    begin, tail = here + cut, parts[cut + 1 :]
    if said[here:begin] != parts[:cut]:
        return None
    for start in range(begin, min(begin + MOST_BETWEEN, len(said) - 1) + 1):
        if said[start : start + len(tail)] == tail:
            return start + len(tail), (begin, start)
        if said[start] in SIGNS:
            return None
    return None
