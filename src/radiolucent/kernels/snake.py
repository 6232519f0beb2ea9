"""A closed elastic curve drawn towards the high places of a picture: the snake of Kass, Witkin and Terzopoulos."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RectBivariateSpline

Array = NDArray[Any]
KEPT = 10
"""How many earlier curves a curve is compared with to see that it rests."""


def snake(
    height: Array, points: Array, spacing: tuple[float, float], *,
    alpha: float, beta: float, gamma: float, rounds: int, most: float = 1.0, still: float = 0.1,
) -> tuple[NDArray[np.float64], int]:  # fmt: skip
    """The curve (n, 2) at rest, in units of the spacing like `points`, and the rounds that it took.

    Each round solves (alpha, beta and 1 / step implicit, forces explicit) by Fourier transform, for the matrix of a closed
    curve is circulant; no point moves by more than `most` in a round. It rests once a curve comes back within
    `still` of one of the ten before. scikit-image's scheme. Kass 1988, doi:10.1007/BF00133570.
    """
    at = [np.arange(n) * step for n, step in zip(height.shape, spacing, strict=True)]
    ground = RectBivariateSpline(*at, height, kx=2, ky=2, s=0)
    now = np.array(points, np.float64)
    bend = 2 - 2 * np.cos(2 * np.pi * np.arange(len(now) // 2 + 1) / len(now))
    stiff = (gamma + alpha * bend + beta * bend**2)[:, None]
    earlier = np.empty((KEPT, *now.shape))
    for turn in range(rounds):
        force = np.stack([ground(*now.T, dx=1, grid=False), ground(*now.T, dy=1, grid=False)], axis=1)
        wanted = np.fft.irfft(np.fft.rfft(gamma * now + force, axis=0) / stiff, len(now), axis=0)
        now += most * np.tanh(wanted - now)
        place = turn % (KEPT + 1)
        if place < KEPT:
            earlier[place] = now
        elif np.abs(earlier - now).sum(axis=2).max(axis=1).min() < still:
            return now, turn + 1
    return now, rounds
