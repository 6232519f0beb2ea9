"""Defects that pixels show by themselves: clipped, dead, empty, jumping, wrapped, cut off or drawn over."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from radiolucent.core import Finding, Image, Severity

from .limits import broken, listed
from .planes import is_drawing, moments, planes, span, thinned

AIR_HU = (-1500.0, -50.0)
"""The darkest 2 % of a CT: air, lung or at least fat, and nothing below air but padding."""

SOFT_TISSUE_HU = -300.0
"""A tenth of a CT lies above, unless its values were shifted down."""

MASKED_SHARE = 1 / 3
"""The corners around a round field of view are a fifth of a plane."""

FEWEST_PLANES = 7
WRAPPED_SPAN = 3500
BODY_SHARE = 0.15
"""Of the bright end of a picture without Hounsfield units, what is brighter than this share counts as body."""
COLOUR_STEP = 40


def saturation(
    image: Image,
    *,
    share: Annotated[
        float, Field(gt=0, lt=1, description="share of pixels at the greatest value that is too much")
    ] = 0.01,
) -> tuple[Finding, ...]:
    """Say whether the brightest pixels were clipped: many share the greatest value, and few the values below it.

    Of eight bits without a stated modality this is a remark: such pictures were windowed for display.
    """
    stack = planes(image)
    if is_drawing(stack):
        return ()
    top = stack.max()
    clipped = float((stack == top).mean())
    near = float(((stack < top) & (stack >= top - 0.02 * (float(top) - float(stack.min())))).mean())
    if clipped <= share or clipped < 2 * near:
        return ()
    says = f"{clipped:.1%} of the pixels have the greatest value, {float(top):g}: bright structures were clipped."
    limit = f"at most {share:.1%}"
    is_windowed = image.modality == "OT" and stack.dtype == np.uint8
    severity: Severity = "info" if is_windowed else _unless_drawn(image)
    return broken("intensity.saturation", says, limit, severity=severity, value=100 * clipped, unit="%")


def dead_lines(
    image: Image,
    *,
    share: Annotated[
        float, Field(gt=0, lt=1, description="spread of both neighbours, as a share of the picture's")
    ] = 0.05,
) -> tuple[Finding, ...]:
    """Name rows and columns (one or two side by side) that are constant between neighbours that are not."""
    stack = planes(image)
    if is_drawing(stack):
        return ()
    places: list[str] = []
    for axis, word in ((2, "row"), (1, "column")):
        places += [f"{word} {line} of plane {plane}" for plane, line in _dead(stack, axis, share)]
    if not places:
        return ()
    says = f"{len(places)} rows or columns are dead: constant between neighbours that are not."
    severity, where = _unless_drawn(image), listed(places)
    return broken(
        "intensity.dead_lines", says, "0 lines", severity=severity, value=len(places), unit="lines", where=where
    )


def _unless_drawn(image: Image) -> Severity:
    """A picture in colour is what a screen showed, and ultrasound mostly is: white text and drawn lines are no defect."""
    return "info" if image.is_colour or image.modality == "US" else "warn"


def _dead(stack: NDArray[Any], axis: int, share: float) -> list[tuple[int, int]]:
    spread = np.asarray(stack.max(axis=axis), np.float64) - stack.min(axis=axis)
    flat = spread == 0
    alive = spread > share * (float(stack.max()) - float(stack.min()))
    found = np.zeros_like(flat)
    found[:, 1:-1] |= flat[:, 1:-1] & alive[:, :-2] & alive[:, 2:]
    pair = flat[:, 1:-2] & flat[:, 2:-1] & alive[:, :-3] & alive[:, 3:]
    found[:, 1:-2] |= pair
    found[:, 2:-1] |= pair
    return [(int(plane), int(line)) for plane, line in np.argwhere(found)]


def constant_planes(
    image: Image,
    *,
    most: Annotated[int, Field(ge=0, le=10_000, description="so many constant planes are accepted")] = 0,
) -> tuple[Finding, ...]:
    """Name the slices or frames that hold one value only: nothing was recorded, or it was lost.

    It is a remark where all of them are the ends of a stack that was masked: their value fills a third of the other planes.
    """
    stack = planes(image)
    if is_drawing(stack) and stack.min() != stack.max():
        return ()
    flat = np.flatnonzero(stack.reshape(len(stack), -1).min(1) == stack.reshape(len(stack), -1).max(1))
    if len(flat) <= most:
        return ()
    says = f"{len(flat)} of {len(stack)} planes hold one value only."
    where = "planes " + listed([str(k) for k in flat])
    limit = f"at most {most} constant planes"
    severity: Severity = "info" if _is_masked_beyond(stack, flat) else "warn"
    return broken(
        "intensity.constant_plane", says, limit, severity=severity, value=len(flat), unit="planes", where=where
    )


def _is_masked_beyond(stack: NDArray[Any], flat: NDArray[np.intp]) -> bool:
    """Whether constant planes are the ends of a stack in which the same value is the background."""
    filled = np.setdiff1d(np.arange(len(stack)), flat)
    values = np.unique(stack[flat, 0, 0])
    if not filled.size or len(values) > 1 or np.any((flat > filled[0]) & (flat < filled[-1])):
        return False
    return float((stack[filled] == values[0]).mean()) >= MASKED_SHARE


def plane_jumps(
    image: Image,
    *,
    z: Annotated[
        float, Field(gt=0, le=100, description="robust z score of a plane's mean against its neighbours'")
    ] = 4.0,
    share: Annotated[float, Field(ge=0, lt=1, description="and least jump, as a share of the picture's range")] = 0.03,
    times: Annotated[
        float, Field(ge=0, lt=10, description="and least jump, as a share of the neighbours' mean")
    ] = 0.25,
) -> tuple[Finding, ...]:
    """Name slices or frames whose mean jumps away from that of both neighbours.

    The jump is the distance from the mean of the two neighbours, its score that distance over the spread of all such
    distances, taken from their lower third because one bad plane disturbs three. Of three in a row the greatest is named.
    """
    stack = planes(image)
    length = image.grid.shape[1] if image.grid.axes == "tzyx" else len(stack)
    if length < FEWEST_PLANES or is_drawing(stack):
        return ()
    means = np.array([float(plane.mean()) for plane in stack]).reshape(-1, length)
    beside = (means[:, :-2] + means[:, 2:]) / 2
    away = np.abs(means[:, 1:-1] - beside)
    scale = max(2.3219 * float(np.percentile(away, 100 / 3)), 1e-9)
    padded = np.pad(away, ((0, 0), (1, 1)))
    peak = (away >= padded[:, :-2]) & (away >= padded[:, 2:])
    least = np.maximum(share * span(thinned(stack)), times * (beside - float(stack.min())))
    jumps = (away / scale > z) & (away > least) & peak
    odd = [volume * length + plane + 1 for volume, plane in np.argwhere(jumps)]
    if not odd:
        return ()
    worst = float(away[jumps].max() / scale)
    says = f"The mean of {len(odd)} planes jumps away from their neighbours'."
    where = "planes " + listed([str(k) for k in odd])
    return broken("intensity.plane_jump", says, f"|z| at most {z:g}", value=worst, unit="z", where=where)


def wrapped(
    image: Image,
    *,
    share: Annotated[
        float, Field(gt=0, lt=0.5, description="least share of pixels at either end of the range")
    ] = 0.005,
) -> tuple[Finding, ...]:
    """Say whether values lie at both ends of a wide range and nowhere between: signs or bits were misread."""
    stack = planes(image)
    low, high = float(stack.min()), float(stack.max())
    if high - low < WRAPPED_SPAN or is_drawing(stack):
        return ()
    quarters = np.histogram(stack, bins=8, range=(low, high))[0] / stack.size
    bottom, middle, top = quarters[:2].sum(), quarters[2:6].sum(), quarters[6:].sum()
    if bottom < share or top < share or middle > share / 10:
        return ()
    says = f"Values lie near {low:g} and near {high:g} and nowhere between: signed values were read as unsigned, or wrapped."
    limit = "some values between the ends of the range"
    return broken("intensity.wrapped", says, limit, severity="block", value=100 * min(bottom, top), unit="%")


def ct_air(
    image: Image,
    *,
    darkest: Annotated[float, Field(gt=0, lt=50, description="percentile that stands for the darkest tissue")] = 2.0,
) -> tuple[Finding, ...]:
    """Say whether the darkest part of a CT lies where air, lung or fat must lie [HU]; padding is left out.

    Padding is the least value where 1 % of the pixels have it, and whatever lies below air (compression with loss blurs
    padding) where the rest still reaches soft tissue.
    """
    if image.modality != "CT" or image.unit != "HU":
        return ()
    stack = thinned(planes(image))
    least = stack.min()
    inside = stack[stack > least] if (stack == least).mean() > 0.01 else stack.ravel()
    rest = inside[inside >= AIR_HU[0]]
    if rest.size and np.percentile(rest, 90) > SOFT_TISSUE_HU:
        inside = rest
    if is_drawing(stack) or not inside.size:
        return ()
    dark = float(np.percentile(inside, darkest))
    if AIR_HU[0] <= dark <= AIR_HU[1]:
        return ()
    says = f"The darkest {darkest:g} % of the picture reach {dark:.0f} HU: neither air nor fat lies there."
    limit = f"{AIR_HU[0]:g} to {AIR_HU[1]:g} HU"
    return broken("intensity.ct_air", says, limit, severity="block", value=dark, unit="HU")


def cut_off(
    image: Image,
    *,
    share: Annotated[float, Field(gt=0, le=1, description="share of the planes' border that the body may reach")] = 0.2,
) -> tuple[Finding, ...]:
    """Say whether the field of view cuts the body: how much of the border of each section is body, not air."""
    if image.modality not in ("CT", "MR", "PT") or min(planes(image).shape[1:]) < 8:
        return ()
    stack = thinned(planes(image))
    inside = stack > (-300 if image.unit == "HU" else BODY_SHARE * float(np.percentile(stack, 99)))
    border = np.concatenate([inside[:, 0], inside[:, -1], inside[:, :, 0], inside[:, :, -1]], axis=1)
    reached = float(border.mean())
    if reached <= share:
        return ()
    says = f"{reached:.0%} of the border of the sections is body: the field of view cuts it off."
    limit = f"at most {share:.0%} of the border"
    return broken(
        "intensity.cut_off",
        says,
        limit,
        severity="warn" if image.modality == "CT" else "info",
        value=100 * reached,
        unit="%",
    )


def overlay(
    image: Image,
    *,
    share: Annotated[float, Field(ge=0, lt=1, description="share of coloured pixels that is accepted")] = 0.0005,
) -> tuple[Finding, ...]:
    """Say whether an otherwise grey colour picture bears coloured marks: calipers, text, or Doppler.

    Of a film at most 16 frames are looked at.
    """
    if not image.is_colour:
        return ()
    channels = moments(image).array
    coloured = float((channels.max(axis=-1) - channels.min(axis=-1) > COLOUR_STEP).mean())
    if not share < coloured < 0.5:
        return ()
    says = f"{coloured:.2%} of the pixels are coloured in a grey picture: calipers, text or Doppler are drawn over it."
    return broken("intensity.overlay", says, f"at most {share:.2%}", value=100 * coloured, unit="%")
