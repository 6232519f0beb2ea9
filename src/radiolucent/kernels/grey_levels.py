"""Counts over a volume of grey levels (1 .. n, 0 outside): pairs, runs, zones, neighbourhoods; compiled by numba.

Every function takes the flattened volume with a border of zeros one voxel wide, so that a neighbour is a fixed number
of entries away, and the half-open range of entries to visit (a slice, or all).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[Any]


@njit(cache=True, nogil=True)
def count_pairs(levels: Array, start: int, stop: int, steps: Array, counts: Array) -> None:
    """Add every pair of voxels that one of `steps` lies between to `counts` (steps, n + 1, n + 1), in one direction.

    Column 0 is for neighbours outside: to count them costs less than to ask. All steps in one pass over the volume.
    """
    for i in range(start, stop):
        here = levels[i]
        if here > 0:
            for k in range(len(steps)):
                counts[k, here, levels[i + steps[k]]] += 1


@njit(cache=True, nogil=True)
def count_runs(levels: Array, start: int, stop: int, step: int, counts: Array) -> None:
    """Add every run of one grey level along `step` (positive) to `counts` (n, longest run)."""
    for i in range(start, stop):
        here = levels[i]
        if here > 0 and levels[i - step] != here:
            end = i + step
            length = 1
            while levels[end] == here:
                end += step
                length += 1
            counts[here - 1, length - 1] += 1


@njit(cache=True, nogil=True)
def find_zones(levels: Array, start: int, stop: int, steps: Array, distance: Array, zones: Array, stack: Array) -> int:
    """Fill rows of `zones` with level, size and least `distance` of each connected zone; their number.

    `levels` is consumed: what has been visited becomes 0. `zones` (voxels, 3) and `stack` (voxels,) have room for each voxel.
    """
    found = 0
    for i in range(start, stop):
        level = levels[i]
        if level == 0:
            continue
        levels[i] = 0
        stack[0] = i
        waiting, size, near = 1, 0, distance[i]
        while waiting:
            waiting -= 1
            here = stack[waiting]
            size += 1
            near = min(near, distance[here])
            for step in steps:
                if levels[here + step] == level:
                    levels[here + step] = 0
                    stack[waiting] = here + step
                    waiting += 1
        zones[found, 0], zones[found, 1], zones[found, 2] = level, size, near
        found += 1
    return found


@njit(cache=True, nogil=True)
def city_block(inside: Array, steps: Array) -> Array:
    """Distance of every entry to the nearest one outside in moves of `steps`, exact after one sweep each way."""
    distance = np.zeros(len(inside), np.uint16)
    for i in range(len(inside)):
        if inside[i]:
            near = distance[i - steps[0]]
            for step in steps[1:]:
                near = min(near, distance[i - step])
            distance[i] = near + 1
    for i in range(len(inside) - 1, -1, -1):
        if inside[i]:
            for step in steps:
                distance[i] = min(distance[i], distance[i + step] + 1)
    return distance


@njit(cache=True, nogil=True)
def sum_tone_differences(levels: Array, start: int, stop: int, steps: Array, counts: Array, differences: Array) -> None:
    """Add, by grey level, the voxels that have a neighbour and how far they are from their neighbours' mean."""
    for i in range(start, stop):
        here = levels[i]
        if here == 0:
            continue
        total, near = 0, 0
        for step in steps:
            there = levels[i + step]
            if there > 0:
                total += there
                near += 1
        if near:
            counts[here - 1] += 1
            differences[here - 1] += abs(here - total / near)


@njit(cache=True, nogil=True)
def count_dependences(levels: Array, start: int, stop: int, steps: Array, coarseness: int, counts: Array) -> None:
    """Add every voxel to `counts` (n, neighbours + 1) by its level and how many neighbours are within `coarseness`."""
    for i in range(start, stop):
        here = np.int64(levels[i])
        if here == 0:
            continue
        alike = 0
        for step in steps:
            there = np.int64(levels[i + step])
            if there > 0 and abs(there - here) <= coarseness:
                alike += 1
        counts[here - 1, alike] += 1
