"""Checklists that the page can answer by itself, and where everything came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..blocks import NUMBERS, Block, Cell, Prose, Table, name_cell, text_cell
from ..numbers import defined, duration
from ..reading import Reading

Status = Literal["met", "partly", "authors"]
Rule = Callable[[Reading], Status]


@dataclass(frozen=True)
class Item:
    """One topic, its number in CLAIM (2024 update) and in TRIPOD+AI, and where this page answers it."""

    key: str
    claim: str
    tripod: str
    section: str
    rule: Rule


def _constant(status: Status) -> Rule:
    return lambda _: status


_authors, _partly, _always = _constant("authors"), _constant("partly"), _constant("met")


def _if(test: Callable[[Reading], object], otherwise: Status = "authors", then: Status = "met") -> Rule:
    return lambda r: then if test(r) else otherwise


ITEMS = (
    Item("title", "1, 2", "1, 2", "", _authors),
    Item("background", "3", "3", "", _authors),
    Item("aims", "4, 6", "4", "", _authors),
    Item("setting", "5, 7", "5, 6a", "", _authors),
    Item("eligibility", "8", "6b", "who", _if(lambda r: r.study.cohort.get("flow"), then="partly")),
    Item("deidentification", "11", "–", "", _authors),
    Item("acquisition", "13", "9", "", _authors),
    Item("reference", "14–17", "8", "", _authors),
    Item("raters", "18", "8", "", _authors),
    Item("preprocessing", "9", "7", "methods", _if(lambda r: r.study.methods.get("preprocessing"))),
    Item("missing", "12", "11", "who", _if(lambda r: "missing" in r.study.cohort, then="partly")),
    Item("sample_size", "21", "10", "", _authors),
    Item("partition", "19, 20", "12", "methods", _if(lambda r: r.knows_patients and not r.is_given, "partly")),
    Item("model", "22", "12, 22", "methods", _if(lambda r: r.study.methods.get("candidates"), then="partly")),
    Item("software", "23", "12", "checklist", _if(lambda r: r.study.provenance.get("versions"))),
    Item("training", "24, 25", "12", "methods", _if(lambda r: not r.is_given, then="partly")),
    Item("selection", "26", "12", "candidates", _if(lambda r: r.metrics.get("choice") and not r.is_given)),
    Item("metrics", "28", "12", "methods", _always),
    Item("uncertainty", "29", "12", "candidates", _if(lambda r: r.design.get("bootstrap"))),
    Item(
        "robustness",
        "30",
        "–",
        "leaks",
        _if(lambda r: r.metrics.get("twin_free") or r.metrics.get("groups"), then="partly"),
    ),
    Item("imbalance", "–", "13", "who", _partly),
    Item("explain", "31", "25", "looks", _if(lambda r: r.study.galleries or r.study.importances)),
    Item("fairness", "–", "14", "subgroups", _if(lambda r: r.metrics.get("groups"))),
    Item("external", "33", "16", "", _authors),
    Item("flow", "35", "20a", "who", _if(lambda r: r.study.cohort.get("flow"))),
    Item("demographics", "36", "20b", "who", _if(lambda r: r.study.cohort.get("demographics"))),
    Item("performance", "37, 38", "23a", "operating", _if(lambda r: defined(r.figure))),
    Item("calibration", "28", "23a", "calibration", _if(lambda r: defined(r.best.get("ece")))),
    Item("failure", "39", "–", "looks", _if(lambda r: any(g.kind in ("errors", "worst") for g in r.study.galleries))),
    Item("baseline", "–", "12", "candidates", _if(lambda r: r.baseline)),
    Item("limitations", "40", "26", "", _authors),
    Item("implications", "41", "25, 27", "", _authors),
    Item("ethics", "–", "17", "", _authors),
    Item("protocol", "34, 42", "18", "", _authors),
    Item("sharing", "43", "18", "", _authors),
    Item("funding", "44", "18", "", _authors),
    Item("involvement", "–", "19", "", _authors),
)


def checklist(r: Reading) -> tuple[Block, ...]:
    """Which items of the reporting checklists this study meets, partly meets, or leaves to its authors."""
    states = {item.key: item.rule(r) for item in ITEMS}
    values = {state: list(states.values()).count(state) for state in ("met", "partly", "authors")}
    score = r.say("checklist.score", values | {"all": len(ITEMS)})
    head = tuple(Cell(r.say(f"head.{key}")) for key in ("item", "claim", "tripod", "status"))
    rows = tuple(
        (
            name_cell(r.say(f"checklist.item.{item.key}")),
            text_cell(item.claim),
            text_cell(item.tripod),
            _status(r, item),
        )
        for item in ITEMS
    )
    table = Table(r.say("checklist.table"), head, rows)
    return (Prose(r.say("checklist.lead")), Prose(score), table, *_provenance(r))


def _status(r: Reading, item: Item) -> Cell:
    return text_cell(r.say(f"checklist.{item.rule(r)}", {"n": NUMBERS.get(item.section, "")}))


def _provenance(r: Reading) -> list[Block]:
    title = Prose(r.say("checklist.provenance"), "heading")
    if not r.study.provenance:
        return [title, Prose(r.say("checklist.provenance_none"))]
    rows = tuple((name_cell(key), text_cell(value)) for key, value in flat(r.study.provenance))
    head = (Cell(r.say("checklist.key")), Cell(r.say("head.value")))
    table = Table(r.say("checklist.provenance_table"), head, rows)
    return [title, Prose(r.say("checklist.provenance_lead")), table]


def flat(tree: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """Nested mappings as lines "hashes metadata.csv", value."""
    lines: list[tuple[str, str]] = []
    for key, value in tree.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            lines += flat(value, f"{name} ")
        elif key == "seconds" and isinstance(value, int | float):
            lines.append((name, f"{value:.6g} ({duration(value)})"))
        elif isinstance(value, list | tuple):
            lines.append((name, " ".join(str(item) for item in value)))
        else:
            lines.append((name, str(value)))
    return lines
