"""Write docs/results.md from what the runs left under docs/results/."""

from __future__ import annotations

import csv
import json
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ladder_page

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "docs" / "results"


def main() -> int:
    (ROOT / "docs" / "results.md").write_text("\n".join(page()) + "\n")
    return 0


def page() -> Iterator[str]:
    """The page's lines."""
    yield "# Results"
    yield ""
    yield "Written by `make results` and `make bench` from the files beside it; not edited by hand. Intervals are 95 %."
    yield ""
    for cohort in _read("learn.json", []):
        yield from _cohort(cohort)
    yield from ladder_page.lines(_read("ladder.json", None))
    yield from _speed()
    yield from _log()


def _read(name: str, otherwise: Any) -> Any:
    path = KEPT / name
    return json.loads(path.read_text()) if path.exists() else otherwise


def _cohort(told: dict[str, Any]) -> Iterator[str]:
    people = f" of {told['patients']} patients" if told["patients"] else ""
    yield f"## {told['name']}"
    yield ""
    yield f"{told['n']} images tested{people}. {told['note']}."
    yield ""
    yield f"`{told['command']}` (seeds {', '.join(map(str, told['seeds']))})"
    yield ""
    values = [auc["value"] for auc in told["chosen_auc"]]
    yield f"**The candidate chosen on tuning rows: AUC {_spread(values)}**; by seed: " + "; ".join(
        f"{name} {auc['value']:.3f} [{auc['low']:.3f}, {auc['high']:.3f}]"
        for name, auc in zip(told["chosen"], told["chosen_auc"], strict=True)
    )
    free = [auc["value"] for auc in told["chosen_twin_free"] if auc]
    if free:
        yield f"Test rows without a twin among those fitted or tuned on (n = {told['twin_free_n']}): AUC {_spread(free)}."
    yield ""
    head = ["candidate", "AUC (mean of seeds)", "sd over seeds", "interval of the first seed", "twin-free AUC"]
    head += ["fit [s]", "peak memory [MB]", "size [MB]"]
    yield f"| {' | '.join(head)} |"
    yield "|---" * len(head) + "|"
    for name, figures in told["candidates"].items():
        cells = [
            name,
            f"{figures['auc']:.3f}",
            "" if figures["sd"] is None else f"{figures['sd']:.3f}",
            f"[{figures['low']:.3f}, {figures['high']:.3f}]",
            "" if figures["twin_free"] is None else f"{figures['twin_free']:.3f}",
            f"{figures['fit_seconds']:.0f}",
            f"{figures['peak_mb']:.0f}",
            f"{figures['size_mb']:.1f}",
        ]
        yield f"| {' | '.join(cells)} |"
    yield ""
    seconds = ", ".join(f"{s:.0f}" for s in told["seconds"])
    yield f"Whole run: {seconds} s by seed; largest process {told['peak_mb']:.0f} MB."
    yield ""
    for says in dict.fromkeys([*(leak["says"] for leak in told["leaks"]), *told["confounding"].values()]):
        yield f"- {says}"
    yield ""


def _spread(values: list[float]) -> str:
    if len(values) == 1:
        return f"{values[0]:.3f}"
    return f"{statistics.mean(values):.3f} (mean of {len(values)} seeds, sd {statistics.stdev(values):.3f})"


def _speed() -> Iterator[str]:
    files = sorted(KEPT.glob("bench_*.json"))
    if not files:
        return
    yield "## Speed"
    yield ""
    yield "Side by side with peers in one process (`make bench`); a ratio above 1 means that ours is faster."
    yield ""
    yield "| what | ours [s] | peer | peer [s] | ratio | bar | met |"
    yield "|---|---|---|---|---|---|---|"
    for row in (row for path in files for row in json.loads(path.read_text())):
        ratio = "" if row["ratio"] is None else f"{row['ratio']:.2f}"
        peer_s = "" if row["peer_s"] is None else f"{row['peer_s']:.4f}"
        met = {True: "yes", False: "no", None: ""}[row["met"]]
        ours_s = "" if row["ours_s"] is None else f"{row['ours_s']:.4f}"
        yield f"| {row['name']} | {ours_s} | {row['peer'] or ''} | {peer_s} | {ratio} | {row['bar'] or ''} | {met} |"
    yield ""


def _log() -> Iterator[str]:
    path = KEPT / "log.csv"
    if not path.exists():
        return
    yield "## Every look at a test part"
    yield ""
    yield "A miss is reported, not tuned away."
    yield ""
    rows = list(csv.reader(path.open()))
    yield f"| {' | '.join(rows[0])} |"
    yield "|" + "---|" * len(rows[0])
    for row in rows[1:]:
        yield f"| {' | '.join(row)} |"


if __name__ == "__main__":
    sys.exit(main())
