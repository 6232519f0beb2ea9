"""The answer, how sure it is, what is wrong with it and what it beats: what a person reads before any chart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .blocks import Prose, Tone
from .numbers import defined, has_interval, holds, interval, number, overlap, percent
from .reading import Reading, differs
from .texts import Texts

WIDE = 0.2
"""An AUC interval wider than this says little."""
ENOUGH = 100
"""Images of each class usually asked for when a model is validated (Vergouwe 2005, Collins 2016)."""
SHOWN = 7
"""Remarks on the first screen; the others stand in their sections."""

Problem = tuple[Prose, str]


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
    choice = (r.metrics.get("choice") or {}).get("auc")
    if defined(choice) and len(r.candidates) > 1:
        parts.append(r.say("sure.choice", {"auc": interval(choice)}))
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


def problems(r: Reading) -> list[Problem]:
    """All that is wrong with it, the worst first; each with the section that tells more."""
    found = [*_design(r), *_leaks(r), *_confounders(r), *_calibration(r), *_groups(r), *_skipped(r)]
    order: dict[Tone, int] = {"stop": 0, "warn": 1}
    return sorted(found, key=lambda problem: order.get(problem[0].tone, 2))


def what_is_wrong(r: Reading) -> list[Problem]:
    """The first few problems, or the sentence that none was found."""
    found = problems(r)
    if not found:
        return [(Prose(r.say("wrong.nothing_given" if r.is_given else "wrong.nothing")), "")]
    rest = len(found) - SHOWN
    more = [(Prose(r.say("wrong.more", {"n": rest}), "soft"), "")] if rest > 0 else []
    return [*found[:SHOWN], *more]


def _design(r: Reading) -> list[Problem]:
    found: list[Problem] = []
    if r.design.get("allow_leaks") and any(leak["severity"] == "block" for leak in r.leaks()):
        found.append((Prose(r.say("wrong.allow_leaks"), "stop"), "leaks"))
    if not r.knows_patients:
        found.append((Prose(r.say("wrong.no_patient"), "stop"), "who"))
    return found


def _leaks(r: Reading) -> list[Problem]:
    told = set(confounded(r))
    tones: dict[str, Tone] = {"block": "stop", "warn": "warn"}
    return [
        (Prose(leak_sentence(r.say, leak), tones.get(leak["severity"], "plain")), "leaks")
        for leak in r.leaks()
        if leak["count"] and not (leak["kind"] == "confounder" and leak.get("column") in told)
    ]


def leak_sentence(say: Texts, leak: Mapping[str, Any]) -> str:
    """What one finding of the leak check means."""
    key = f"leak.{leak['kind']}"
    if not say.has(key):
        return str(leak.get("says", ""))
    noun = "rows" if leak["kind"] in ("chain", "giveaway", "patient") else "pairs"
    return say(key, {"count": say.count(noun, leak["count"]), "column": leak.get("column")})


def confounded(r: Reading) -> list[str]:
    """Columns that go with the label beyond chance and by more than a trace."""
    columns = (r.metrics.get("confounding") or {}).items()
    return [name for name, c in columns if (c.get("p") or 0) < 0.05 and (c.get("cramers_v") or 0) >= 0.1]


def _confounders(r: Reading) -> list[Problem]:
    return [(Prose(confounder_sentence(r, column), "warn"), "subgroups") for column in confounded(r)]


def confounder_sentence(r: Reading, column: str) -> str:
    """Which value of a column is commoner in which class."""
    about = r.metrics["confounding"][column]
    auc = about.get("auc_alone")
    alone = "" if auc is None else r.say("wrong.alone", {"column": column, "auc": number(auc)})
    values = {"column": column, "v": number(about["cramers_v"]), "alone": alone}
    contrast = _contrast(r, about["table"])
    if contrast is None:
        return r.say("wrong.confounder_plain", values)
    value, label, a, b = contrast
    values |= {"value": value, "a": percent(a), "b": percent(b), "positive": r.labels.get(label, label)}
    values["negative"] = r.negative_label
    return r.say("wrong.confounder" if r.is_binary else "wrong.confounder_many", values)


def _contrast(r: Reading, table: Mapping[str, Mapping[str, int]]) -> tuple[str, str, float, float] | None:
    """The value that is most over-represented in one class: value, class, share inside, share in the others."""
    targets = [r.positive] if r.is_binary else r.classes
    totals = {c: sum(row.get(c, 0) for row in table.values()) for c in r.classes}
    best: tuple[str, str, float, float] | None = None
    for label in targets:
        rest = sum(n for c, n in totals.items() if c != label)
        if not totals[label] or not rest:
            continue
        for value, row in table.items():
            inside = row.get(label, 0) / totals[label]
            outside = sum(n for c, n in row.items() if c != label) / rest
            if best is None or inside - outside > best[2] - best[3]:
                best = (str(value), label, inside, outside)
    return best


def _calibration(r: Reading) -> list[Problem]:
    ece = r.best.get("ece")
    if ece is None or not is_miscalibrated(ece):
        return []
    values = {"ece": interval(ece), "high": number(ece["expected_high"])}
    return [(Prose(r.say("wrong.calibration", values), "warn"), "calibration")]


def is_miscalibrated(ece: Mapping[str, Any]) -> bool:
    """Whether the error is more than a perfectly calibrated model would show in 95 of 100 data sets."""
    high = ece.get("expected_high")
    return defined(ece) and high is not None and ece["value"] > high


def _groups(r: Reading) -> list[Problem]:
    found: list[Problem] = []
    for column, gaps in (r.metrics.get("gaps") or {}).items():
        gap = gaps.get("auc")
        if gap is None or not differs(gap):
            continue
        a, b = gap["between"]
        values = {"metric": r.say("metric.auc"), "difference": interval(gap), "a": a, "b": b, "column": column}
        found.append((Prose(r.say("wrong.gap", values), "warn"), "subgroups"))
    small = [
        f"{column} {value} (n {group['n']})"
        for column, groups in (r.metrics.get("groups") or {}).items()
        for value, group in groups.items()
        if group.get("flag")
    ]
    if small:
        found.append((Prose(r.say("wrong.small", {"groups": r.say.listed(small)})), "subgroups"))
    return found


def _skipped(r: Reading) -> list[Problem]:
    skipped = len(r.design.get("skipped") or ())
    return [(Prose(r.say("wrong.skipped", {"rows": r.say.count("rows", skipped)})), "who")] if skipped else []


def what_it_beats(r: Reading) -> str:
    """Against the baseline that sees no picture, then against the other candidates."""
    if len(r.candidates) < 2:
        return r.say("beats.alone")
    return r.say.sentences_of([_against_baseline(r), *_against_rivals(r)])


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
