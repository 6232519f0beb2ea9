"""The lines of docs/results.md about lung ultrasound videos, from docs/results/pocus.json."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

NAMES = {
    "probe": "probe alone (convex, linear)",
    "source": "source alone (which site the video came from)",
    "making": "height, width and frame rate alone",
    "frame_voting": "frame voting (HOG + LBP + SVM)",
    "pooling": "mean of frames, no recurrence (control)",
    "gru": "GRU",
    "lstm_attention": "LSTM with attention",
    "convlstm": "convolutional LSTM",
}
PUBLISHED = (
    "HOG + LBP + SVM voting was measured at 0.74 to 0.78 before; published frame models reach about 0.8 to 0.9 with fewer "
    "safeguards"
)


def lines(told: dict[str, Any] | None) -> Iterator[str]:
    """The section; nothing where it was not run."""
    if told is None:
        return
    counts = ", ".join(f"{name} {n} ({told['class_patients'][name]})" for name, n in told["class_counts"].items())
    settings, seeds = told["settings"], told["seeds"]
    yield f"## {told['name']}"
    yield ""
    yield (
        f"{told['videos']} videos of {told['patients']} patients: {counts}; {told['left_out']} of viral pneumonia (4 "
        f"patients) left out. {told['folds']} patient folds, drawn with seed{'s' * (len(seeds) > 1)} "
        f"{', '.join(map(str, seeds))}; {settings['frames']} frames of {settings['size']} pixels at a time, "
        f"{settings['steps']} steps of {settings['batch']} clips. Classes by the largest probability; intervals by drawing "
        f"patients, of the mean over seeds. `{told['command']}`. {PUBLISHED}."
    )
    yield ""
    yield from _table(told["candidates"])
    yield "Paired differences on the same patients (recurrence against the same encoder without it, and others):"
    yield ""
    yield "| a | less b | balanced accuracy | p | AUC | p | shown |"
    yield "|---|---|---|---|---|---|---|"
    for row in told["differences"]:
        gap = row["balanced_accuracy"]
        shown = "no difference" if gap["low"] <= 0 <= gap["high"] else "a better" if gap["value"] > 0 else "b better"
        p, auc_p = (f"{row[key]:.3f}" for key in ("balanced_accuracy_p", "auc_p"))
        cells = [row["a"], row["b"], _figure(gap), p, _figure(row["auc"]), auc_p, shown]
        yield f"| {' | '.join(cells)} |"
    yield ""
    yield _caution(told)
    yield ""
    yield from _confounder(told)


def _table(candidates: dict[str, Any]) -> Iterator[str]:
    yield "| candidate | balanced accuracy | by seed | recall by class | macro AUC | per patient | fit of a fold [s] |"
    yield "|---|---|---|---|---|---|---|"
    for name, one in candidates.items():
        recall = ", ".join(f"{label} {found['value']:.2f}" for label, found in one["recall"].items())
        seeds = ", ".join(f"{value:.3f}" for value in one["by_seed"])
        cells = [NAMES.get(name, name), _figure(one["balanced_accuracy"]), seeds, recall, _figure(one["auc"])]
        cells += [_figure(one["patient"]["balanced_accuracy"]), f"{one['fit_s']:.0f}"]
        yield f"| {' | '.join(cells)} |"
    yield ""


def _caution(told: dict[str, Any]) -> str:
    """What the intervals do not hold."""
    nets = [row for row in told["differences"] if row["b"] == "pooling"]
    by_seed = told["candidates"].get("pooling", {}).get("by_seed", ())
    gaps = [
        f"{row['a']} {', '.join(f'{a - b:+.3f}' for a, b in zip(told['candidates'][row['a']]['by_seed'], by_seed))}"
        for row in nets
    ]
    few = min(told["class_patients"].values())
    return (
        f"Of {len(nets)} recurrent nets each is compared with the control, p not corrected: {0.05 / max(1, len(nets)):.3f} "
        f"would be the bar of Bonferroni. By seed the differences are: {'; '.join(gaps)}. The intervals are over patients "
        f"(the rarest class has {few}) and not over further trainings; that of the LSTM holds its attention as well. "
        "Settings were written down before any test fold was judged; what was looked at before is one fit of the control on "
        "an inner fold of training patients."
    )


def _confounder(told: dict[str, Any]) -> Iterator[str]:
    source = told["candidates"].get("source")
    if source is None:
        return
    pure = [name for name, row in told["tables"]["source"].items() if sum(n > 0 for n in row.values()) == 1]
    yield (
        f"The source of a video alone, without a look at it, reaches {_figure(source['balanced_accuracy'])}: "
        f"{len(pure)} of {len(told['tables']['source'])} sources gave videos of one class only ({', '.join(pure)}). A model "
        "that recognises the machine or the site would do as well, so these figures say little of lungs in another hospital."
    )
    yield ""


def _figure(figure: dict[str, float | None]) -> str:
    if figure["value"] is None:
        return ""
    if figure["low"] is None or figure["high"] is None:
        return f"{figure['value']:.3f}"
    return f"{figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"
