"""Questions to the knowledge graph: an answer as a table, as JSON, or as a page with a picture."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from ... import __version__
from ...core import InputError
from ...reason.graph import Answer, Asked, Link, link, query, questions, understood
from ...reason.graph.neighbourhood import neighbourhood
from ...report.neighbourhood import Statement, Subject, answer_table, neighbourhood_page
from ...write import whole_text

WIDEST = 60
"""Letters of a cell on the screen; the whole of it is in the file."""


def ask(
    question: Annotated[
        str, Field(description='a sentence ("what can explain pleural effusion"), the name of a question, or a term')
    ] = "",
    first: Annotated[str, Field(description="what a named question is about")] = "",
    second: Annotated[str, Field(description="what else it is about, where it takes two")] = "",
    *,
    out: Annotated[Path | None, Field(description="write the answer: .json, .csv, or .html with a picture")] = None,
    sparql: Annotated[str | None, Field(description="a SPARQL query instead of a question")] = None,
    list: Annotated[bool, Field(description="name all questions and their wordings")] = False,
    form: Annotated[Literal["table", "json"], Field(description="how it is printed")] = "table",
    most: Annotated[int, Field(ge=1, le=10_000, description="rows to show")] = 200,
    overwrite: Annotated[bool, Field(description="replace the file if it exists")] = False,
) -> str:
    """Ask the knowledge graph a named question, or put a SPARQL query to it.

    `ask --list` names the questions; `ask explains "pleural effusion"` and `ask "what can explain pleural effusion"` are
    the same, and a term alone (`ask "pleural effusion"`) gives all that is said of it. Every row of an answer that rests on
    one statement names the source; `ask sources` says what the sources are and under which licence. It tells what may be,
    not what a patient has.
    """
    if list:
        return listed()
    words = [word for word in (question, first, second) if word.strip()]
    if sparql is not None and words:
        raise InputError(f"either a question or --sparql, not both; got {words[0]!r} and a query")
    asked = _asked(words) if sparql is None else None
    answer = asked.answer(most=most) if asked else query(sparql or "", most=most)
    sentence = asked.sentence if asked else "SPARQL"
    if out is not None:
        whole_text(out, _form(out, asked, sentence, answer), overwrite=overwrite)
        return f"{sentence}: {_rows(answer)}; {out}"
    return as_json(sentence, answer) if form == "json" else f"{sentence}: {_rows(answer)}\n{as_table(answer)}".rstrip()


def listed() -> str:
    """Every question: its name, what it takes, its first wording."""
    known = questions().values()
    heads = [" ".join([one.name, *(kind.upper() for kind in one.takes)]) for one in known]
    width = max(map(len, heads))
    return "\n".join(f"{head:{width}}  {one.asks[0]}" for head, one in zip(heads, known))


def as_table(answer: Answer) -> str:
    """Columns that stand under each other, Chinese letters counted as two."""
    cells = [[cell if len(cell) <= WIDEST else cell[: WIDEST - 1] + "…" for cell in row] for row in answer.rows]
    rows = [[*answer.columns], *cells]
    widths = [max(map(_wide, column)) for column in zip(*rows)]
    return "\n".join(
        "  ".join(cell + " " * (width - _wide(cell)) for cell, width in zip(row, widths)).rstrip() for row in rows
    )


def as_json(sentence: str, answer: Answer) -> str:
    """The question and its rows, each with the names of its columns."""
    rows = [dict(zip(answer.columns, row)) for row in answer.rows]
    return json.dumps({"question": sentence, "rows": rows}, ensure_ascii=False, indent=1)


def _asked(words: list[str]) -> Asked:
    """A question; a term alone asks for all that is said of it."""
    alone = len(words) == 1 and words[0] not in questions() and link(words[0])
    return understood(["said-of", *words] if alone else words)


def _form(out: Path, asked: Asked | None, sentence: str, answer: Answer) -> str:
    if out.suffix == ".json":
        return as_json(sentence, answer) + "\n"
    if out.suffix == ".csv":
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([answer.columns, *answer.rows])
        return text.getvalue()
    if out.suffix != ".html":
        raise InputError(f"{out.name}: an answer is written as .json, .csv or .html; give one of these suffixes")
    if asked is None or not asked.about:
        raise InputError(
            f"{out.name}: a page shows what stands around a term, and this asks about none; use .csv or .json"
        )
    return page(asked.about[0], sentence, answer if asked.question.name != "said-of" else None)


def page(centre: Link, sentence: str, answer: Answer | None) -> str:
    """The page of the first node that was asked about, with the answer above its picture."""
    around = neighbourhood(centre)
    others = {name.casefold(): (name, language) for name, language, _ in around.names}
    others.pop(centre.name.casefold(), None)
    names = {language: [name for name, spoken in others.values() if spoken == language] for language in ("en", "zh")}
    statements = [
        Statement(edge.relation, edge.outgoing, edge.node, edge.name, edge.kind, edge.source) for edge in around.edges
    ]
    told = understood(["sources"]).answer()
    sources = {name: (title, licence) for name, title, licence, _ in told.rows}
    subject = Subject(centre.name, centre.kind, centre.node, names, around.values)
    table = answer_table(f"{sentence}: {_rows(answer)}", answer.columns, answer.rows) if answer else None
    return neighbourhood_page(subject, statements, sources, answer=table, version=__version__)


def _rows(answer: Answer) -> str:
    if answer.columns == ("answer",):
        return answer.rows[0][0]
    return f"{len(answer.rows)} row{'' if len(answer.rows) == 1 else 's'}" if answer.rows else "nothing is known"


def _wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
