"""What is wrong with a study: leaks, confounders, label conflicts, poor calibration, small groups; the worst first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from .blocks import Prose, Tone
from .numbers import defined, interval, number, percent
from .reading import Reading, differs
from .texts import Texts

SHOWN = 7
"""Remarks on the first screen; the others stand in their sections."""

Problem = tuple[Prose, str]


def problems(r: Reading) -> list[Problem]:
    """All that is wrong with it, the worst first; each with the section that tells more."""
    found = [
        *_design(r),
        *_text(r),
        *_leaks(r),
        *_confounders(r),
        *_calibration(r),
        *_groups(r),
        *_checks(r),
        *_skipped(r),
    ]
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


def _text(r: Reading) -> list[Problem]:
    """What the reports of the cohort say of its labels, or how far labels that were read from reports can be trusted."""
    told = r.metrics.get("label_check")
    if told is None:
        return []
    key = "wrong.from_text" if told["is_target"] else "wrong.label_check"
    says = [r.say(key, told)] if told["is_target"] else []
    if told.get("compared"):
        values = {**told, "error": interval(told["error"])}
        says.append(r.say("wrong.from_text_error" if told["is_target"] else key, values))
    elif told["is_target"]:
        says.append(r.say("wrong.from_text_rules", {**told["rules"], "share": interval(told["rules"])}))
    return [(Prose(r.say.sentences_of(says), "warn"), "who")] if says else []


def _leaks(r: Reading) -> list[Problem]:
    """Findings that were dealt with (severity info) stand in their section only; confounders are told once."""
    told = set(confounded(r))
    tones: dict[str, Tone] = {"block": "stop", "warn": "warn"}
    return [
        (Prose(leak_sentence(r.say, leak), tones[leak["severity"]]), "leaks")
        for leak in r.leaks()
        if leak["count"] and leak["severity"] in tones
        if not (leak["kind"] == "confounder" and leak.get("column") in told)
    ]


def leak_sentence(say: Texts, leak: Mapping[str, Any]) -> str:
    """What one finding of the leak check means: its own words, which know the split, or those of the catalogue."""
    key = f"leak.{leak['kind']}"
    if leak.get("says") or not say.has(key):
        return str(leak.get("says") or "")
    noun = "rows" if leak["kind"] in ("chain", "giveaway", "patient") else "pairs"
    return say(key, {"count": say.count(noun, leak["count"]), "column": leak.get("column")})


def confounded(r: Reading) -> list[str]:
    """Columns that go with the label beyond chance and by more than a trace."""
    columns = (r.metrics.get("confounding") or {}).items()
    return [
        name for name, c in columns if c.get("p") is not None and c["p"] < 0.01 and (c.get("cramers_v") or 0) >= 0.1
    ]


def _confounders(r: Reading) -> list[Problem]:
    return [(Prose(confounder_sentence(r, column), "warn"), "subgroups") for column in confounded(r)]


def confounder_sentence(r: Reading, column: str) -> str:
    """Which value of a column is commoner in which class."""
    about = r.metrics["confounding"][column]
    values = {"column": column, "v": number(about["cramers_v"]), "alone": alone(r, about)}
    contrast = _contrast(r, about["table"])
    if contrast is None:
        return r.say("wrong.confounder_plain", values)
    value, label, a, b = contrast
    values |= {"value": value, "a": percent(a), "b": percent(b), "positive": r.labels.get(label, label)}
    values["negative"] = r.negative_label
    if r.kind == "number":
        return r.say("wrong.confounder_number", values | {"target": r.metrics["task"]["target"]})
    return r.say("wrong.confounder" if r.is_binary else "wrong.confounder_many", values)


def alone(r: Reading, about: Mapping[str, Any]) -> str:
    """How well a column alone tells the target: its AUC, or the share of a number's variance that it explains."""
    if about.get("r2_alone") is not None:
        return r.say("wrong.explains", {"share": percent(about["r2_alone"])})
    auc = about.get("auc_alone")
    return "" if auc is None else r.say("wrong.alone", {"auc": number(auc)})


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
    found: list[Problem] = [
        (Prose(_gap_sentence(r, column, key, gaps[key]), "warn"), "subgroups")
        for column, gaps in (r.metrics.get("gaps") or {}).items()
        for key in ("auc", "tpr")
        if differs(gaps.get(key))
    ]
    small = [
        f"{column} {value} (n {group['n']})"
        for column, groups in (r.metrics.get("groups") or {}).items()
        for value, group in groups.items()
        if group.get("flag")
    ]
    if small:
        found.append((Prose(r.say("wrong.small", {"groups": r.say.listed(small)})), "subgroups"))
    return found


def _gap_sentence(r: Reading, column: str, key: str, gap: Mapping[str, Any]) -> str:
    a, b = gap["between"]
    values = {"metric": r.say(f"metric.{key}"), "difference": interval(gap), "a": a, "b": b, "column": column}
    return r.say("wrong.gap", values)


def _checks(r: Reading) -> list[Problem]:
    """What the checks of images found, one line for what blocks (and was let in) and one for the rest."""
    found: list[Problem] = []
    for severity, tone in (("block", "stop"), ("warn", "warn")):
        rules = [one for one in r.metrics.get("checks") or () if one["severity"] == severity]
        if rules:
            told = [f"{r.say.name('rule', one['rule'])} ({one['images']:,})" for one in rules]
            says = r.say(f"wrong.checks_{severity}", {"rules": r.say.listed(told)})
            found.append((Prose(says, cast(Tone, tone)), "who"))
    return found


def _skipped(r: Reading) -> list[Problem]:
    skipped = len(r.design.get("skipped") or ())
    return [(Prose(r.say("wrong.skipped", {"rows": r.say.count("rows", skipped)})), "who")] if skipped else []
