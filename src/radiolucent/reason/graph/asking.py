"""The named questions: which there are, what a sentence asks, and the answer."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from radiolucent.core import InputError, unknown

from .linking import Link, link, nearest, one
from .names import KINDS
from .store import MOST, Answer, query

TAKES: Mapping[str, tuple[str, ...]] = {
    "finding": ("Finding", "Condition"),
    "anatomy": ("Anatomy",),
    "modality": ("Modality",),
    "measurement": ("Measurement",),
    "guideline": ("Guideline",),
    "code": ("Code",),
    "group": ("ContextGroup",),
    "any": KINDS,
}
"""What an argument may be, and the kinds of node that this allows."""


@dataclass(frozen=True)
class Question:
    """One named question: its wordings ({1}, {2} stand for arguments), what the arguments are, its SPARQL query."""

    name: str
    asks: tuple[str, ...]
    takes: tuple[str, ...]
    query: str


@dataclass(frozen=True)
class Asked:
    """A question with the nodes that it is about."""

    question: Question
    about: tuple[Link, ...]

    @property
    def sentence(self) -> str:
        """The question in full, with the nodes' own names."""
        text = self.question.asks[0]
        for place, node in enumerate(self.about, 1):
            text = text.replace(f"{{{place}}}", node.name)
        return text

    def answer(self, *, most: int = MOST) -> Answer:
        """What the graph says."""
        return query(self.question.query, {name: it.node for name, it in zip("ab", self.about)}, most=most)


@cache
def questions() -> Mapping[str, Question]:
    """Every named question, by name."""
    read = tomllib.loads((files(__package__) / "questions.toml").read_text(encoding="utf-8"))
    return {name: Question(name, tuple(one["asks"]), tuple(one["takes"]), one["query"]) for name, one in read.items()}


def understood(words: Sequence[str]) -> Asked:
    """The question in a list of words: a name and its arguments, or a whole sentence in one of its wordings."""
    said = [word for word in words if word.strip()]
    if not said:
        raise InputError("nothing was asked; `radiolucent reason ask --list` names the questions there are")
    if said[0] in questions():
        return _named(questions()[said[0]], said[1:])
    sentence = " ".join(said).strip().rstrip("?？。.! ")
    found = sorted(_readings(sentence), key=lambda reading: sum(len(term) for term in reading[1]))
    if not found:
        if len(said) == 1 and " " not in said[0] and not link(said[0]):
            raise unknown("question", said[0], questions())
        near = nearest(sentence, most=1)
        hint = f"; the nearest term is {near[0]!r}" if near else ""
        raise InputError(
            f"no question is worded like {sentence!r}{hint}; `radiolucent reason ask --list` has the wordings, "
            "and `--sparql` takes any query"
        )
    return _best(found)


def _named(question: Question, terms: Sequence[str]) -> Asked:
    if len(terms) != len(question.takes):
        wants = " ".join(kind.upper() for kind in question.takes) or "no argument"
        raise InputError(
            f"the question {question.name!r} takes {wants}, got {len(terms)}: {', '.join(terms) or 'none'}"
        )
    return Asked(
        question,
        tuple(
            one(term, kinds=TAKES[kind], called=kind.replace("any", "term"))
            for term, kind in zip(terms, question.takes)
        ),
    )


def _best(found: Sequence[tuple[Question, tuple[str, ...]]]) -> Asked:
    """The reading with the shortest arguments whose terms are all known; else the error of the first."""
    for question, terms in found:
        if all(link(term, kinds=TAKES[kind]) for term, kind in zip(terms, question.takes)):
            return _named(question, terms)
    return _named(*found[0])


def _readings(sentence: str) -> Iterator[tuple[Question, tuple[str, ...]]]:
    for question in questions().values():
        for wording in question.asks:
            match = re.fullmatch(_pattern(wording), sentence, re.I)
            if match:
                yield question, tuple(match[f"a{place}"].strip() for place in range(1, len(question.takes) + 1))


@cache
def _pattern(wording: str) -> str:
    text = re.escape(wording).replace(r"\ ", r"\s+")
    return re.sub(r"\\\{(\d)\\\}", r"(?:(?:the|a|an)\\s+)?(?P<a\1>.+?)", text) + r"\s*"
