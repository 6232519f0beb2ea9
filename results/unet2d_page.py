"""The sections of docs/results.md on the U-Net in flat pictures and on the cardiothoracic ratio."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

WAYS = {"classical": "`segment lungs`", "deep": "U-Net, test folds"}


def lines(told: dict[str, Any] | None, heart: dict[str, Any] | None) -> Iterator[str]:
    """Both sections, as far as they were run."""
    if told:
        yield from _nets(
            [one for one in told.values() if "dice" in one], [one for one in told.values() if "choice" in one]
        )
    if heart:
        yield from _heart(heart)


def _nets(sets: list[dict[str, Any]], tried: list[dict[str, Any]]) -> Iterator[str]:
    yield "## U-Net on flat pictures"
    yield ""
    yield "`python results/unet2d.py`, which calls `radiolucent segment learn` with five folds of whole patients. Settings were set"
    yield "before any look at a test fold. Dice on the pictures' own grid, intervals by drawing patients."
    yield ""
    yield "| set | n | patients | Dice | median | below 0.5 | HD95 [pixels] | bar | met | training [min] |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for one in sets:
        cells = [one["title"], one["n"], one["patients"], figure(one["dice"]), f"{one['median']:.3f}"]
        cells += [f"{one['below_half']:.0%}", figure(one["hd95_px"], 1), f"{one['bar']:.2f}"]
        cells += ["yes" if one["dice"]["value"] >= one["bar"] else "no", f"{one['seconds']['fit_s'] / 60:.0f}"]
        yield f"| {' | '.join(map(str, cells))} |"
    yield ""
    for one in sets:
        kinds = "; ".join(f"{kind} {figure(part['dice'])} (n = {part['n']})" for kind, part in one["kinds"].items())
        yield f"- {one['title']}: {kinds}. Nothing was found in {one['nothing_found']} of {one['n']}. `{one['command']}`"
        if "empty" in one:
            yield f"- Pictures with nothing to find: {one['empty']['left_empty']} of {one['empty']['n']} were left empty."
    for one in tried:
        each = "; ".join(f"{way} {figure(part['dice'])}" for way, part in one["choice"].items())
        yield f"- Seen before on an inner split of fold 1's training rows, {one['title']}: {each}; no other was tried."
    yield ""


def _heart(told: dict[str, Any]) -> Iterator[str]:
    spread = told["reference"]
    yield "## Cardiothoracic ratio"
    yield ""
    yield f"`python results/cardiothoracic.py`: the same measure on the lung masks that readers drew ({spread['n']} of {told['n']}"
    yield f"Montgomery radiographs; median {spread['p50']:.2f}, 5 to 95 % {spread['p5']:.2f} to {spread['p95']:.2f}) and on"
    yield "those that were found. Nobody measured these hearts: this is the error of finding the lungs, not that of the measure."
    yield ""
    yield "| lungs by | n | not measured | bias | limits of agreement | mean difference | off by > 0.05 | same side of 0.5 |"
    yield "|---|---|---|---|---|---|---|---|"
    for way, title in WAYS.items():
        if way in told:
            one = told[way]
            cells = [title, one["n"], one["missing"], figure(one["bias"])]
            cells += [f"{figure(one['lower'])} to {figure(one['upper'])}", figure(one["absolute"])]
            cells += [one["beyond_005"], f"{one['same_side_of_half']} of {one['n']}"]
            yield f"| {' | '.join(map(str, cells))} |"
    yield ""


def figure(told: dict[str, float | None], digits: int = 3) -> str:
    if told["value"] is None:
        return ""
    return f"{told['value']:.{digits}f} [{told['low']:.{digits}f}, {told['high']:.{digits}f}]"
