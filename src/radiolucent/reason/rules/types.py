"""What a guideline is made of: inputs, guards, tables with rows, scores; frozen, and read from a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from .sets import Values

Kind = Literal["number", "integer", "choice", "choices", "flag"]
Given = float | str | frozenset[str]
"""A value of an input: a number in the input's unit, one word (`yes` and `no` for a flag), or several words."""

YES_NO = ("yes", "no")


@dataclass(frozen=True)
class Source:
    """How an input follows from two others: their mean to the nearest `to`, ratio, difference or change."""

    how: Literal["mean", "ratio", "difference", "change_percent"]
    of: tuple[str, str]
    to: float | None = None


@dataclass(frozen=True)
class Entry:
    """What a guideline asks for: type, unit, range, choices, code, and where a case may have it."""

    name: str
    kind: Kind
    help: str
    unit: str = ""
    range: tuple[float, float] | None = None
    choices: tuple[str, ...] = ()
    code: str = ""
    features: tuple[str, ...] = ()
    fact: str = ""
    source: Source | None = None
    measured_to: float | None = None


@dataclass(frozen=True)
class Row:
    """One line of a table: where all conditions hold, `then` follows; a condition that is not there holds always."""

    id: str
    when: Mapping[str, Values]
    then: Mapping[str, str]
    where: str = ""


@dataclass(frozen=True)
class Table:
    """Rows that give the same variables; `way` names one of several ways to them, a `modifier` changes what is there."""

    id: str
    title: str
    takes: tuple[str, ...]
    gives: tuple[str, ...]
    rows: tuple[Row, ...]
    way: str = ""
    modifier: bool = False


@dataclass(frozen=True)
class Guard:
    """Where it holds, the guideline does not apply; `needed` ones must be answered before anything is said."""

    id: str
    when: Mapping[str, Values]
    says: str
    needed: bool = False


@dataclass(frozen=True)
class Contradiction:
    """Inputs that cannot be true together: all conditions hold, or the first number is greater than the second.

    What is `undefined` may well be true, and the guideline has nothing to say of it.
    """

    id: str
    says: str
    when: Mapping[str, Values] = field(default_factory=dict)
    greater: tuple[str, ...] = ()
    undefined: bool = False


@dataclass(frozen=True)
class Score:
    """Points that are summed over inputs, from `start` on; inputs in `several` add up all words that apply.

    Where `fixed_when` holds the sum is `fixed`, whatever else is known.
    """

    gives: str
    points: Mapping[str, Mapping[str, int]]
    fixed_when: Mapping[str, Values] = field(default_factory=dict)
    fixed: int = 0
    start: int = 0
    several: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Monotone:
    """Along `along`, all else equal, `gives` never falls in its order (`rises`) or never rises."""

    gives: str
    along: str
    rises: bool = True


@dataclass(frozen=True)
class Guideline:
    """One guideline: what it asks, when it applies, its tables, and where all this comes from."""

    name: str
    title: str
    version: str
    status: Literal["verified", "unverified"]
    source: str
    about: str
    answer: tuple[str, ...]
    inputs: Mapping[str, Entry]
    tables: tuple[Table, ...]
    guards: tuple[Guard, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    scores: tuple[Score, ...] = ()
    monotone: tuple[Monotone, ...] = ()
    orders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    doi: str = ""
    note: str = ""

    @property
    def cited(self) -> str:
        """The guideline as a conclusion names it."""
        return f"{self.title}, version {self.version}"
