"""Spacing that the user knows and the file does not say."""

from __future__ import annotations

from dataclasses import replace

from radiolucent.core import Finding, Grid, InputError

Spacing = float | tuple[float, ...] | None


def with_spacing(grid: Grid, spacing_mm: Spacing) -> tuple[Grid, tuple[Finding, ...]]:
    """The grid with the given spacing [mm] (one number, or one per spatial axis), and a remark that says so."""
    if spacing_mm is None:
        return grid, ()
    count = len(grid.spatial_axes)
    given = (float(spacing_mm),) * count if isinstance(spacing_mm, int | float) else tuple(map(float, spacing_mm))
    if len(given) != count:
        raise InputError(f"spacing_mm gives {len(given)} numbers, this picture has {count} spatial axes; give {count}")
    if grid.spacing_mm == given:
        return grid, ()
    stated = "none" if grid.spacing_mm is None else _words(grid.spacing_mm)
    says = f"The spacing {_words(given)} was given by the user; the file states {stated}."
    finding = Finding(says=says, code="spacing.given", severity="info" if grid.spacing_mm is None else "warn")
    return replace(grid, spacing_mm=given), (finding,)


def _words(spacing_mm: tuple[float, ...]) -> str:
    return " x ".join(f"{value:g}" for value in spacing_mm) + " mm"
