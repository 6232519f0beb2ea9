"""The section of docs/results.md on classical families, as they are and searched."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from typing import Any

NAMES = {
    "svm": "SVM (RBF)",
    "svm_linear": "SVM (linear)",
    "logistic": "logistic regression",
    "elastic_net": "elastic net",
    "forest": "random forest",
    "extra_trees": "extra trees",
    "boosting": "gradient boosting",
    "lightgbm": "LightGBM",
}


def lines(told: dict[str, Any]) -> Iterator[str]:
    """A table for each set; nothing where nothing was run."""
    if not told:
        return
    yield "## Classical families, and what a search for settings is worth"
    yield ""
    yield "`python results/classic.py`, one thread on a busy machine. All see keypoint words and statistics; as it is and searched"
    yield "share fitting, tuning and test rows. A difference whose interval holds 0 is within chance, and no p is corrected for the"
    yield "families. Where the time ran out, the choice depends on the machine."
    yield ""
    for name, one in told.items():
        yield from _set(name, one)


def _set(name: str, one: dict[str, Any]) -> Iterator[str]:
    people = f" of {one['patients']} patients" if one["patients"] else ""
    design = f"{one['folds']} patient folds" if one["folds"] > 1 else "official split"
    yield (
        f"**{name}**: {one['n']} images tested{people}, {design}, seed {one['seed']}; at most {one['settings']} settings and "
        f"{one['budget_s']:.0f} s for each search."
    )
    yield ""
    yield "| family | AUC as it is | AUC searched | difference | p | tried | left as it was | fit [s] | search + fit [s] |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for row in one["rows"]:
        searches = row["searches"]
        tried = statistics.mean(search["tried"] for search in searches)
        kept = sum(not search["chosen"] for search in searches)
        cells = [
            NAMES[row["family"]],
            _figure(row["default"]),
            _figure(row["searched"]),
            _figure(row["difference"], "+"),
        ]
        cells += [f"{row['p']:.2f}", f"{tried:.0f}", f"{kept} of {len(searches)}"]
        cells += [f"{row['default_s']:.0f}", f"{row['searched_s']:.0f}"]
        yield f"| {' | '.join(cells)} |"
    yield ""
    better = sum(row["difference"]["low"] > 0 for row in one["rows"])
    worse = sum(row["difference"]["high"] < 0 for row in one["rows"])
    mean = statistics.mean(row["difference"]["value"] for row in one["rows"])
    yield (
        f"The search helped {better} of {len(one['rows'])} families beyond chance and harmed {worse}; mean difference "
        f"{mean:+.3f}."
    )
    yield ""


def _figure(figure: dict[str, float], sign: str = "") -> str:
    return f"{figure['value']:{sign}.3f} [{figure['low']:{sign}.3f}, {figure['high']:{sign}.3f}]"
