"""The answer, how sure it is, and what it beats: what a person reads before any chart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .numbers import defined, has_interval, holds, interval, number, overlap
from .reading import Reading, differs

WIDE = 0.2
"""An AUC interval wider than this says little."""
ENOUGH = 100
"""Images of each class usually asked for when a model is validated (Vergouwe 2005, Collins 2016)."""


def answer(r: Reading) -> str:
    """One sentence: what was found, how well, on whom."""
    verdict = _verdict(r) + ("" if r.is_binary else "_many")
    return r.say(
        f"answer.{verdict}",
        {
            "best": r.best_label,
            "positive": r.positive_label,
            "negative": r.negative_label,
            "classes": r.say.listed(list(r.labels.values())),
            "auc": interval(r.auc),
            "sample": sample(r),
        },
    )


def _verdict(r: Reading) -> str:
    auc = r.auc
    if auc is None or not defined(auc):
        return "undefined"
    if not has_interval(auc):
        return "separates" if auc["value"] > 0.5 else "unproven"
    if auc["high"] < 0.5:
        return "reversed"
    return "separates" if auc["low"] > 0.5 else "unproven"


def sample(r: Reading) -> str:
    """On how many images, of how many patients, in which partition."""
    kind = "given" if r.is_given else str(r.design.get("kind", "official"))
    folds = int(r.design.get("folds") or 0)
    if kind == "folds":
        key = "sample_folds" if r.knows_patients else "sample_image_folds"
    else:
        key = f"sample_{kind}" + ("" if r.knows_patients else "_unknown")
    noun = "test_images" if kind == "official" else "images"
    values = {
        "images": r.say.count(noun, r.n_evaluated),
        "patients": r.say.count("patients", r.patients_evaluated),
        "folds": r.say.count("folds" if r.knows_patients else "image_folds", folds),
    }
    return r.say(f"answer.{key}", values)


def leaky(r: Reading) -> str:
    """The red sentence under the answer when a leak was allowed; empty otherwise."""
    if not r.design.get("allow_leaks") or not any(leak["severity"] == "block" for leak in r.leaks()):
        return ""
    twin_free = r.metrics.get("twin_free")
    figure = (twin_free or {}).get("candidates", {}).get(r.best_name, {}).get("auc")
    if twin_free is None or not defined(figure):
        return r.say("answer.leaky_unknown")
    return r.say("answer.leaky", {"auc": interval(figure), "n": r.say.count("images", twin_free["n"])})


def how_sure(r: Reading) -> str:
    """The interval in words, the smaller class, the choice, and what was not tested."""
    auc = r.auc
    if auc is None or not defined(auc):
        return r.say("sure.undefined")
    parts = [*_interval(r, auc), *_few(r)]
    if r.choice is not None and len(r.candidates) > 1:
        parts.append(r.say("sure.choice", {"auc": interval(r.choice)}))
    parts.append(r.say("sure.given" if r.is_given else "sure.external"))
    return r.say.sentences_of(parts)


def _interval(r: Reading, auc: Mapping[str, Any]) -> list[str]:
    if not has_interval(auc):
        return []
    values = {
        "low": number(auc["low"]),
        "high": number(auc["high"]),
        "bootstrap": number(r.design.get("bootstrap"), 0),
    }
    parts = [r.say("sure.interval" if r.knows_patients else "sure.interval_images", values)]
    if holds(auc, 0.5):
        parts.append(r.say("sure.chance"))
    elif auc["high"] - auc["low"] > WIDE:
        parts.append(r.say("sure.wide"))
    return parts


def _few(r: Reading) -> list[str]:
    label, n = min(r.true_counts.items(), key=lambda item: item[1])
    return [] if n >= ENOUGH else [r.say("sure.few", {"n": n, "label": r.labels.get(label, label)})]


def what_it_beats(r: Reading) -> str:
    """Against the baseline that sees no picture, then against the other candidates."""
    if len(r.candidates) < 2:
        return r.say("beats.alone")
    return r.say.sentences_of([_against_baseline(r), *_against_rivals(r), *_recurrence(r)])


def _recurrence(r: Reading) -> list[str]:
    """What joining the frames adds to the same net without it."""
    told = []
    for row in r.metrics.get("recurrence") or ():
        if defined(row["auc"]):
            verdict = "no" if not differs(row["auc"]) else "yes" if row["auc"]["value"] > 0 else "worse"
            values = {"name": r.name(row["a"]), "control": r.name(row["b"]), "difference": interval(row["auc"])}
            told.append(r.say(f"beats.recurrence_{verdict}", values))
    return told


def _against_baseline(r: Reading) -> str:
    if r.baseline is None:
        return r.say("beats.baseline_absent")
    if r.best_name == r.study.baseline:
        return r.say("beats.baseline_best", {"columns": r.metadata_columns})
    auc, alone = r.best["auc"], r.baseline["auc"]
    row = r.difference(r.study.baseline)
    columns = r.metadata_columns
    values = {"columns": columns, "Columns": columns[:1].upper() + columns[1:], "baseline": interval(alone)}
    if not (defined(auc) and defined(alone)):
        return r.say("beats.baseline_undefined", values)
    if row is not None and defined(row["auc"]) and has_interval(row["auc"]):
        difference = row["auc"]
        verdict = "no" if holds(difference, 0) else "yes" if difference["value"] > 0 else "wins"
        key = "baseline_wins" if verdict == "wins" else f"baseline_{verdict}"
        return r.say(f"beats.{key}", values | {"difference": interval(difference)})
    if overlap(auc, alone) or auc["value"] <= alone["value"]:
        return r.say("beats.baseline_no_overlap", values)
    return r.say("beats.baseline_yes_overlap", values)


def _against_rivals(r: Reading) -> list[str]:
    verdicts: dict[str, list[str]] = {"better": [], "chance": [], "worse": []}
    for name in r.rivals():
        row = r.difference(name)
        if row is None or not defined(row["auc"]):
            continue
        figure = row["auc"]
        verdict = "chance" if not differs(figure) else "better" if figure["value"] > 0 else "worse"
        verdicts[verdict].append(r.name(name))
    return [r.say(f"beats.{key}", {"names": r.say.listed(names)}) for key, names in verdicts.items() if names]
