"""Write docs/results.md from what the runs left under docs/results/."""

from __future__ import annotations

import csv
import json
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import classic_page
import gan_page
import identities_page
import kept_texts_page
import knee_page
import ladder_page
import lettering_page
import mednist_page
import pocus_page
import recognise_page
import unet2d_page

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
    yield from _segmented(_read("hippocampus.json", None))
    yield from ladder_page.lines(_read("ladder.json", None))
    yield from unet2d_page.lines(_read("unet2d.json", None), _read("cardiothoracic.json", None))
    yield from pocus_page.lines(_read("pocus.json", None))
    yield from knee_page.lines(_read("knee.json", None))
    yield from mednist_page.lines(_read("mednist.json", None))
    yield from gan_page.lines(_read("gan.json", {}))
    yield from classic_page.lines(_read("classic.json", {}))
    yield from _segment()
    yield from lettering_page.lines(_read("lettering.json", None))
    yield from identities_page.lines(_read("identities.json", None))
    yield from kept_texts_page.lines(_read("kept_texts.json", None), _read("kept_texts_first.json", None))
    yield from recognise_page.lines(_read("recognise.json", {}))
    yield from _speed()
    yield from _log()


def _read(name: str, otherwise: Any) -> Any:
    path = KEPT / name
    return json.loads(path.read_text()) if path.exists() else otherwise


def _segmented(told: dict[str, Any] | None) -> Iterator[str]:
    """A segmentation study: each label's scores with their intervals."""
    if told is None:
        return
    yield f"## {told['name']}"
    yield ""
    yield (
        f"Trained on {told['trained_on']} patients, tested once on {told['n']} others; mean Dice of the labels "
        f"**{told['both']:.3f}**. {told['seconds']['fit_s'] / 60:.0f} minutes of training on {told['threads']} core(s), "
        f"{told['seconds']['predict_s']:.2f} s a volume. `{told['command']}`"
    )
    yield ""
    scores = [("dice", "Dice"), ("nsd", "NSD at 1 mm"), ("hd95_mm", "HD95 [mm]"), ("assd_mm", "ASSD [mm]")]
    yield f"| label | {' | '.join(title for _, title in scores)} |"
    yield "|---" * (1 + len(scores)) + "|"
    for name, mean in told["labels"].items():
        cells = [f"{mean[k]['value']:.3f} [{mean[k]['low']:.3f}, {mean[k]['high']:.3f}]" for k, _ in scores]
        yield f"| {name} | {' | '.join(cells)} |"
    yield ""


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


def _segment() -> Iterator[str]:
    """Segmentation without training, by results/segment.py; a part that was not run is not shown."""
    told = _read("segment.json", {})
    if not told:
        return
    yield "## Segmentation without training"
    yield ""
    yield "`python results/segment.py`. Arguments are chosen on training folds (5) and scored on test folds; the methods were"
    yield "designed by looking at every second picture, and `other half` are the others."
    looks = _looks("chest")
    if len(looks) > 1:
        yield f"After the first evaluation of the lungs (Dice {looks[0]}) its worst six were looked at and one fault was mended:"
        yield "air beside the body within a film's frame was taken for lung in two of them. So later figures are no longer of"
        yield "pictures that nobody saw."
    yield ""
    yield "| set | n | Dice | median | below 0.5 | other half | bar | met |"
    yield "|---|---|---|---|---|---|---|---|"
    for part, name, bar in (("clicks", "BUSI lesions, 5 clicks each", 0.70), ("chest", "Montgomery lungs", 0.90)):
        if part in told:
            one = told[part]
            cells = [name, one["n"], _figure(one["dice"]), f"{one['median']:.3f}", f"{one['below_half']:.0%}"]
            cells += [f"{_figure(one['unseen'])} (n = {one['unseen_n']})", f"{bar:.2f}"]
            yield f"| {' | '.join(map(str, cells))} | {'yes' if one['dice']['value'] >= bar else 'no'} |"
    yield ""
    yield from _segment_volumes(told.get("volumes"))
    yield from _segment_families(told.get("families"))


def _looks(part: str) -> list[str]:
    """Dice of each evaluation of a part, the first one first."""
    path = KEPT / "segment_log.csv"
    rows = list(csv.DictReader(path.open())) if path.exists() else []
    return [row["dice"] for row in rows if row["part"] == part]


def _segment_volumes(told: dict[str, Any] | None) -> Iterator[str]:
    if told is None:
        return
    yield f"One click inside, {told['clicks']} clicks each: mean Dice [least, greatest]."
    yield ""
    yield "| volume | by the rule | slices | level |"
    yield "|---|---|---|---|"
    for row in told["rows"]:
        cells = [f"{row[way][0]:.2f} [{row[way][1]:.2f}, {row[way][2]:.2f}]" for way in ("auto", "slices", "level")]
        yield f"| {row['name']} | {' | '.join(cells)} |"
    yield ""


def _segment_families(told: dict[str, Any] | None) -> Iterator[str]:
    if told is None:
        return
    yield f"Every family on {told['n']} BUSI lesions at half size, defaults, seeds drawn from the reference (the slowest methods"
    yield "on a part of them, n)."
    yield ""
    yield "| method | family | n | Dice | HD95 [pixels] | seconds | peak [MB] |"
    yield "|---|---|---|---|---|---|---|"
    for row in told["rows"]:
        costs = ["" if row[key] is None else f"{row[key]:.3g}" for key in ("seconds", "peak_mb")]
        count = str(row.get("n", told["n"]))
        cells = [row["method"], row["family"], count, _figure(row["dice"]), _figure(row["hd95"], 1), *costs]
        yield f"| {' | '.join(cells)} |"
    yield ""


def _figure(figure: dict[str, float | None], digits: int = 3) -> str:
    if figure["value"] is None:
        return ""
    low, high = (f"{figure[key]:.{digits}f}" for key in ("low", "high"))
    return f"{figure['value']:.{digits}f} [{low}, {high}]"


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
    yield "## Every look at a test part"
    yield ""
    yield "A miss is reported, not tuned away."
    yield ""
    for path in sorted(KEPT.glob("*log.csv")):
        rows = list(csv.reader(path.open()))
        yield f"| {' | '.join(rows[0])} |"
        yield "|" + "---|" * len(rows[0])
        for row in rows[1:]:
            yield f"| {' | '.join(row)} |"
        yield ""


if __name__ == "__main__":
    sys.exit(main())
