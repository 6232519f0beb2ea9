"""Contradictions of a case: findings and labels that its region, modality, sex or other findings rule out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from radiolucent.core import Case, Finding, Severity

from .asking import TAKES
from .linking import link
from .names import full
from .store import query

OWN_CODES = re.compile(r"^(reason|check|deid|rule|graph)[.:]")
"""Codes of our own conclusions and quality remarks, which name no finding of the patient."""


@dataclass(frozen=True)
class Shape:
    """One thing that no case may say: what it looks at, how grave it is, its sentence, its query."""

    name: str
    over: tuple[str, ...]
    severity: Severity
    says: str
    query: str


@cache
def shapes() -> tuple[Shape, ...]:
    """Every shape, in order."""
    read = tomllib.loads((files(__package__) / "shapes.toml").read_text(encoding="utf-8"))
    return tuple(
        Shape(name, tuple(one["over"]), one["severity"], one["says"], one["query"]) for name, one in read.items()
    )


def consistency(case: Case) -> tuple[Finding, ...]:
    """Say which findings and labels of a case its region, modality, sex or other findings rule out.

    Findings are understood by their code or by their words, labels by their meaning in the mask; what the knowledge graph
    does not know is passed over, and so is a finding whose probability is below one half. With several modalities a
    finding is ruled out only where all of them rule it out. A contradiction says that something is wrong, not what.
    """
    facts = _facts(case)
    rows = [
        (shape, row) for shape in shapes() if all(facts[name] for name in shape.over) for row in _broken(shape, facts)
    ]
    told = [(shape, row) for shape, row in rows if shape.name != "finding-not-shown" or _by_none(row, rows, facts)]
    return tuple(_finding(shape, row) for shape, row in told)


def _facts(case: Case) -> dict[str, list[str]]:
    """What the case has to say, as nodes of the graph (the sex as it is)."""
    modalities = [image.modality for image in case.images.values()]
    labels = [meaning for mask in case.masks.values() for meaning in mask.names.values()]
    stated = [one for one in case.findings if one.severity == "info" or not OWN_CODES.match(one.code)]
    said = [
        one for one in stated if not OWN_CODES.match(one.code) and (one.probability is None or one.probability >= 0.5)
    ]
    return {
        "finding": _known(said, TAKES["finding"]),
        "label": _linked(labels, TAKES["anatomy"]),
        "region": _linked([str(case.facts.get("body_part") or "")], TAKES["anatomy"]),
        "modality": _linked(modalities, TAKES["modality"]),
        "sex": [str(case.facts["sex"])[:1].upper()] if case.facts.get("sex") else [],
    }


def _known(findings: Iterable[Finding], kinds: Collection[str]) -> list[str]:
    nodes = []
    for one in findings:
        said = [_coded(one.code), *_linked([one.code, one.says.rstrip(". ")], kinds)]
        nodes += [node for node in said if node][:1]
    return list(dict.fromkeys(nodes))


def _coded(code: str) -> str | None:
    """The term that bears a code of DICOM, SNOMED CT, RadLex ..."""
    found = link(code, kinds=("Code",)) if code.strip("_-. ") else ()
    terms = query("SELECT ?it WHERE { ?it skos:exactMatch ?a } ORDER BY ?it", {"a": found[0].node}) if found else None
    return terms.rows[0][0] if terms and terms.rows else None


def _linked(terms: Iterable[str], kinds: Collection[str]) -> list[str]:
    words = [term.replace("_", " ") for term in terms if term.strip("_-. ")]
    return list(dict.fromkeys(found[0].node for term in words if (found := link(term, kinds=kinds))))


def _broken(shape: Shape, facts: Mapping[str, list[str]]) -> Iterable[dict[str, str]]:
    values = " ".join(f"VALUES ?{name} {{ {' '.join(map(_value, facts[name]))} }}" for name in shape.over)
    text = shape.query.replace("{findings}", ", ".join(map(_value, facts["finding"])))
    answer = query(text.replace("WHERE {", f"WHERE {{ {values}", 1))
    return [dict(zip(answer.columns, row)) for row in answer.rows]


def _value(name: str) -> str:
    return f"<{full(name)}>" if ":" in name else '"' + re.sub(r"\W", "", name) + '"'


def _by_none(
    row: Mapping[str, str], rows: Iterable[tuple[Shape, Mapping[str, str]]], facts: Mapping[str, list[str]]
) -> bool:
    """Whether no modality of the case can show the finding."""
    alike = [other for shape, other in rows if shape.name == "finding-not-shown" and other["finding"] == row["finding"]]
    return len(alike) >= len(facts["modality"])


def _finding(shape: Shape, row: Mapping[str, str]) -> Finding:
    because = tuple(row[name] for name in ("finding", "other", "label") if row.get(name))
    return Finding(
        says=shape.says.format_map(row), code=f"reason.graph.{shape.name}", because=because, severity=shape.severity
    )
