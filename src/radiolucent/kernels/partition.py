"""The best partition of one frame into a few flat classes with a short boundary, by convex relaxation, 2-D and 3-D.

Minimises sum over classes of u_k (value - level_k)^2 + smoothness x total variation of u_k / 2 over shares u_k that sum to
one in each pixel: Chambolle and Pock's primal-dual steps (doi:10.1007/s10851-010-0251-1). For two classes the relaxation is
exact: every threshold of u is a best partition (Chan, Esedoglu and Nikolova, doi:10.1137/040615286).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def shares(cost: Array, weights: tuple[float, ...], *, rounds: int, tolerance: float = 1e-4) -> Array:
    """Shares u (classes, *shape) of least energy for `cost` (classes, *shape); `weights`: price of a face per axis."""
    axes = [axis for axis in range(cost.ndim - 1) if cost.shape[axis + 1] > 1]
    cost = np.asarray(cost, np.float32)
    now = _on_simplex(-cost * np.float32(1 / max(float(np.ptp(cost)), 1e-12)))
    ahead = now.copy()
    dual = [np.zeros_like(now) for _ in axes]
    step = np.float32(0.95 / np.sqrt(4 * max(1, len(axes))))
    for _ in range(rounds):
        for p, axis in zip(dual, axes, strict=True):
            p[_but_last(axis)] += step * np.diff(ahead, axis=axis + 1)
            np.clip(p, -weights[axis] / 2, weights[axis] / 2, out=p)
        slope = sum((_divergence(p, axis) for p, axis in zip(dual, axes, strict=True)), np.zeros_like(now))
        after = _on_simplex(now + step * (slope - cost))
        moved = float(np.abs(after - now).mean())
        ahead, now = 2 * after - now, after
        if moved < tolerance:
            break
    return now


def _but_last(axis: int) -> tuple[slice, ...]:
    return (slice(None),) * (axis + 1) + (slice(0, -1),)


def _divergence(p: Array, axis: int) -> Array:
    result = p.copy()
    result[(slice(None),) * (axis + 1) + (slice(1, None),)] -= p[_but_last(axis)]
    return result


def _on_simplex(v: Array) -> Array:
    """The nearest shares that are not negative and sum to one, per pixel (Duchi et al. 2008)."""
    if len(v) == 2:
        first = np.clip((v[0] - v[1] + 1) / 2, 0, 1)
        return np.stack([first, 1 - first])
    ordered = -np.sort(-v, axis=0)
    count = np.arange(1, len(v) + 1, dtype=v.dtype).reshape((-1,) + (1,) * (v.ndim - 1))
    excess = (np.cumsum(ordered, axis=0) - 1) / count
    held = (ordered > excess).sum(axis=0)
    return np.maximum(v - np.take_along_axis(excess, held[None] - 1, axis=0), 0)
