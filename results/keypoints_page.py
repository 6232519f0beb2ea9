"""The figures of docs/results/keypoints.json as one page with plots: build/keypoints.html.

python results/keypoints_page.py [--json FILE] [--out FILE]
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from statistics import mean, median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
COLOURS = ("#E69F00", "#56B4E9", "#009E73", "#CC79A7", "#0072B2", "#D55E00", "#999999")
STYLE = """:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;
padding:0 1rem}table{border-collapse:collapse;font-size:14px}td,th{padding:.2rem .6rem;text-align:right;border-bottom:
1px solid #8884}th:first-child{text-align:left}.scroll{overflow-x:auto}svg{width:100%;height:auto}text{fill:currentColor;
font-size:12px}figcaption{font-size:14px;opacity:.8}"""

Rows = Sequence[dict[str, Any]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, default=ROOT / "docs/results/keypoints.json")
    parser.add_argument("--out", type=Path, default=ROOT / "build/keypoints.html")
    given = parser.parse_args()
    told = json.loads(given.json.read_text())
    body = "\n".join(sections(told))
    given.out.write_text(
        "<!doctype html><html lang='en'><meta charset='utf-8'><meta name='viewport' content='width=device-width'>"
        f"<title>Keypoints</title><style>{STYLE}</style><h1>How keypoints hold</h1>{body}"
        "<p>Research software, not for diagnosis.</p></html>\n"
    )
    print(given.out)


def sections(told: dict[str, Any]) -> Iterator[str]:
    """Each part that was measured."""
    if "repeat" in told:
        rows = told["repeat"]["rows"]
        for figure, says in (
            ("repeatability", "Share of the points in the common field that are found again within 1.5 pixels"),
            ("matching", "Matches (nearest from both sides) that are right within 3 pixels, by the fewer points"),
        ):
            yield f"<h2>{figure.capitalize()}</h2>"
            yield dots([row for row in rows if row["whose"] == "ours"], figure, says)
            yield table(
                ["change", *names(rows, "kind")], [cells(rows, figure, change) for change in names(rows, "change")]
            )
            yield "<p>Ours, then OpenCV's own object as it comes (none for SURF); percent, mean of all pictures.</p>"
    if "recover" in told:
        yield "<h2>Known motion found back</h2>"
        rows = told["recover"]["rows"]
        yield table(["way", *names(rows, "modality")], [errors(rows, way) for way in names(rows, "way")])
        yield "<p>Median error over the picture [pixels], of the pairs that were not refused.</p>"
    if "classify" in told:
        yield "<h2>Six kinds of pictures told apart</h2>"
        rows = told["classify"]["rows"]
        yield table(["descriptor", "encoder", "accuracy", "n"],
                    [[r["kind"], r["encoder"], f"{r['accuracy']:.4f}", str(r["n"])] for r in rows])  # fmt: skip
        yield "<p>Five folds of MedNIST; slices of one patient are on both sides: a sanity check, not evidence.</p>"


def names(rows: Rows, column: str) -> list[str]:
    return list(dict.fromkeys(row[column] for row in rows))


def cells(rows: Rows, figure: str, change: str) -> list[str]:
    """Ours and OpenCV's beside each other, for one change."""
    line = [change]
    for kind in names(rows, "kind"):
        both = [
            [r[figure] for r in rows if (r["kind"], r["change"], r["whose"]) == (kind, change, whose)]
            for whose in ("ours", "opencv")
        ]
        line.append(" / ".join(f"{mean(found):.0f}" for found in both if found))
    return line


def errors(rows: Rows, way: str) -> list[str]:
    line = [way]
    for modality in names(rows, "modality"):
        here = [row["error_px"] for row in rows if (row["way"], row["modality"]) == (way, modality)]
        found = [error for error in here if error is not None]
        line.append(f"{median(found):.2f} ({len(found)} of {len(here)})" if found else "none")
    return line


def table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    top = "".join(f"<th scope='col'>{escape(name)}</th>" for name in head)
    rest = "".join(
        f"<tr><th scope='row'>{escape(line[0])}</th>{''.join(f'<td>{escape(c)}</td>' for c in line[1:])}</tr>"
        for line in lines
    )
    return f"<div class='scroll'><table><thead><tr>{top}</tr></thead><tbody>{rest}</tbody></table></div>"


def dots(rows: Rows, figure: str, says: str) -> str:
    """A line for each change, a dot with its number for each detector."""
    changes, kinds = names(rows, "change"), names(rows, "kind")
    left, width, step = 90, 640, 26
    parts = []
    for tick in range(0, 101, 20):
        x = left + width * tick / 100
        parts.append(f"<line x1='{x}' x2='{x}' y1='24' y2='{30 + step * len(changes)}' stroke='#8884'/>")
        parts.append(f"<text x='{x}' y='{46 + step * len(changes)}' text-anchor='middle'>{tick} %</text>")
    for k, kind in enumerate(kinds):
        parts.append(f"<circle cx='{left + 105 * k}' cy='10' r='7' fill='{COLOURS[k]}'/>")
        parts.append(f"<text x='{left + 105 * k + 12}' y='14'>{k + 1} {escape(kind)}</text>")
    for j, change in enumerate(changes):
        y = 40 + step * j
        parts.append(f"<text x='{left - 10}' y='{y + 4}' text-anchor='end'>{escape(change)}</text>")
        for k, kind in enumerate(kinds):
            value = mean(r[figure] for r in rows if (r["kind"], r["change"]) == (kind, change))
            x = left + width * value / 100
            parts.append(f"<circle cx='{x:.1f}' cy='{y}' r='7' fill='{COLOURS[k]}'/>")
            parts.append(
                f"<text x='{x:.1f}' y='{y + 4}' text-anchor='middle' style='fill:#000;font-size:10px'>{k + 1}</text>"
            )
    box = f"0 0 {left + width + 30} {56 + step * len(changes)}"
    drawing = f"<svg viewBox='{box}' role='img' aria-label='{escape(says)}'>{''.join(parts)}</svg>"
    return f"<figure>{drawing}<figcaption>{escape(says)}.</figcaption></figure>"


if __name__ == "__main__":
    main()
