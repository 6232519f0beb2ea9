"""The section on descriptions that nobody here wrote in docs/results.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

TITLES = {
    "kept": "public test files: cleaned texts from which nothing has to go, untouched",
    "kept, not touched by the profile": "public test files: texts that the profile leaves, untouched",
    "removed": "public test files: words of a person or an institution, gone",
}


def lines(told: dict[str, Any] | None, first: dict[str, Any] | None) -> Iterator[str]:
    """What stayed and what went under `deid --clean descriptors`, now and at the first look."""
    if told is None or first is None:
        return
    reference, found = told["reference"], dict(told["found"])
    yield "## De-identification of descriptions that nobody here wrote"
    yield ""
    yield f"`{told['command']}`. Each different text counts once, and as kept when it came out untouched of every file that"
    yield f"holds it. First the texts of {reference['files']} public DICOM files (no copy of {reference['without a copy']}),"
    yield "judged by eye before the cleaner saw them (results/kept_texts.json); then names of series and studies found in"
    yield "public repositories (results/kept_texts.txt), from none of which anything has to go. Words that the first look"
    yield "showed were learned after it, so only the first look is a figure on texts that were new."
    yield ""
    yield "| texts | n | first look | now | share now |"
    yield "|---|---|---|---|---|"
    for name, title in TITLES.items():
        if name in reference:
            yield _row(title, first["reference"][name], reference[name])
    yield _row("found in repositories, untouched", first["found"]["all"], found.pop("all"))
    for source, row in found.items():
        yield _row(f"of these {source}", first["found"][source], row)
    yield ""


def _row(title: str, was: dict[str, Any], row: dict[str, Any]) -> str:
    share = f"{row['share']:.4f} [{row['low']:.4f}, {row['high']:.4f}]"
    return f"| {title} | {row['n']} | {was['done']} ({was['share']:.4f}) | {row['done']} | {share} |"
