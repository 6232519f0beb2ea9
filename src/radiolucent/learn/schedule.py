"""How long a net is trained, how many are averaged, and how fast each step learns."""

from __future__ import annotations

import math

import numpy as np


def default_steps(n: int) -> int:
    """Optimizer steps for `n` pictures: many passes over a few, few passes over many."""
    return int(np.clip(60 * n / 64, 300, 800))


def default_members(steps: int, n: int) -> int:
    """Nets to average, up to three: one net's AUC swings by 0.04 with its first weights when the pictures are few.

    Under 200 pictures it is one, for 300 steps already are a hundred passes, and a small study should end soon.
    """
    return int(np.clip(1600 // steps, 1, 3)) if n >= 200 else 1


def schedule(done: float, *, warm: float = 0.1) -> float:
    """Factor of the learning rate after the fraction `done`: a linear rise, then half a cosine down to 0."""
    if done < warm:
        return (done + 1e-3) / (warm + 1e-3)
    return 0.5 * (1 + math.cos(math.pi * (done - warm) / (1 - warm)))
