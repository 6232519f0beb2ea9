"""The phantom ladder of docs/results/ladder.json as lines of docs/results.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def lines(told: dict[str, Any] | None) -> Iterator[str]:
    """A table for each scene: methods down, rungs across."""
    if not told:
        return
    yield "## Segmentation: the phantom ladder"
    yield ""
    yield (
        "Every method with its defaults (two classes where it asks for a number) on phantoms with noise "
        f"(`python results/ladder.py`). Dice / HD95 [mm] / NSD at {told['tolerance_mm']:g} mm, per ratio of contrast "
        "to noise (CNR). Help: seeds in the middle third of each object and at the rim of the planes, an outline 3 mm outside, or "
        "eight points on the outline in every third slice; regions are those under a click in the middle. "
        "`apart`: touching objects got regions of their own."
    )
    yield ""
    for scene in told["scenes"]:
        rows = [row for row in told["rows"] if row["scene"] == scene]
        yield f"### {scene.capitalize()}"
        yield ""
        yield f"| family | method | help | {' | '.join(f'CNR {cnr:g}' for cnr in told['rungs'])} |"
        yield "|---" * (3 + len(told["rungs"])) + "|"
        for name in dict.fromkeys(row["method"] for row in rows):
            own = [row for row in rows if row["method"] == name]
            yield f"| {own[0]['family']} | {name} | {own[0]['help']} | {' | '.join(map(_cell, own))} |"
        yield ""


def _cell(row: dict[str, Any]) -> str:
    if "refused" in row:
        return "refused"
    if row["empty"]:
        return "**nothing found**"
    far = "inf" if row["hd95_mm"] is None else f"{row['hd95_mm']:.1f}"
    return f"{row['dice']:.3f} / {far} / {row['nsd']:.2f}" + (" apart" if row["apart"] else "")
