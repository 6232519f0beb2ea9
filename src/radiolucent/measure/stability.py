"""How far repeated measurements agree: intraclass correlation, with its interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import f as fisher

from radiolucent.core import InputError

Numbers = NDArray[np.float64]
Form = Literal["1,1", "2,1", "3,1"]

BANDS = ((0.9, "excellent"), (0.75, "good"), (0.5, "moderate"), (-np.inf, "poor"))
"""What the lower end of the interval says (Koo & Li 2016, doi:10.1016/j.jcm.2016.02.012)."""


@dataclass(frozen=True, eq=False)
class Agreement:
    """Intraclass correlation of each feature with the ends of its interval; NaN where nothing varies."""

    value: Numbers
    low: Numbers
    high: Numbers

    @property
    def bands(self) -> list[str]:
        """Excellent, good, moderate or poor by the interval's lower end; undefined where there is none."""
        return [
            "undefined" if np.isnan(low) else next(word for least, word in BANDS if low >= least) for low in self.low
        ]


def icc(ratings: NDArray[Any], *, form: Form = "1,1", level: float = 0.95) -> Agreement:
    """Intraclass correlation of `ratings` (n subjects, k repeats, features or none) by Shrout & Fleiss.

    "1,1": repeats are alike in kind (one-way; test-retest, random perturbations). "2,1": repeat j is the same for all
    and drawn from many, absolute agreement. "3,1": repeat j is the same for all, consistency: a constant shift does
    not count. doi:10.1037/0033-2909.86.2.420.
    """
    given = np.asarray(ratings, np.float64)
    given = given[:, :, None] if given.ndim == 2 else given
    n, k = given.shape[:2]
    if n < 2 or k < 2:
        raise InputError(f"agreement needs at least 2 subjects with 2 measurements each; there are {n} with {k}")
    between, within, judges, error = _mean_squares(given)
    with np.errstate(divide="ignore", invalid="ignore"):
        if form == "2,1":
            return _absolute(n, k, between, judges, error, level)
        noise, freedom = (within, n * (k - 1)) if form == "1,1" else (error, (n - 1) * (k - 1))
        ratio = between / noise
        lower = ratio / fisher.ppf((1 + level) / 2, n - 1, freedom)
        upper = ratio * fisher.ppf((1 + level) / 2, freedom, n - 1)
        return Agreement(*(_share(one, k) for one in (ratio, lower, upper)))


def _mean_squares(given: Numbers) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Between subjects, within them, between repeats, and what is left."""
    n, k = given.shape[:2]
    grand = given.mean(axis=(0, 1))
    subjects, repeats = given.mean(axis=1), given.mean(axis=0)
    between = k * ((subjects - grand) ** 2).sum(axis=0)
    judges = n * ((repeats - grand) ** 2).sum(axis=0)
    within = ((given - subjects[:, None]) ** 2).sum(axis=(0, 1))
    error = np.maximum(within - judges, 0)
    tiny = 1e-20 * n * k * (given**2).mean(axis=(0, 1))  # what is equal up to rounding is equal
    between, within, judges, error = (np.where(one > tiny, one, 0.0) for one in (between, within, judges, error))
    return between / (n - 1), within / (n * (k - 1)), judges / (k - 1), error / ((n - 1) * (k - 1))


def _share(ratio: Numbers, k: int) -> Numbers:
    """(F - 1) / (F + k - 1), and its limit 1 where there is no noise."""
    return np.where(np.isinf(ratio), 1.0, (ratio - 1) / (ratio + k - 1))


def _absolute(n: int, k: int, between: Numbers, judges: Numbers, error: Numbers, level: float) -> Agreement:
    value = (between - error) / (between + (k - 1) * error + k * (judges - error) / n)
    shift, rest = judges / error, n * (1 + (k - 1) * value) - k * value
    freedom = (k - 1) * (n - 1) * (k * value * shift + rest) ** 2
    freedom = freedom / ((n - 1) * (k * value * shift) ** 2 + rest**2)
    above = fisher.ppf((1 + level) / 2, n - 1, freedom)
    below = fisher.ppf((1 + level) / 2, freedom, n - 1)
    spread = k * judges + (k * n - k - n) * error
    low = n * (between - above * error) / (above * spread + n * between)
    high = n * (below * between - error) / (spread + n * below * between)
    return Agreement(value, low, high)
