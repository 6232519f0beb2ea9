"""The section on planted identities in docs/results.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

PARTS = {"done": "action", "removed": "had to go (privacy)", "kept": "had to stay (use)"}


def lines(told: dict[str, Any] | None) -> Iterator[str]:
    """What was done of the ten actions on the list that was measured last."""
    if told is None:
        return
    yield "## De-identification of planted identities"
    yield ""
    yield f"{told['studies']} made-up studies of 5 modalities, list `{told['names']}`, measured once, with nothing mended"
    yield "after it (`python results/identities.py`). `structured`: what stands in attributes, items, private elements and names of"
    yield "files. `each once`: a text, piece or phrase counts as one, done when it was done wherever it was planted; its interval"
    yield "is the honest one for free text, as the plantings of one text are no independent trials."
    yield ""
    for part, title in PARTS.items():
        yield from _table(title, told.get(part, {}))


def _table(title: str, rows: dict[str, Any]) -> Iterator[str]:
    if not rows:
        return
    yield f"| {title} | due | done | share |"
    yield "|---|---|---|---|"
    for name, row in rows.items():
        yield f"| {name} | {row['n']} | {row['done']} | {row['share']:.4f} [{row['low']:.4f}, {row['high']:.4f}] |"
    yield ""
