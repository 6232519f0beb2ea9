"""Diffusion that stops at edges, of a bare n-D array of float32, explicit in time and reflecting at the ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
    now = array.copy()
    for _ in range(steps):
        change = np.zeros_like(now)
        for axis, h in enumerate(spacing_mm):
            slope = np.diff(now, axis=axis)
            slope /= np.float32(h)
            flow = conductance(slope)
            flow *= slope
            flow *= np.float32(length / h)
            change[_but(axis, last=True)] += flow
            change[_but(axis, last=False)] -= flow
        now += change
    return now


def curvature_motion(array: Single, spacing_mm: Sequence[float], time_mm2: float) -> Single:
    """du/dt = |grad u| div(grad u / |grad u|): each level set moves along its normal by its curvature.

    Written out, trace(H) - n' H n with n = grad u / |grad u|, so no division happens where the ground is flat.
    """
    steps, length = steps_and_length(time_mm2, spacing_mm)
    now = array.copy()
    for _ in range(steps):
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
        now += np.float32(length) * np.where(flat, 0, trace - bend / np.where(flat, 1, strength))
    return now


def speckle_reducing(array: Single, spacing_mm: Sequence[float], steps: int, decay: float, start: float) -> Single:
    """Yu and Acton's diffusion (doi:10.1109/TIP.2002.804276) of a picture that is nowhere negative.

    The conductance falls with the coefficient of variation of the 2n neighbours, for n = 2
    q^2 = (1/2 |grad|^2 - 1/16 lap^2) / (1 + 1/4 lap)^2 of the relative differences, and between two pixels it is the
    smaller of theirs, so that mirrored pictures stay mirrored. `start` is the speckle's own coefficient,
    which falls as exp(-decay * step / 6).
    """
    nearest = min(spacing_mm)
    ratio = [np.float32(nearest / h) for h in spacing_mm]
    n, now = len(spacing_mm), np.maximum(array, np.float32(np.finfo(np.float32).eps) * array.max(initial=0))
    length = np.float32(1 / (2 * sum(r**2 for r in ratio)))
    for step in range(steps if now.max(initial=0) > 0 else 0):
        speckle = max(float(start * np.exp(-decay * step / 6)), 1e-6) ** 2
        squares, total = np.zeros_like(now), np.zeros_like(now)
        for axis, r in enumerate(ratio):
            slope = np.diff(now, axis=axis) * r
            for side, sign in ((_but(axis, last=True), 1), (_but(axis, last=False), -1)):
                squares[side] += slope**2 / 2
                total[side] += sign * r * slope
        squares /= now**2
        total /= now
        variation = np.maximum(squares / n - (total / (2 * n)) ** 2, 0) / np.maximum(1 + total / (2 * n), 1e-3) ** 2
        conducts = np.minimum(speckle * (1 + speckle) / (variation + speckle**2), 1).astype(np.float32)
        now += length * _divergence(now, conducts, ratio)
    return now


def _divergence(now: Single, conducts: Single, ratio: Sequence[np.float32]) -> Single:
    result = np.zeros_like(now)
    for axis, r in enumerate(ratio):
        low, high = _but(axis, last=True), _but(axis, last=False)
        flow = np.diff(now, axis=axis) * np.minimum(conducts[low], conducts[high]) * r**2
        result[low] += flow
        result[high] -= flow
    return result


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
