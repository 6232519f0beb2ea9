"""What a search for settings tried and chose, candidate by candidate and, for the best, fold by fold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..blocks import Block, Cell, Prose, Table, name_cell, number_cell, text_cell
from ..numbers import duration
from ..reading import Reading

Told = Mapping[str, Any]


def searching(r: Reading, names: Sequence[str]) -> list[Block]:
    """Nothing where no candidate was searched; else a sentence and two tables."""
    searches = {name: r.candidates[name]["search"] for name in names if r.candidates[name].get("search")}
    if not searches:
        return []
    lead = [r.say("searching.lead")]
    if any(fold["exhausted"] for folds in searches.values() for fold in folds):
        lead.append(r.say("searching.exhausted"))
    lead += dict.fromkeys(
        r.say("searching.amiss", {"name": r.name(name), "why": fold["says"]})
        for name, folds in searches.items()
        for fold in folds
        if fold["says"]
    )
    shown = r.best_name if r.best_name in searches else next(iter(searches))
    title = Prose(r.say("searching.title"), "heading")
    return [title, Prose(r.say.sentences_of(lead)), _by_candidate(r, searches), _by_fold(r, shown, searches[shown])]


def _by_candidate(r: Reading, searches: Mapping[str, Sequence[Told]]) -> Table:
    words = ("candidate", "tried", "seconds", "as_it_is", "chosen_auc", "kept")
    head = tuple(Cell(r.say(f"searching.{word}"), is_number=i > 0) for i, word in enumerate(words))
    rows = []
    for name, folds in searches.items():
        tried, planned = (sum(fold[key] for fold in folds) for key in ("tried", "planned"))
        seconds = sum(fold["seconds"] for fold in folds)
        kept = sum(not fold["chosen"] for fold in folds)
        rows.append(
            (
                name_cell(r.name(name)),
                Cell(r.say("searching.of", {"n": tried, "k": planned}), (str(tried),), is_number=True),
                Cell(duration(seconds), (f"{seconds:.6g}",), is_number=True),
                number_cell(_mean(folds, "inner_auc_default")),
                number_cell(_mean(folds, "inner_auc")),
                Cell(r.say("searching.of", {"n": kept, "k": len(folds)}), (str(kept),), is_number=True),
            )
        )
    return Table(r.say("searching.table"), head, tuple(rows), r.say("searching.note"))


def _by_fold(r: Reading, name: str, folds: Sequence[Told]) -> Table:
    head = (
        Cell(r.say("searching.fold")),
        Cell(r.say("searching.chosen")),
        Cell(r.say("searching.chosen_auc"), (), True),
    )
    rows = tuple(
        (name_cell(number), text_cell(_setting(r, fold["chosen"])), number_cell(fold["inner_auc"]))
        for number, fold in enumerate(folds, 1)
    )
    return Table(r.say("searching.by_fold", {"name": r.name(name)}), head, rows)


def _setting(r: Reading, chosen: Told) -> str:
    """ "C = 0.012; columns: mrmr, at most 40"."""
    if not chosen:
        return r.say("searching.unchanged")
    values = {key: value for key, value in chosen.items() if not key.startswith("select__")}
    told = [f"{key.rpartition('__')[2]} = {_plain(value)}" for key, value in values.items()]
    how = chosen.get("select__how", "none")
    if how == "none":
        return "; ".join([*told, r.say("searching.all_columns")])
    return "; ".join([*told, r.say("searching.columns", {"how": how, "k": chosen.get("select__k")})])


def _plain(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _mean(folds: Sequence[Told], key: str) -> float | None:
    values = [fold[key] for fold in folds if fold[key] is not None]
    return sum(values) / len(values) if values else None
