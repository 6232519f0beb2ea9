"""The exact median of values that come in parts: counted, not sorted, so that no copy of them all is held."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Parts = Callable[[], Iterable[NDArray[np.float32]]]
"""Gives the values anew each time it is called."""

BITS = 16


def median_size(parts: Parts) -> float:
    """The median of the absolute values, in float32 as numpy's; 0 of none.

    The bits of a positive float stand in the order of its value: the upper half says in which bin of values the middle
    lies, and the lower half where in that bin.
    """
    counts = np.zeros(1 << BITS, np.int64)
    for part in parts():
        _count_upper(_row(part), counts)
    total = int(counts.sum())
    if not total:
        return 0.0
    found = [_at(place, counts, parts) for place in sorted({(total - 1) // 2, total // 2})]
    return float(np.mean(np.array(found, np.float32)))


def _at(place: int, counts: NDArray[np.int64], parts: Parts) -> np.float32:
    below = np.cumsum(counts)
    upper = int(np.searchsorted(below, place, side="right"))
    lower = np.zeros(1 << BITS, np.int64)
    for part in parts():
        _count_lower(_row(part), upper, lower)
    rest = place - (int(below[upper]) - int(counts[upper]))
    bits = (upper << BITS) + int(np.searchsorted(np.cumsum(lower), rest, side="right"))
    return np.float32(np.array(bits, np.uint32).view(np.float32))


def _row(part: NDArray[Any]) -> NDArray[np.uint32]:
    return np.ascontiguousarray(part, np.float32).reshape(-1).view(np.uint32)


@njit(cache=True, nogil=True)
def _count_upper(bits, counts):  # type: ignore[no-untyped-def]
    for one in bits:
        counts[(one & 0x7FFFFFFF) >> 16] += 1


@njit(cache=True, nogil=True)
def _count_lower(bits, upper, counts):  # type: ignore[no-untyped-def]
    for one in bits:
        if (one & 0x7FFFFFFF) >> 16 == upper:
            counts[one & 0xFFFF] += 1
