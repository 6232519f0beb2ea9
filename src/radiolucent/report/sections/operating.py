"""Operating point: threshold, confusion matrix, the four rates, what they would be elsewhere, net benefit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..blocks import Block, Cell, Figure, Prose, Row, Table, count_cell, figure_cell, figure_head, name_cell
from ..charts import Curve, Mark, confusion_matrix, decision_curve, forest, roc_curve
from ..charts.forest import span_of
from ..numbers import defined, number, percent
from ..reading import Reading
from .candidates import SCORES
from .kinds import grades, labels, numbers

RATES = ("sensitivity", "specificity", "ppv", "npv")
OTHERS: Mapping[str, Callable[[Reading], list[Block]]] = {"number": numbers, "labels": labels}
PREVALENCES = (0.01, 0.05, 0.1, 0.2, 0.5)


def operating(r: Reading) -> tuple[Block, ...]:
    """What the model decides: the threshold, the confusion matrix, the rates and the decision curve."""
    if r.kind in OTHERS:
        return tuple(OTHERS[r.kind](r))
    if r.kind == "ordinal":
        return (*grades(r), *_classes(r), *_table(r))
    blocks: list[Block] = [Prose(_lead(r))]
    if r.is_binary and r.best.get("confusion") and min(r.true_counts.values()):
        blocks.append(Prose(_natural(r), "quote"))
    squares = [*_confusion(r), *_roc(r)]
    if squares:
        blocks.append(Row(tuple(squares)))
    blocks += [*_rates(r), *_classes(r), *_table(r), *_elsewhere(r)]
    return (*blocks, *_decision(r))


def _lead(r: Reading) -> str:
    threshold = r.best.get("threshold")
    if not r.is_binary:
        return r.say("operating.lead_many")
    if not threshold or threshold.get("mean") is None:
        return r.say("operating.lead_none")
    if r.is_given:
        return r.say("operating.lead_given", {"threshold": number(threshold["mean"])})
    folds = [value for value in threshold.get("per_fold") or () if value is not None]
    values = {"threshold": number(threshold["mean"])}
    if len(folds) < 2:
        return r.say("operating.lead", values)
    return r.say("operating.lead_folds", values | {"low": number(min(folds)), "high": number(max(folds))})


def counts(r: Reading) -> dict[str, int]:
    """True and false positives and negatives of the best candidate."""
    matrix = r.best["confusion"]
    p = r.classes.index(r.positive)
    n = 1 - p
    return {"tp": matrix[p][p], "fn": matrix[p][n], "tn": matrix[n][n], "fp": matrix[n][p]}


def _natural(r: Reading) -> str:
    c = counts(r)
    numbers = {key: f"{value:,}" for key, value in c.items()}
    numbers |= {"p": f"{c['tp'] + c['fn']:,}", "q": f"{c['tn'] + c['fp']:,}"}
    return r.say("operating.natural", numbers | {"positive": r.positive_label, "negative": r.negative_label})


def _confusion(r: Reading) -> list[Figure]:
    matrix = r.best.get("confusion")
    if not matrix:
        return []
    title = r.say("operating.confusion_title", {"best": r.best_label})
    says = r.say("operating.confusion_says")
    names = [r.labels[name] for name in r.classes] if r.is_binary else r.classes
    axes = (r.say("operating.truth"), r.say("operating.predicted"))
    return [Figure((confusion_matrix("confusion", title, says, matrix, names, axes=axes),), says)]


def _roc(r: Reading) -> list[Figure]:
    points = (r.best.get("curves") or {}).get("roc")
    if not points:
        return []
    curves = [Curve(r.best_label, "c0", _pairs(points))]
    baseline = ((r.baseline or {}).get("curves") or {}).get("roc")
    if baseline and r.best_name != r.study.baseline:
        curves.append(Curve(r.name(r.study.baseline), "c1 dashed", _pairs(baseline)))
    at = None
    if defined(r.best.get("sensitivity")) and defined(r.best.get("specificity")):
        at = (1 - r.best["specificity"]["value"], r.best["sensitivity"]["value"])
    says = r.say("operating.roc_says", {"best": r.best_label})
    axes = (r.say("operating.roc_axes_x"), r.say("operating.roc_axes_y"))
    label = r.say("operating.roc_point")
    picture = roc_curve("roc", r.say("operating.roc_title"), says, curves, axes=axes, point=at, point_label=label)
    return [Figure((picture,), says)]


def _pairs(points: Any) -> tuple[tuple[float, float], ...]:
    return tuple((float(a), float(b)) for a, b in points)


def prevalence(r: Reading) -> float | None:
    """Share of positive images among those that were scored."""
    counted = r.true_counts
    total = sum(counted.values())
    return counted.get(r.positive, 0) / total if total else None


def _rates(r: Reading) -> list[Block]:
    marks = [Mark(r.say(f"metric.{key}"), r.best[key], shape="best") for key in RATES if defined(r.best.get(key))]
    if not marks or not r.is_binary:
        return []
    says = r.say(
        "operating.scores_says",
        {"images": r.images, "positive": r.positive_label, "prevalence": percent(prevalence(r))},
    )
    title = r.say("operating.scores_title")
    axis = r.say("operating.scores_axis")
    return [Figure(forest("rates", title, says, marks, axis_label=axis, limits=(0.0, 1.0)), says)]


def _classes(r: Reading) -> list[Block]:
    per_class: Mapping[str, Any] = r.best.get("per_class") or {}
    if r.is_binary or not per_class:
        return []
    marks = [
        Mark(r.labels.get(name, name), scores["auc"], note=r.say("subgroups.n", {"n": f"{scores['n']:,}"}))
        for name, scores in per_class.items()
    ]
    title, says = r.say("operating.class_title"), r.say("operating.class_says")
    limits = span_of(marks, [0.5], (0.0, 1.0))
    drawings = forest(
        "classes", title, says, marks, axis_label=r.say("metric.auc"), references=[(0.5, r.say("candidates.chance"))],
        limits=limits,
    )  # fmt: skip
    keys = ("auc", "sensitivity", "ppv")
    head = [Cell(r.say("head.class")), Cell(r.say("head.n"), is_number=True)]
    head += [figure_head(r.say(f"metric.{key}"), r.say) for key in keys]
    rows = tuple(
        (
            name_cell(r.labels.get(name, name)),
            count_cell(scores["n"]),
            *(figure_cell(scores.get(key), 2) for key in keys),
        )
        for name, scores in per_class.items()
    )
    return [Prose(title, "heading"), Figure(drawings, says), Table(r.say("operating.class_table"), tuple(head), rows)]


def _table(r: Reading) -> list[Block]:
    patient: Mapping[str, Any] = r.best.get("patient") or {}
    kinds = [("image", r.best)] + ([("patient", patient)] if patient else [])
    head = [Cell(r.say("head.measure"))]
    head += [figure_head(r.say(f"head.{kind}"), r.say) for kind, _ in kinds]
    rows = tuple(
        (name_cell(r.say(f"metric.{key}")), *(figure_cell(scores.get(key), 2) for _, scores in kinds))
        for key in SCORES
        if any(defined(scores.get(key)) for _, scores in kinds)
    )
    note = r.say("operating.scores_note") if patient else ""
    title = r.say("operating.scores_table", {"best": r.best_label})
    return [Table(title, tuple(head), rows, note)] if rows else []


def predictive_values(sensitivity: float, specificity: float, share: float) -> tuple[float | None, float | None]:
    """PPV and NPV at another prevalence, by Bayes' rule."""
    called = sensitivity * share + (1 - specificity) * (1 - share)
    cleared = specificity * (1 - share) + (1 - sensitivity) * share
    ppv = sensitivity * share / called if called else None
    return ppv, specificity * (1 - share) / cleared if cleared else None


