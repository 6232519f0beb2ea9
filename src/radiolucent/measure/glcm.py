"""Grey level co-occurrence: which grey levels lie side by side."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from radiolucent.core import Image, Mask
from radiolucent.kernels.grey_levels import count_pairs

from .aggregate import Directional, Matrix, over_directions
from .discretise import Bins, BinWidth, Label, Levels, OutlierSigma, RangeHigh, RangeLow, cut_out, discretised

IBSI_CODES = {
    "joint_maximum": "GYBY",
    "joint_average": "60VM",
    "joint_variance": "UR99",
    "joint_entropy": "TU9B",
    "difference_average": "TF7R",
    "difference_variance": "D3YU",
    "difference_entropy": "NTRS",
    "sum_average": "ZGXS",
    "sum_variance": "OEEB",
    "sum_entropy": "P6QZ",
    "angular_second_moment": "8ZQL",
    "contrast": "ACUI",
    "dissimilarity": "8S9J",
    "inverse_difference": "IB1Z",
    "normalised_inverse_difference": "NDRX",
    "inverse_difference_moment": "WF0Z",
    "normalised_inverse_difference_moment": "1QCO",
    "inverse_variance": "E8JP",
    "correlation": "NI2N",
    "autocorrelation": "QWB0",
    "cluster_tendency": "DG8W",
    "cluster_shade": "7NFM",
    "cluster_prominence": "AE86",
    "information_correlation_1": "R8DG",
    "information_correlation_2": "JN9H",
}
"""Every feature by name, with its IBSI code."""

MOST_CELLS = 2**20
"""Cells of co-occurrence matrices that are counted in one pass."""


def glcm(
    image: Image,
    mask: Mask | None = None,
    *,
    aggregation: Directional = "3d_average",
    label: Label = 1,
    bins: Bins = 32,
    bin_width: BinWidth = None,
    range_low: RangeLow = None,
    range_high: RangeHigh = None,
    outlier_sigma: OutlierSigma = None,
) -> dict[str, float]:
    """Measure the co-occurrence of grey levels of voxels side by side in a region or the whole picture.

    The 25 features of IBSI (Zwanenburg et al. 2020, doi:10.1148/radiol.2020191145; codes in `IBSI_CODES`) at a
    Chebyshev distance of 1, pairs counted both ways, entropies in bits. Left out where undefined: everything without
    a pair of voxels; correlation and the first information correlation where there is one grey level only.
    """
    roi = cut_out(image, mask, label, range_low, range_high, outlier_sigma)
    return glcm_of(discretised(roi, bins, bin_width), aggregation)


def glcm_of(levels: Levels, aggregation: str) -> dict[str, float]:
    """The features of discretised grey levels."""
    return over_directions(levels, aggregation, partial(_pairs, levels), _features)


def _pairs(levels: Levels, start: int, stop: int, steps: Matrix) -> Iterator[Matrix]:
    """A symmetric matrix for each step; where they are large, a few at a time."""
    n = levels.count + 1
    at_once = max(MOST_CELLS // n**2, 1)
    for first in range(0, len(steps), at_once):
        part = steps[first : first + at_once]
        counts = np.zeros((len(part), n, n), np.int64)
        count_pairs(levels.flat, start, stop, part, counts)
        for one in counts[:, 1:, 1:]:
            yield one + one.T


def _features(counts: Matrix, _voxels: int) -> dict[str, float]:
    total = counts.sum()
    if not total:
        return {}
    p = counts / total
    n = len(p)
    level = np.arange(1, n + 1, dtype=np.float64)
    margin = p.sum(axis=0)
    mean = float(level @ margin)
    away = level - mean
    variance = float(away**2 @ margin)
    autocorrelation = float(level @ p @ level)
    apart, together = _apart(p), _together(p)
    k, s = np.arange(n), np.arange(2, 2 * n + 1)
    spread = float(k @ apart)
    sum_away = s - 2 * mean
    return {
        "joint_maximum": float(p.max()),
        "joint_average": mean,
        "joint_variance": variance,
        "joint_entropy": entropy(p),
        "difference_average": spread,
        "difference_variance": float((k - spread) ** 2 @ apart),
        "difference_entropy": entropy(apart),
        "sum_average": 2 * mean,
        "sum_variance": float(sum_away**2 @ together),
        "sum_entropy": entropy(together),
        "angular_second_moment": float((p * p).sum()),
        "contrast": float(k**2 @ apart),
        "dissimilarity": spread,
        "inverse_difference": float((1 / (1 + k)) @ apart),
        "normalised_inverse_difference": float((1 / (1 + k / n)) @ apart),
        "inverse_difference_moment": float((1 / (1 + k**2)) @ apart),
        "normalised_inverse_difference_moment": float((1 / (1 + (k / n) ** 2)) @ apart),
        "inverse_variance": float((1 / k[1:] ** 2) @ apart[1:]),
        **({"correlation": (autocorrelation - mean**2) / variance} if variance > 1e-12 else {}),
        "autocorrelation": autocorrelation,
        "cluster_tendency": float(sum_away**2 @ together),
        "cluster_shade": float(sum_away**3 @ together),
        "cluster_prominence": float(sum_away**4 @ together),
        **_information(p, margin),
    }


def entropy(p: NDArray[np.float64]) -> float:
    """Entropy [bits] of probabilities."""
    present = p[p > 0]
    return float(-(present @ np.log2(present))) + 0.0


@cache
def _cells(n: int) -> tuple[Matrix, Matrix]:
    """Difference and sum of the levels of every cell."""
    i, j = np.indices((n, n), np.int16)
    return np.abs(i - j).ravel(), (i + j).ravel()


def _apart(p: Matrix) -> Matrix:
    """Probability of a difference of 0, 1 .. n - 1 levels."""
    return np.bincount(_cells(len(p))[0], p.ravel(), len(p))


def _together(p: Matrix) -> Matrix:
    """Probability of a sum of 2 .. 2 n levels."""
    return np.bincount(_cells(len(p))[1], p.ravel(), 2 * len(p) - 1)


def _information(p: Matrix, margin: Matrix) -> dict[str, float]:
    """How much one level tells about its neighbour; the matrix is symmetric, so both margins are one."""
    of_one, of_both = entropy(margin), entropy(p)
    independent = 2 * of_one  # the entropy of the margins' product, weighted by either distribution
    second = {"information_correlation_2": float(np.sqrt(max(0.0, 1 - np.exp(-2 * (independent - of_both)))))}
    return ({"information_correlation_1": (of_both - independent) / of_one} if of_one > 1e-12 else {}) | second
