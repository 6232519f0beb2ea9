"""The lines of docs/results.md about telling modality and body part, from docs/results/mednist.json."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def lines(told: dict[str, Any] | None) -> Iterator[str]:
    """The section; nothing where it was not run."""
    if told is None:
        return
    figure, twins = told["accuracy"], told["twins"]
    yield "## MedNIST: modality and body part"
    yield ""
    yield (
        f"{told['n']} pictures of {len(told['classes'])} classes, {len(told['folds'])} folds, each picture tested once; "
        f"{told['note']} ({twins['pairs']} pairs, {twins['torn_apart']} torn apart). The recipe ({told['recipe']}) was chosen "
        f"on a held out part of the first fold's training rows. A check that training works, not a study. "
        f"`{told['command']}`, {told['seconds'] / 60:.0f} minutes."
    )
    yield ""
    yield "| | accuracy [95 %] | right | bar | met |"
    yield "|---|---|---|---|---|"
    each = ", ".join(f"{one['right'] / one['n']:.4f}" for one in told["folds"])
    yield (
        f"| small residual net, one | {figure['value']:.4f} [{figure['low']:.4f}, {figure['high']:.4f}] (folds: {each}) | "
        f"{told['right']} of {told['n']} | {told['bar']} | {'yes' if told['met'] else 'no'} |"
    )
    yield ""
    wrong = [
        f"{told['classes'][row]} as {told['classes'][column]} {n}"
        for row, counts in enumerate(told["confusion"])
        for column, n in enumerate(counts)
        if n and row != column
    ]
    yield f"Confused: {', '.join(wrong) or 'nothing'}."
    yield ""
