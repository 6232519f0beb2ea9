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
    tail = {"binary": "", "multiclass": "_many"}.get(r.kind, f"_{r.kind}")
    classes = r.metrics["task"].get("labels") or list(r.labels.values())
    return r.say(
        f"answer.{_verdict(r)}{tail}",
        {
            "best": r.best_label,
            "target": r.target,
            "positive": r.positive_label,
            "negative": r.negative_label,
            "classes": r.say.listed(list(classes)),
            "auc": interval(r.auc),
            "figure": interval(r.figure),
            "nothing": number(r.nothing),
            "sample": sample(r),
        },
    )


def _verdict(r: Reading) -> str:
    figure, nothing = r.figure, r.nothing
    if figure is None or not defined(figure) or nothing is None:
        return "undefined"
    gain = r.gain({key: None if figure.get(key) is None else figure[key] - nothing for key in ("value", "low", "high")})
    if not has_interval(gain):
        return "separates" if gain["value"] > 0 else "unproven"
    if gain["high"] < 0:
        return "reversed"
    return "separates" if gain["low"] > 0 else "unproven"


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
    figure = r.figure
    if figure is None or not defined(figure):
        return r.say("sure.undefined")
    parts = [*_interval(r, figure), *_few(r)]
    if r.choice is not None and len(r.candidates) > 1:
        parts.append(r.say("sure.choice", {"auc": interval(r.choice)}))
    parts.append(r.say("sure.given" if r.is_given else "sure.external"))
    return r.say.sentences_of(parts)


def _interval(r: Reading, figure: Mapping[str, Any]) -> list[str]:
    if not has_interval(figure):
        return []
    values = {
        "low": number(figure["low"]),
        "high": number(figure["high"]),
        "bootstrap": number(r.design.get("bootstrap"), 0),
    }
    parts = [r.say("sure.interval" if r.knows_patients else "sure.interval_images", values)]
    if r.nothing is not None and holds(figure, r.nothing):
        without = {"nothing": number(r.nothing), "without": r.say(f"without.{r.headline}")}
        parts.append(r.say("sure.chance", without))
    elif r.headline != "mae" and figure["high"] - figure["low"] > WIDE:
        parts.append(r.say("sure.wide"))
    return parts


def _few(r: Reading) -> list[str]:
    if r.kind == "number":
        return []
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
    key = r.headline
    mine, alone = r.best[key], r.baseline[key]
    row = r.difference(r.study.baseline)
    columns = r.metadata_columns
    values = {"columns": columns, "Columns": columns[:1].upper() + columns[1:], "baseline": interval(alone)}
    if not (defined(mine) and defined(alone)):
        return r.say("beats.baseline_undefined", values)
    if row is not None and defined(row[key]) and has_interval(row[key]):
        gain = r.gain(row[key])
        verdict = "no" if holds(gain, 0) else "yes" if gain["value"] > 0 else "wins"
        return r.say(f"beats.baseline_{verdict}", values | {"difference": interval(row[key])})
    if overlap(mine, alone) or r.gain({**mine, "value": mine["value"] - alone["value"]})["value"] <= 0:
        return r.say("beats.baseline_no_overlap", values)
    return r.say("beats.baseline_yes_overlap", values)


def _against_rivals(r: Reading) -> list[str]:
    verdicts: dict[str, list[str]] = {"better": [], "chance": [], "worse": []}
    for name in r.rivals():
        row = r.difference(name)
        if row is None or not defined(row[r.headline]):
            continue
        figure = r.gain(row[r.headline])
        verdict = "chance" if not differs(figure) else "better" if figure["value"] > 0 else "worse"
        verdicts[verdict].append(r.name(name))
    return [r.say(f"beats.{key}", {"names": r.say.listed(names)}) for key, names in verdicts.items() if names]
