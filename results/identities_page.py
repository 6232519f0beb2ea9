"""The section on planted identities in docs/results.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def lines(told: dict[str, Any] | None) -> Iterator[str]:
    """What was done of the ten actions on the list that was measured last."""
    if told is None:
        return
    yield "## De-identification of planted identities"
    yield ""
    yield f"{told['studies']} made-up studies of 5 modalities, list `{told['names']}`, measured once, with nothing mended"
    yield "after it (`python results/identities.py`). `structured`: what stands in attributes, items, private elements and names of"
    yield "files."
    yield ""
    yield "| action | due | done | share |"
    yield "|---|---|---|---|"
    for name, row in told["done"].items():
        yield f"| {name} | {row['n']} | {row['done']} | {row['share']:.4f} [{row['low']:.4f}, {row['high']:.4f}] |"
    yield ""
