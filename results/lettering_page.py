"""Text burnt into pixels: the lines of the page of results."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

GROUPS = {
    "contrast": ("CNR 3", "CNR 5", "CNR 10"),
    "font size": ("8 px", "12 px", "16 px", "24 px", "32 px", "40 px"),
    "font": ("LiberationSerif-Regular.ttf", "NimbusMonoPS-Regular.otf", "NotoSansMono-Bold.ttf", "Pillow", "URWGothic-Book.otf"),
    "modality": ("X-ray", "Ultrasound", "CT", "MR", "Ultrasound clips"),
    "polarity": ("brighter than its ground", "darker than its ground"),
    "smallest at the lowest contrast": ("CNR 3, 8 px", "CNR 3, 12 px"),
}  # fmt: skip
DRAWS = {"third": "fresh", "second": "second, seen before", "first": "first, seen before"}


def lines(told: dict[str, Any] | None) -> Iterator[str]:
    """Recall by what may matter, and the area of false alarms by set; nothing before it was measured."""
    draws = {name: told[name] for name in DRAWS if told and "recall" in told.get(name, {})}
    if not draws:
        return
    yield "## Text burnt into pixels"
    yield ""
    yield (
        "Lines of five fonts that the detector was not trained on, rendered over real pictures; found is a line whose ink lies "
        "within boxes by 90 %. CNR: step over the spread of the ground (at least 1 % of the range). The fresh draw was declared, "
        "and its writing marked, before the finder saw it; the others were measured with earlier weights too, whose misses led to "
        "these. Slices of the fresh draw are other slices of the same two patients. `python results/lettering.py`"
    )
    yield ""
    heads = [f"draw {DRAWS[name]} (seed {one['seed']})" for name, one in draws.items()]
    yield f"| recall by | | {' | '.join(heads)} |"
    yield "|---" * (2 + len(draws)) + "|"
    yield f"| all | | {' | '.join(_share(one['recall'].get('all')) for one in draws.values())} |"
    for group, keys in GROUPS.items():
        for key in keys:
            yield f"| {group} | {key} | {' | '.join(_share(one['recall'].get(key)) for one in draws.values())} |"
    yield ""
    yield from _alarms(draws)


def _alarms(draws: dict[str, Any]) -> Iterator[str]:
    yield (
        "Area of boxes on the pictures as they are, without those on real writing (side letters, words; marked by eye before), "
        "mean with its 95 % interval (bootstrap over pictures) and worst; in round brackets with them."
    )
    yield ""
    yield f"| set | {' | '.join('draw ' + DRAWS[name] for name in draws)} |"
    yield "|---" * (1 + len(draws)) + "|"
    for rows in zip(*(one["sets"] for one in draws.values()), strict=True):
        cells = [
            f"{row['false_area']:.2%} {_between(row)}, worst {row['worst']:.2%} ({row['area']:.2%}), n = {row['pictures']}"
            for row in rows
        ]
        yield f"| {rows[0]['set']} | {' | '.join(cells)} |"
    yield ""


def _share(told: list[float] | None) -> str:
    if told is None:
        return ""
    hits, n, low, high = told
    return f"{hits / n:.3f} [{low:.3f}, {high:.3f}], n = {n:.0f}"


def _between(row: dict[str, Any]) -> str:
    return "[{:.2%}, {:.2%}]".format(*row["interval"]) if "interval" in row else ""
