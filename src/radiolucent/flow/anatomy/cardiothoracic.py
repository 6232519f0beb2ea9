"""How wide the heart is for the chest, from the lung fields of a radiograph."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy import ndimage

from ...core import Case, Finding, Image, InputError, Mask, unknown
from ...measure.clinical_finding import measured
from .lungs import lungs as found_lungs
from .shape import Flags, pieces, still

CODE = "cardiothoracic_ratio"
HEART, LOWER = 0.4, 0.7
"""Shares of a lung's height: below the first the heart is sought (the carina is above), below the second its foot."""


@dataclass(frozen=True)
class Widths:
    """Columns between which chest and heart lie [pixels], and the rows in which their borders were found."""

    chest: tuple[float, float]
    chest_row: int
    heart: tuple[float, float]
    heart_rows: tuple[int, int]

    @property
    def ratio(self) -> float:
        return (self.heart[1] - self.heart[0]) / (self.chest[1] - self.chest[0])


def cardiothoracic(
    case: Case,
    lungs: Mask | None = None,
    *,
    picture: Annotated[str | None, Field(description="which image of the case; none: the only one")] = None,
    view: Annotated[
        Literal["auto", "PA", "AP"],
        Field(description="projection; auto: what the file says, unknown if it says nothing"),
    ] = "auto",
) -> tuple[Finding, ...]:
    """Measure the cardiothoracic ratio of a chest radiograph, with the widths of heart and chest [mm].

    From the lung fields: `lungs` if given (a reader's or a net's, two pieces or two labels), else what `segment.lungs` finds.
    The chest is as wide as the outer borders of both lungs are apart on one level, where that is most. The heart reaches
    as far to each side as the lung's inner border retreats between 40 % of the lung's height and the angle of heart and
    diaphragm, which is the inner border's elbow: its farthest place from the chord to the lung's foot (Danzer 1919, Am J Med
    Sci 157:513). The head is taken to be up. Of an AP or an unknown view the ratio is indicative only, for the heart is
    magnified. Widths are as projected, in pixels where the spacing is unknown. What is dense beside the heart (effusion,
    fat, a large hilum) is measured with it; a turned or lying patient is not recognised.
    """
    chosen = _chosen(case, picture)
    values = still(chosen, "cardiothoracic")
    if sum(n > 1 for n in values.shape) > 2:
        raise InputError(
            f"cardiothoracic measures a flat radiograph, and this has shape {values.shape}; take one picture"
        )
    mask = found_lungs(chosen, kind="x-ray") if lungs is None else lungs
    pair = sides(np.asarray(mask.array).reshape(values.shape[-2:]))
    widths = None if pair is None else widths_of(*pair)
    if widths is None:
        return (_missing("no two lungs were found side by side"),)
    seen = view if view != "auto" else str(case.facts.get("view", "unknown"))
    because = (f"{seen} view", f"lungs {'by segment.lungs' if lungs is None else 'as given'}")
    lengths = _lengths(widths, chosen, because)
    told = [_ratio(lengths, because), *lengths]
    if seen != "PA":
        says = "AP view: indicative only" if seen == "AP" else f"The view is {seen}, not PA: indicative only"
        told.append(
            Finding(f"{says}; the heart may be magnified.", f"measure.{CODE}.view", where="chest", severity="warn")
        )
    return tuple(told)


def sides(labels: NDArray[Any]) -> tuple[Flags, Flags] | None:
    """The lung on the left of the picture and that on its right: the largest piece of each label, or of the only one."""
    known = [int(k) for k in np.unique(labels) if k]
    parts = [pieces(labels == k)[0] for k in known] if len(known) == 2 else pieces(labels > 0)[:2]
    if len(parts) < 2 or parts[1].sum() < 0.1 * parts[0].sum():
        return None
    first, second = sorted(parts, key=lambda part: float(np.nonzero(part)[1].mean()))
    return first, second


def widths_of(first: Flags, second: Flags) -> Widths | None:
    """The widths of chest and heart between the lung on the left of the picture and the other."""
    rows = np.flatnonzero(first.any(axis=1) & second.any(axis=1))
    if not rows.size:
        return None
    edge = first.shape[1]
    left, right = first[rows].argmax(axis=1), edge - second[rows, ::-1].argmax(axis=1)
    at = int(np.argmax(right - left))
    inner_right, row_right = reach(second)
    mirrored, row_left = reach(first[:, ::-1])
    chest, heart = (float(left[at]), float(right[at])), (edge - mirrored, inner_right)
    if not chest[0] < heart[0] < heart[1] < chest[1]:
        return None
    return Widths(chest, int(rows[at]), heart, (row_left, row_right))


def reach(lung: Flags) -> tuple[float, int]:
    """How far from column 0 the inner border of a lung to its right retreats beside the heart, and in which row."""
    rows = np.flatnonzero(lung.any(axis=1))
    height = len(rows)
    border = ndimage.median_filter(lung[rows].argmax(axis=1).astype(float), size=max(3, int(0.02 * height) | 1))
    begin, low = int(HEART * height), int(LOWER * height)
    down = np.linspace(0, 1, height - low)
    chord = border[low] + (border[low:].max() - border[low]) * down
    foot = low + int(np.argmax(chord - border[low:]))
    at = begin + int(np.argmax(border[begin : foot + 1]))
    return float(border[at]), int(rows[at])


def _lengths(widths: Widths, picture: Image, because: tuple[str, ...]) -> list[Finding]:
    spacing = picture.grid.spacing_mm
    step, unit, end = (1.0, "pixels", "_px") if spacing is None else (spacing[-1], "mm", "")
    pairs = (
        ("heart_width", "Width of the heart", widths.heart),
        ("thorax_width", "Inner width of the chest", widths.chest),
    )
    return [
        measured(f"{code}{end}", name, (far - near) * step, unit, where="chest", because=because)
        for code, name, (near, far) in pairs
    ]


def _ratio(lengths: list[Finding], because: tuple[str, ...]) -> Finding:
    """Of the very widths that are told, unrounded: rules hold that the three agree."""
    heart, chest = (float(finding.value or 0) for finding in lengths)
    told = measured(CODE, "Cardiothoracic ratio", heart / chest, "1", where="chest", because=because)
    return replace(told, value=heart / chest)


def _missing(why: str) -> Finding:
    return Finding(f"The heart cannot be measured: {why}.", f"measure.{CODE}.missing", where="chest", severity="warn")


def _chosen(case: Case, name: str | None) -> Image:
    if name is not None and name not in case.images:
        raise unknown("image", name, case.images)
    if name is None and len(case.images) != 1:
        raise InputError(
            f"the case has {len(case.images)} images; say which by `picture`: {', '.join(case.images) or 'none'}"
        )
    return case.images[name or next(iter(case.images))]


OPS = (cardiothoracic,)
