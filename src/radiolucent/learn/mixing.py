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
