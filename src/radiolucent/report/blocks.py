"""What a section is made of. A section builds blocks; one template draws each kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from .numbers import Fig, interval, number
from .study import Gallery
from .texts import Texts

ORDER = (
    "answer",
    "who",
    "leaks",
    "candidates",
    "operating",
    "calibration",
    "subgroups",
    "looks",
    "methods",
    "checklist",
)
NUMBERS = {key: i + 1 for i, key in enumerate(ORDER)}
"""The sections always keep their numbers, so that a reader of the second report knows where things are."""

LONG = 36

Tone = Literal["plain", "soft", "warn", "stop", "heading", "quote"]


@dataclass(frozen=True)
class Prose:
    """A paragraph; `warn` and `stop` stand out, with a word and not by colour alone."""

    text: str
    tone: Tone = "plain"
    kind: str = "prose"


@dataclass(frozen=True)
class Points:
    """A list of short statements, each with its own tone and, where there is more, the section that has it."""

    items: tuple[tuple[Prose, str], ...]
    kind: str = "points"


@dataclass(frozen=True)
class Figure:
    """Drawings of the same thing (one for wide, one for narrow screens, or one for both) and the sentence below."""

    drawings: tuple[Markup, ...]
    sentence: str
    kind: str = "figure"


@dataclass(frozen=True)
class Row:
    """Figures side by side where there is room."""

    figures: tuple[Figure, ...]
    kind: str = "row"


@dataclass(frozen=True)
class Cell:
    """What a cell shows, and what it becomes in a spreadsheet (a figure: three cells)."""

    text: str
    copies: tuple[str, ...] = ()
    is_number: bool = False
    is_header: bool = False

    @property
    def css(self) -> str:
        """Numbers keep to one line; long words get a column in which they can be read."""
        return "number" if self.is_number else "long" if len(self.text) > LONG else ""

    @property
    def tsv(self) -> str:
        return "\t".join(self.copies or (self.text,))


@dataclass(frozen=True)
class Table:
    """Cells under one caption; the page offers to copy them."""

    caption: str
    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    kind: str = "table"


@dataclass(frozen=True)
class Pictures:
    """A gallery."""

    gallery: Gallery
    kind: str = "pictures"


@dataclass(frozen=True)
class References:
    """Numbered references: text and DOI of each."""

    items: tuple[tuple[str, str], ...]  # text, DOI
    kind: str = "references"


Block = Prose | Points | Figure | Row | Table | Pictures | References


@dataclass(frozen=True)
class Section:
    """A numbered part of the page."""

    key: str
    title: str
    blocks: tuple[Block, ...]


def name_cell(text: object) -> Cell:
    """The header cell of a row."""
    return Cell(str(text), is_header=True)


def text_cell(text: object) -> Cell:
    """A cell of words."""
    return Cell(str(text))


def count_cell(n: int | None) -> Cell:
    """A cell with a whole number."""
    return Cell(number(n, 0), ("" if n is None else str(n),), is_number=True)


def number_cell(value: float | None, digits: int = 3) -> Cell:
    """A cell with a number of `digits` decimals; all its digits are copied."""
    return Cell(number(value, digits), (_plain(value),), is_number=True)


def figure_cell(figure: Fig | None, digits: int = 3) -> Cell:
    """A figure with its interval: one cell to read, three to copy."""
    values = tuple(_plain(None if figure is None else figure.get(key)) for key in ("value", "low", "high"))
    return Cell(interval(figure, digits), values, is_number=True)


def figure_head(title: str, say: Texts) -> Cell:
    """Header over a column of figures: three cells when copied."""
    low, high = say("head.low"), say("head.high")
    return Cell(title, (title, f"{title} {low}", f"{title} {high}"), is_number=True)


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"
