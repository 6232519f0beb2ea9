"""Diffusion that stops at edges, of a bare n-D array of float32, explicit in time and reflecting at the ends.

A step works on one slab of the first axis after the other, so that beside the picture only slabs are held.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import slabs

Single = NDArray[np.float32]


def steps_and_length(time_mm2: float, spacing_mm: Sequence[float]) -> tuple[int, float]:
    """How many explicit steps, and how long [mm^2], reach `time_mm2`: each at most 1 / (2 sum 1 / h^2), half the limit."""
    most = 1 / (2 * sum(1 / h**2 for h in spacing_mm))
    steps = max(1, int(np.ceil(time_mm2 / most)))
    return steps, time_mm2 / steps


def perona_malik(
    array: Single, spacing_mm: Sequence[float], time_mm2: float, conductance: Callable[[Single], Single]
) -> Single:
    """du/dt = div(g(|slope|) grad u), the conductance taken of the slope [per mm] between each two neighbours."""
    steps, length = steps_and_length(time_mm2, spacing_mm)

    def flow(slope: Single, axis: int, _: slice) -> Single:
        slope /= np.float32(spacing_mm[axis])
        slope *= conductance(slope)
        slope *= np.float32(length / spacing_mm[axis])
        return slope

    now = array.copy()
    for _ in range(steps):
        _flown(now, flow)
    return now


Flow = Callable[[Single, int, slice], Single]
"""What flows from each pixel to the next, out of their difference along an axis, and where along the first axis they lie."""


def _flown(now: Single, flow: Flow) -> None:
    """Let flow between all neighbours, in place: what came into a slab through its first face is kept from the last."""
    count, came = now.shape[0], None
    for slab in slabs.slabs(count, slabs.thickness(now.shape)):
        start, end = slab.keep.start, slab.keep.stop
        change = np.zeros_like(now[slab.keep])
        for axis in range(1, now.ndim):
            through = flow(np.diff(now[slab.keep], axis=axis), axis, slab.keep)
            change[_but(axis, last=True)] += through
            change[_but(axis, last=False)] -= through
        wide = slice(start, min(end + 1, count))
        through = flow(np.diff(now[wide], axis=0), 0, wide)
        change[: len(through)] += through
        change[1:] -= through[: len(change) - 1]
        if came is not None:
            change[0] -= came
        came = through[-1] if end < count else None
        now[slab.keep] += change


def curvature_motion(array: Single, spacing_mm: Sequence[float], time_mm2: float) -> Single:
    """du/dt = |grad u| div(grad u / |grad u|): each level set moves along its normal by its curvature.

    Written out, trace(H) - n' H n with n = grad u / |grad u|, so no division happens where the ground is flat.
    """
    steps, length = steps_and_length(time_mm2, spacing_mm)
    now, after = array, np.empty_like(array)
    thick = max(4, slabs.thickness(array.shape))
    for step in range(steps):
        for slab in slabs.slabs(array.shape[0], thick, 2):
            part = now[slab.read]
            moved = _curvature(part, spacing_mm)
            moved *= np.float32(length)
            moved += part
            after[slab.keep] = moved[slab.inner]
        now, after = after, np.empty_like(array) if step == 0 and steps > 1 else now
    return now


def _curvature(now: Single, spacing_mm: Sequence[float]) -> Single:
    first = [_central(now, axis, h) for axis, h in enumerate(spacing_mm)]
    strength = sum((slope**2 for slope in first), np.zeros_like(now))
    bend, trace = np.zeros_like(now), np.zeros_like(now)
    for i, h in enumerate(spacing_mm):
        second = _second(now, i, h)
        trace += second
        bend += second * first[i] ** 2
        for j in range(i + 1, len(spacing_mm)):
            bend += 2 * first[i] * first[j] * _central(first[i], j, spacing_mm[j])
    flat = strength <= np.finfo(np.float32).tiny
    trace -= bend / np.where(flat, np.float32(1), strength)
    trace[flat] = 0
    return trace


def speckle_reducing(array: Single, spacing_mm: Sequence[float], steps: int, decay: float, start: float) -> Single:
    """Yu and Acton's diffusion (doi:10.1109/TIP.2002.804276) of a picture that is nowhere negative.

    The conductance falls with the coefficient of variation of the 2n neighbours, for n = 2
    q^2 = (1/2 |grad|^2 - 1/16 lap^2) / (1 + 1/4 lap)^2 of the relative differences, and between two pixels it is the
    smaller of theirs, so that mirrored pictures stay mirrored. `start` is the speckle's own coefficient,
    which falls as exp(-decay * step / 6).
    """
    nearest = min(spacing_mm)
    ratio = [np.float32(nearest / h) for h in spacing_mm]
    now = np.maximum(array, np.float32(np.finfo(np.float32).eps) * array.max(initial=0))
    length = np.float32(1 / (2 * sum(r**2 for r in ratio)))
    conducts = np.empty_like(now)

    def flow(slope: Single, axis: int, where: slice) -> Single:
        part = conducts[where]
        slope *= np.minimum(part[_but(axis, last=True)], part[_but(axis, last=False)])
        slope *= length * ratio[axis] ** 2
        return slope

    for step in range(steps if now.max(initial=0) > 0 else 0):
        speckle = max(float(start * np.exp(-decay * step / 6)), 1e-6) ** 2
        for slab in slabs.slabs(now.shape[0], slabs.thickness(now.shape), 1):
            variation = _variation(now[slab.read], ratio)[slab.inner]
            variation += np.float32(speckle**2)
            np.divide(np.float32(speckle * (1 + speckle)), variation, out=variation)
            np.minimum(variation, 1, out=conducts[slab.keep])
        _flown(now, flow)
    return now


def _variation(now: Single, ratio: Sequence[np.float32]) -> Single:
    """Squared coefficient of variation of the neighbours."""
    n, squares, total = now.ndim, np.zeros_like(now), np.zeros_like(now)
    for axis, r in enumerate(ratio):
        slope = np.diff(now, axis=axis)
        slope *= r
        for side, sign in ((_but(axis, last=True), np.add), (_but(axis, last=False), np.subtract)):
            squares[side] += slope**2 / 2
            sign(total[side], r * slope, out=total[side])
    squares /= now**2
    total /= now
    total /= 2 * n
    squares /= n
    squares -= total**2
    np.maximum(squares, 0, out=squares)
    total += 1
    np.maximum(total, np.float32(1e-3), out=total)
    squares /= total**2
    return squares


def _but(axis: int, *, last: bool) -> tuple[Any, ...]:
    """Everything but the last, or but the first, pixel along an axis."""
    return (slice(None),) * axis + (slice(None, -1) if last else slice(1, None),)


def _central(array: Single, axis: int, h: float) -> Single:
    """(u[+1] - u[-1]) / 2 h, with the outermost pixels repeated beyond the ends."""
    half = np.diff(array, axis=axis) / np.float32(2 * h)
    result = np.zeros_like(array)
    result[_but(axis, last=True)] += half
    result[_but(axis, last=False)] += half
    return result


def _second(array: Single, axis: int, h: float) -> Single:
    """(u[+1] - 2 u + u[-1]) / h^2, with the outermost pixels repeated beyond the ends."""
    step = np.diff(array, axis=axis) / np.float32(h * h)
    result = np.zeros_like(array)
    result[_but(axis, last=True)] += step
    result[_but(axis, last=False)] -= step
    return result
