"""Blends of two training pictures and what is wanted of them."""

from __future__ import annotations

from typing import Any

import numpy as np


def mixed(x: Any, t: Any, alpha: float, generator: np.random.Generator) -> tuple[Any, Any]:
    """Blend each picture and its label with another of the batch (mixup, arXiv:1710.09412)."""
    if alpha <= 0:
        return x, t
    share = generator.beta(alpha, alpha, len(x)).astype(np.float32)
    share = np.maximum(share, 1 - share)
    other = generator.permutation(len(x))
    wide = share.reshape(-1, *[1] * (x.ndim - 1))
    return wide * x + (1 - wide) * x[other], share[:, None] * t + (1 - share[:, None]) * t[other]


def cut(x: Any, t: Any, alpha: float, generator: np.random.Generator) -> tuple[Any, Any]:
    """Put a box of another picture of the batch into each, and blend the labels as the areas (cutmix, arXiv:1905.04899)."""
    if alpha <= 0:
        return x, t
    n, sides = len(x), x.shape[1:-1]
    share = generator.beta(alpha, alpha, n)
    part = np.minimum(share, 1 - share) ** (1 / len(sides))
    inside = np.ones((n, *(1,) * len(sides)), bool)
    for axis, side in enumerate(sides):
        length = np.rint(part * side)
        first = np.floor(generator.random(n) * (side - length + 1))
        at = np.arange(side)
        here = (at >= first[:, None]) & (at < (first + length)[:, None])
        inside = inside & here.reshape(n, *(side if other == axis else 1 for other in range(len(sides))))
    other = generator.permutation(n)
    taken = inside.mean(axis=tuple(range(1, inside.ndim)))[:, None].astype(np.float32)
    return np.where(inside[..., None], x[other], x), (1 - taken) * t + taken * t[other]


def blended(x: Any, t: Any, generator: np.random.Generator, *, mixup: float, cutmix: float) -> tuple[Any, Any]:
    """Mixup or cutmix by their parameters; with both, a coin decides for each batch."""
    if mixup > 0 and cutmix > 0:
        mixup, cutmix = (mixup, 0.0) if generator.random() < 0.5 else (0.0, cutmix)
    return cut(*mixed(x, t, mixup, generator), cutmix, generator)
