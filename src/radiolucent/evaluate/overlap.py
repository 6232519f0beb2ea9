"""How well a segmentation agrees with a reference: shares of overlap, distances between surfaces, centre lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from skimage.morphology import skeletonize

from radiolucent.core import InputError
from radiolucent.kernels.surfels import surface_distances

from .figures import Figure, figure
from .interval import resamples

Flags = NDArray[np.bool_]
UNDEFINED = float("nan")


def overlap(
    found: ArrayLike,
    reference: ArrayLike,
    *,
    spacing_mm: Sequence[float] | None = None,
    tolerance: float = 1.0,
    centre_lines: bool = False,
) -> dict[str, float]:
    """Scores of one region `found` against a `reference` region on the same grid, 2-D or 3-D.

    dice, iou, sensitivity, precision: shares of pixels. volume_difference: (found - reference) / reference.
    hd, hd95, assd: Hausdorff distance, its 95 % form and the mean distance between the surfaces of both;
    nsd: share of both surfaces that lies within `tolerance` of the other. Surfaces are surface elements weighted by
    area (`kernels.surfels`, doi:10.2196/26151). Lengths are in mm and their names end so, `tolerance` too; where
    `spacing_mm` is None they are in pixels (`hd_px`). cldice: centre-line Dice (doi:10.1109/CVPR46437.2021.01629).

    Empty regions: with one empty, shares are 0 and distances infinite; with both empty shares and means are nan and
    Hausdorff's distances infinite, as the reference implementation has it. `overlap_summary` counts those apart.
    """
    a, b = _flags(found, "found"), _flags(reference, "reference")
    if a.shape != b.shape:
        raise InputError(f"the region has shape {a.shape}, its reference {b.shape}: bring them to one grid first")
    if a.ndim not in (2, 3):
        raise InputError(f"overlap is scored in 2-D or 3-D, and these have {a.ndim} axes: give one frame at a time")
    if spacing_mm is not None and len(spacing_mm) != a.ndim:
        raise InputError(f"{len(spacing_mm)} spacings were given for {a.ndim} axes")
    if tolerance < 0:
        raise InputError(f"a tolerance cannot be negative, and {tolerance:g} was given")
    scores = _shares(a, b) | _distances(a, b, spacing_mm, tolerance)
    return scores | {"cldice": _centre_line_dice(a, b)} if centre_lines else scores


def overlaps(
    found: ArrayLike,
    reference: ArrayLike,
    *,
    labels: Sequence[int] | None = None,
    spacing_mm: Sequence[float] | None = None,
    tolerance: float = 1.0,
    centre_lines: bool = False,
) -> dict[int, dict[str, float]]:
    """`overlap` of each label of two label images; labels default to all that either holds, the background left out."""
    a, b = np.asarray(found), np.asarray(reference)
    wanted = sorted({*np.unique(a).tolist(), *np.unique(b).tolist()} - {0}) if labels is None else labels
    return {
        int(k): overlap(a == k, b == k, spacing_mm=spacing_mm, tolerance=tolerance, centre_lines=centre_lines)
        for k in wanted
    }


def overlap_summary(
    cases: Sequence[Mapping[str, float]], *, groups: ArrayLike | None, replicates: int = 1000, seed: int = 0
) -> dict[str, Any]:
    """Mean of each score over cases with its interval (whole patients drawn, `groups`), and how many cases are empty.

    A case where both regions are empty is right, and is counted in `both_empty`; one where a single region is empty
    counts with its share of 0, and is left out of distances (`one_empty` tells how many).
    """
    if not cases:
        raise InputError("no case was given: a summary needs at least one")
    values = {name: np.array([case.get(name, UNDEFINED) for case in cases], float) for name in cases[0]}
    both = np.isnan(values["dice"])
    one = ~both & np.isinf(values[next(name for name in values if name.startswith("hd_"))])
    drawn = resamples(np.zeros(len(cases)), groups, replicates=replicates, seed=seed)
    means: dict[str, Figure] = {}
    for name, value in values.items():
        use = np.isfinite(value)
        means[name] = _mean(value, use, drawn)
    return {"n": len(cases), "both_empty": int(both.sum()), "one_empty": int(one.sum()), "mean": means}


def _mean(value: NDArray[np.float64], use: Flags, drawn: Any) -> Figure:
    if not use.any():
        return figure(None)
    filled = np.where(use, value, 0.0)

    def statistic(weights: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
        with np.errstate(invalid="ignore"):
            return {"mean": weights @ filled / (weights @ use.astype(float))}

    return figure(float(value[use].mean()), drawn.apply(statistic)["mean"])


def _flags(region: ArrayLike, name: str) -> Flags:
    region = np.asarray(region)
    if region.dtype == bool:
        return region
    if not np.isin(np.unique(region), (0, 1)).all():
        raise InputError(f"{name} holds several labels: score one label at a time, or call overlaps")
    return region.astype(bool)


def _shares(a: Flags, b: Flags) -> dict[str, float]:
    both, in_a, in_b = int((a & b).sum()), int(a.sum()), int(b.sum())
    return {
        "dice": _ratio(2 * both, in_a + in_b),
        "iou": _ratio(both, in_a + in_b - both),
        "sensitivity": _ratio(both, in_b),
        "precision": _ratio(both, in_a),
        "volume_difference": _ratio(in_a - in_b, in_b),
    }


def _ratio(above: float, below: float) -> float:
    return float(above / below) if below else UNDEFINED


def _distances(a: Flags, b: Flags, spacing_mm: Sequence[float] | None, tolerance: float) -> dict[str, float]:
    unit = "px" if spacing_mm is None else "mm"
    spacing = (1.0,) * a.ndim if spacing_mm is None else tuple(float(s) for s in spacing_mm)
    there, back = surface_distances(a, b, spacing)
    area = there.area.sum() + back.area.sum()
    return {
        f"hd_{unit}": max(there.percentile(100), back.percentile(100)),
        f"hd95_{unit}": max(there.percentile(95), back.percentile(95)),
        f"assd_{unit}": _ratio(float(there.distance @ there.area + back.distance @ back.area), area),
        "nsd": _ratio(there.within(tolerance) + back.within(tolerance), area),
    }


def _centre_line_dice(a: Flags, b: Flags) -> float:
    line_a, line_b = skeletonize(a) > 0, skeletonize(b) > 0
    precision, sensitivity = _ratio((line_a & b).sum(), line_a.sum()), _ratio((line_b & a).sum(), line_b.sum())
    if not a.any() or not b.any():
        return 0.0 if a.any() or b.any() else UNDEFINED
    return _ratio(2 * precision * sensitivity, precision + sensitivity) if precision + sensitivity else 0.0
