"""Methods: a paragraph ready for a paper, written from what was run, with numbered references."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files

from ..blocks import Block, Prose, References
from ..reading import Reading
from ..sentences import answer

CITED = re.compile(r"\[(@[a-z]+(?:; @[a-z]+)*)\]")


def methods(r: Reading) -> tuple[Block, ...]:
    """A paragraph ready for a paper, with versions and references."""
    paragraphs = [_data(r), _models(r), _statistics(r), answer(r)]
    numbered, cited = number_references([text for text in paragraphs if text])
    known = _references()
    return (
        Prose(r.say("methods.lead"), "soft"),
        *(Prose(text, "quote") for text in numbered),
        Prose(r.say("methods.references"), "heading"),
        References(tuple(known[key] for key in cited)),
    )


@cache
def _references() -> dict[str, tuple[str, str]]:
    path = files("radiolucent.report") / "catalogue" / "references.json"
    return {key: (text, doi) for key, (text, doi) in json.loads(path.read_text(encoding="utf-8")).items()}


def number_references(paragraphs: list[str]) -> tuple[list[str], list[str]]:
    """Replace [@key; @other] by numbers in order of first mention; give the texts and the keys in that order."""
    order: list[str] = []

    def numbers(match: re.Match[str]) -> str:
        keys = [key.strip().removeprefix("@") for key in match.group(1).split(";")]
        order.extend(key for key in keys if key not in order)
        return "[" + ", ".join(str(order.index(key) + 1) for key in keys) + "]"

    return [CITED.sub(numbers, text) for text in paragraphs], order


def _data(r: Reading) -> str:
    classes = [f"{r.labels.get(str(c), str(c))}: {n:,}" for c, n in r.metrics["class_counts"].items()]
    values = {
        "images": r.say.count("images", r.metrics["n"]),
        "patients": r.say.count("patients", r.metrics.get("patients") or 0),
        "classes": r.say("list.comma").join(classes),
        "target": r.target,
    }
    parts = [r.say("methods.data" if r.knows_patients else "methods.data_unknown", values)]
    if r.study.methods.get("modality"):
        parts.append(r.say("methods.modality", {"modality": r.study.methods["modality"]}))
    skipped = len(r.design.get("skipped") or ())
    if skipped:
        parts.append(r.say("methods.skipped", {"rows": r.say.count("rows", skipped)}))
    if r.study.methods.get("preprocessing"):
        parts.append(r.say("methods.preprocessing", {"sentence": r.study.methods["preprocessing"]}))
    return r.say.sentences_of([*parts, _partition(r), *_leaks(r)])


def _partition(r: Reading) -> str:
    if r.is_given:
        return r.say("methods.given")
    values = {"folds": r.design.get("folds"), "seed": r.design.get("seed"), "images": r.images}
    if r.design.get("kind") == "official":
        return r.say("methods.official", values)
    return r.say("methods.folds" if r.knows_patients else "methods.folds_images", values)


def _leaks(r: Reading) -> list[str]:
    if r.is_given:
        return []
    kinds: dict[str, list[str]] = {}
    for leak in r.leaks():
        if leak["count"]:
            kinds.setdefault(leak["kind"], []).append(str(leak.get("column") or f"{leak['count']:,}"))
    found = [f"{r.say.name('leak_kind', kind).lower()} ({' + '.join(each)})" for kind, each in kinds.items()]
    parts = [r.say("methods.leaks")]
    parts.append(r.say("methods.leaks_found", {"found": r.say.listed(found)}) if found else r.say("methods.leaks_none"))
    if r.design.get("allow_leaks") and found:
        parts.append(r.say("methods.leaks_allowed"))
    return parts


def _models(r: Reading) -> str:
    if r.is_given:
        return ""
    told = r.study.methods.get("candidates") or {}
    names = [r.name(name) for name in r.candidates if name != r.study.baseline]
    parts = [r.say("methods.candidates", {"names": r.say.listed(names, most=20)})] if names else []
    for name, sentence in told.items():
        if name in r.candidates and name != r.study.baseline:
            parts.append(r.say("methods.candidate", {"name": r.name(name), "sentence": sentence}))
    if r.baseline is not None:
        parts.append(r.say("methods.baseline", {"columns": r.metadata_columns}))
    return r.say.sentences_of([*parts, r.say("methods.training_only")])


def _statistics(r: Reading) -> str:
    keys = {"binary": "methods.metrics", "number": "number.metrics", "labels": "several.metrics"}
    parts = [r.say(keys.get(r.kind, "methods.metrics_many"))]
    if r.kind == "ordinal":
        parts.append(r.say("methods.metrics_grades"))
    key = "methods.bootstrap" if r.knows_patients else "methods.bootstrap_images"
    parts.append(r.say(key, {"n": f"{r.design.get('bootstrap') or 0:,}"}))
    if r.metrics.get("differences"):
        parts.append(r.say("methods.differences"))
    if r.best.get("delong"):
        parts.append(r.say("methods.delong"))
    if r.metrics.get("groups"):
        parts.append(r.say("methods.groups", {"columns": r.say.listed(list(r.metrics["groups"]))}))
    if any(picture.overlay for gallery in r.study.galleries for picture in gallery.pictures):
        parts.append(r.say("methods.explain"))
    return r.say.sentences_of([*parts, _software(r), r.say("methods.reporting")])


def _software(r: Reading) -> str:
    versions = r.study.provenance.get("versions") or {}
    named = r.say("list.comma").join(f"{name} {v}" for name, v in versions.items() if name != "radiolucent")
    shown = r.say("methods.software_with", {"versions": named}) if named else ""
    return r.say("methods.software", {"version": r.metrics.get("radiolucent", ""), "versions": shown})
