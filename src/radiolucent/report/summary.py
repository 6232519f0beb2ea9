"""A study in a few lines of plain text, for the terminal."""

from __future__ import annotations

import textwrap

from .numbers import TIED, defined, duration, interval, number
from .problems import what_is_wrong
from .reading import Reading, read
from .sections.candidates import ranked
from .sentences import answer, how_sure, leaky, what_it_beats
from .study import Study


def summary(study: Study, *, language: str = "en", width: int = 100) -> str:
    """The answer, how sure, what is wrong, what it beats, and the candidates, as plain text of `width` columns."""
    r = read(study, language)
    lines = [*_wrapped(answer(r), width), *_wrapped(leaky(r), width), "", r.say("summary.sure")]
    lines += [*_wrapped(how_sure(r), width, "  "), r.say("summary.wrong")]
    for problem, _ in what_is_wrong(r):
        mark = "! " if problem.tone == "stop" else "- "
        lines += _wrapped(mark + problem.text, width, "  ")
    lines += [r.say("summary.beats"), *_wrapped(what_it_beats(r), width, "  "), "", *_table(r)]
    return "\n".join(lines).replace(TIED, " ")


def _wrapped(text: str, width: int, indent: str = "") -> list[str]:
    return textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=indent + "  " * bool(indent))


def _table(r: Reading) -> list[str]:
    keys = ["candidate", "figure"] + ([] if r.is_given else ["seconds", "memory"])
    rows = [[r.say(f"summary.{key}") for key in keys]]
    for name in ranked(r):
        scores = r.candidates[name]
        shown = r.name(name) + (" *" if name == r.best_name and not r.is_given else "")
        figure = scores.get(r.headline)
        row = [shown, interval(figure, 3) if defined(figure) else "–"]
        costs = [duration(scores.get("seconds")), number(scores.get("peak_mb"), 0)]
        rows.append(row if r.is_given else row + costs)
    widths = [max(len(row[i]) for row in rows) for i in range(len(keys))]
    lines = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows]
    return [*lines, r.say("summary.best")] if len(r.candidates) > 1 and not r.is_given else lines
