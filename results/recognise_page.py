"""The section on recognition in docs/results.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def lines(told: dict[str, Any]) -> Iterator[str]:
    """The section of docs/results.md; a part that was not run is not shown."""
    if not told:
        return
    yield from (
        "## What am I looking at",
        "",
        "`python results/recognise.py` (a part that was not run is not shown).",
        "",
    )
    if "looks" in told:
        yield "The machine told from numbers and look alone, without header or model; evidence was weighed on the other half of"
        yield "each set. CT and MR that cannot be told apart count as half right."
        yield from ("", "| set | truth | n | told at all | right |", "|---|---|---|---|---|")
        for name, row in told["looks"].items():
            yield f"| {name} | {row['truth']} | {row['n']} | {row['told']} | {row['right']:g} |"
        yield ""
    if "model" in told:
        one, held = told["model"], told["model"]["held_out"]
        yield f"The model of `make models`: accuracy {held['accuracy']:.4f} [{held['low']:.4f}, {held['high']:.4f}] on "
        yield f"{held['n']} held-out pictures (patients unknown), {one['size_mb']:.1f} MB. On sets that it did not learn from:"
        yield ""
        for name, said in one["others"].items():
            words = "; ".join(
                f"{text.split('(')[0].strip(' .')} {n}" for text, n in sorted(said.items(), key=lambda i: -i[1])
            )
            yield f"- {name}: {words}"
        yield ""
    if "markers" in told:
        yield "Side letters that were read, by picture (what is on the pictures was not written down by anybody; those read were"
        yield "looked at on a sample: one in 80 was no letter):"
        yield ""
        for name, read in told["markers"].items():
            yield f"- {name}: " + ", ".join(f"{letter} {n}" for letter, n in sorted(read.items()))
        yield ""
    if "pointing" in told:
        one = told["pointing"]
        rates = [
            f"{key} {one[key]:.2f} [{one[f'{key}_low']:.2f}, {one[f'{key}_high']:.2f}]"
            for key in ("pointing", "boxes", "middle")
        ]
        yield f"Grad-CAM on {one['n']} BUSI lesions of held-out pictures: {'; '.join(rates)}; chance {one['chance']:.2f}; "
        yield f"{one['inside']:.2f} of the warmth lies inside. `pointing`: the warmest sample lies in the lesion; `boxes`: overlap"
        yield "of at least 0.1; `middle`: what the middle of the picture hits."
        yield ""
