"""The page's part on grades of knees, from what knee.py left."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

NAMES = {"svr": "HOG + PCA + SVR", "ordinal": "net, ordinal head (CORN)", "categorical": "net, softmax"}


def lines(told: dict[str, Any] | None) -> Iterator[str]:
    """Nothing where it was not run."""
    if told is None:
        return
    recipe = told["recipe"]
    yield "## Kellgren-Lawrence grades of knees"
    yield ""
    yield (
        f"`{told['command']}`: {told['n']} radiographs of {told['subjects']} subjects (knee-oa-400, grades 0 to 4, 80 each), "
        f"{told['folds']} subject folds, the same for all. Both nets are the same ({recipe['size']} pixels, {recipe['steps']} "
        f"steps of {recipe['batch']}, {recipe['members']} a fold) but for the head; the SVR's components and C were chosen by "
        "inner subject folds. Declared before any fold was tested; every look is in knee_log.csv. The range measured before for "
        "HOG + PCA + SVR is 0.58 to 0.62; at this n an interval of kappa reaches about 0.05 to either side."
    )
    yield ""
    yield "| method | quadratic kappa | mean error [grades] | within one grade | seconds |"
    yield "|---|---|---|---|---|"
    for name, row in told["methods"].items():
        seconds = f"{told['seconds'][name]:.0f}" if name in told["seconds"] else ""
        cells = [_figure(row[key]) for key in ("kappa", "mae", "within_one")]
        yield f"| {_named(name)} | {' | '.join(cells)} | {seconds} |"
    yield ""
    for gap in told["differences"]:
        yield f"- {_named(gap['a'])} less {_named(gap['b'])}: kappa {_figure(gap['kappa'])}, p = {gap['p']:.3f}{_verdict(gap)}"
    yield ""


def _named(name: str) -> str:
    first, _, rest = name.partition(",")
    return NAMES.get(first, first) + (f",{rest}" if rest else "")


def _figure(figure: dict[str, float]) -> str:
    return f"{figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"


def _verdict(gap: dict[str, Any]) -> str:
    low, high = gap["kappa"]["low"], gap["kappa"]["high"]
    return "; beyond chance" if low > 0 or high < 0 else "; within chance"
