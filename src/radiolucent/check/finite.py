"""Pixels that hold no number: a background that was never measured, or a hole in what was."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.ndimage import label

from radiolucent.core import Finding, Image, Severity

from .limits import broken, listed

CUT = 0.25
"""A plane with so much less to show than both its neighbours was cut, whatever its background."""

IN_PLANE = np.zeros((3, 3, 3), bool)
IN_PLANE[1] = [[False, True, False], [True, True, True], [False, True, False]]


def not_finite(
    image: Image,
    *,
    share: Annotated[float, Field(ge=0, lt=1, description="share of such pixels that is accepted")] = 0.0,
) -> tuple[Finding, ...]:
    """Say whether pixels hold no finite number, and whether that cuts into the data.

    Maps computed from images often hold NaN, or an infinity out of a division by zero, where nothing was measured. What
    reaches the border of its plane is such a background, and warned of. What blocks is a place that data enclose, a plane
    between others that is empty or lacks a quarter more than its neighbours, and a picture without any number.
    """
    if image.array.dtype.kind not in "fc":
        return ()
    bad = ~np.isfinite(image.array)
    missing = float(bad.mean())
    if missing <= share:
        return ()
    cuts = _cuts(image, bad)
    says = f"{missing:.2%} of the pixels hold no finite number (NaN or infinity)"
    if cuts:
        says += f", and {cuts[0]}."
    else:
        says += ", all of them towards the border of the field: nothing was measured there, it seems."
    severity: Severity = "block" if cuts else "warn"
    limit = f"at most {share:.2%}"
    return broken("intensity.not_finite", says, limit, severity=severity, value=100 * missing, unit="%")


def _cuts(image: Image, bad: NDArray[np.bool_]) -> list[str]:
    """In what way they cut into the data; nothing where they are a background."""
    if bad.all():
        return ["none does"]
    grey = bad.any(axis=-1) if image.is_colour else bad
    stack = grey.reshape(-1, *(1, 1, *grey.shape)[-2:])
    enclosed = _enclosed(stack)
    if enclosed:
        return [f"{enclosed} places are enclosed by data"]
    length = image.grid.shape[1] if image.grid.axes == "tzyx" else len(stack)
    odd = _odd_planes(stack.mean(axis=(1, 2)).reshape(-1, length))
    return [f"planes {listed([str(k) for k in odd])} lack much more than their neighbours"] if odd else []


def _enclosed(stack: NDArray[np.bool_]) -> int:
    """How many places do not reach the border of their plane."""
    labels, count = label(stack, structure=IN_PLANE)
    at_border: list[NDArray[Any]] = [labels[:, 0], labels[:, -1], labels[:, :, 0], labels[:, :, -1]]
    reaching = np.unique(np.concatenate([edge.ravel() for edge in at_border]))
    return int(count - np.count_nonzero(reaching))


def _odd_planes(missing: NDArray[np.float64]) -> list[int]:
    """Planes that lack a quarter more than both their neighbours; the ends have but one and are let pass."""
    more = missing[:, 1:-1] - np.maximum(missing[:, :-2], missing[:, 2:])
    return [int(volume * missing.shape[1] + plane + 1) for volume, plane in np.argwhere(more > CUT)]