def _elsewhere(r: Reading) -> list[Block]:
    sensitivity, specificity = r.best.get("sensitivity"), r.best.get("specificity")
    if not (r.is_binary and defined(sensitivity) and defined(specificity)):
        return []
    head = tuple(Cell(r.say(key), is_number=True) for key in ("head.prevalence", "metric.ppv", "metric.npv"))
    rows = []
    for share in PREVALENCES:
        values = predictive_values(sensitivity["value"], specificity["value"], share)
        rows.append((Cell(percent(share), is_header=True), *(Cell(percent(v), is_number=True) for v in values)))
    title = r.say("operating.elsewhere", {"positive": r.positive_label})
    return [Table(title, head, tuple(rows), r.say("operating.elsewhere_note"))]


def _decision(r: Reading) -> list[Block]:
    rows = (r.best.get("curves") or {}).get("decision")
    if not rows:
        return []
    model = tuple((float(row["threshold"]), float(row["model"])) for row in rows)
    treat_all = tuple((float(row["threshold"]), float(row["all"])) for row in rows)
    curves = [
        Curve(r.best_label, "c0", model),
        Curve(r.say("operating.decision_all"), "c1 dashed", treat_all),
        Curve(r.say("operating.decision_none"), "plain", ((model[0][0], 0.0), (model[-1][0], 0.0))),
    ]
    title = r.say("operating.decision_title")
    says = r.say("operating.decision_says", {"best": r.best_label, "verdict": _verdict(r, rows)})
    axes = (r.say("operating.decision_axes_x"), r.say("operating.decision_axes_y"))
    return [Figure((decision_curve("decision", title, says, curves, axes=axes),), says)]


def useful_range(rows: Any) -> tuple[float, float] | None:
    """The longest run of thresholds at which the model does more good than treating all and treating none."""
    runs: list[list[float]] = [[]]
    for row in rows:
        if row["model"] > max(0.0, row["all"]) + 1e-9:
            runs[-1].append(float(row["threshold"]))
        elif runs[-1]:
            runs.append([])
    longest = max(runs, key=len)
    return (longest[0], longest[-1]) if len(longest) > 1 else None


def _verdict(r: Reading, rows: Any) -> str:
    span = useful_range(rows)
    if span is None:
        return r.say("operating.decision_bad", {"best": r.best_label})
    values = {"best": r.best_label, "low": percent(span[0]), "high": percent(span[1])}
    return r.say("operating.decision_good", values)
