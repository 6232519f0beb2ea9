"""GrowCut: a cellular automaton in which labelled cells attack their neighbours; compiled by numba.

Every generation each cell is conquered by its strongest attacker, if that is stronger than the cell itself; an attack is
as strong as the attacker, less what their values differ. All cells change at once, and of equally strong attackers the
lower label wins, so no order of walking through the picture matters. Only cells beside a change can change next.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[Any]


def growcut(values: Array, labels: Array, strength: Array, generations: int) -> tuple[Array, Array, int]:
    """Labels and strengths (0..1) after the automaton came to rest, or after `generations`; and how many it took.

    `strength` is 1 on seeds and 0 elsewhere, or anything between; face neighbours.
    """
    array = np.asarray(values, np.float32)
    span = float(array.max() - array.min()) or 1.0
    wide = np.pad(array / np.float32(span), 1)
    inner = (slice(1, -1),) * wide.ndim
    label, force = np.zeros(wide.shape, np.int32), np.zeros(wide.shape, np.float32)
    label[inner], force[inner] = labels, strength
    inside = np.zeros(wide.shape, np.bool_)
    inside[inner] = True
    steps = [int(np.prod(wide.shape[axis + 1 :])) for axis in range(wide.ndim)]
    neighbours = np.array([*steps, *(-step for step in steps)], np.int64)
    done = _run(wide.reshape(-1), label.reshape(-1), force.reshape(-1), inside.reshape(-1), neighbours, generations)
    return np.ascontiguousarray(label[inner]), np.ascontiguousarray(force[inner]), int(done)


@njit(cache=True, nogil=True)
def _run(values: Array, label: Array, force: Array, inside: Array, neighbours: Array, generations: int) -> int:
    changed = np.flatnonzero(label > 0)
    listed = np.zeros(len(values), np.int32)
    for generation in range(1, generations + 1):
        beside = np.empty(min(len(changed) * len(neighbours), len(values)), np.int64)
        n = 0
        for p in changed:
            for step in neighbours:
                q = p + step
                if inside[q] and listed[q] != generation:
                    listed[q] = generation
                    beside[n] = q
                    n += 1
        by_label, by_force = np.empty(n, np.int32), np.empty(n, np.float32)
        for k in range(n):
            by_label[k], by_force[k] = _strongest(values, label, force, neighbours, beside[k])
        conquered = 0
        for k in range(n):
            q = beside[k]
            if by_force[k] > force[q]:
                label[q], force[q] = by_label[k], by_force[k]
                beside[conquered] = q
                conquered += 1
        changed = beside[:conquered]
        if not conquered:
            return generation - 1
    return generations


@njit(cache=True, nogil=True)
def _strongest(values: Array, label: Array, force: Array, neighbours: Array, p: int) -> tuple[Any, Any]:
    best, most = np.int32(0), np.float32(0)
    for step in neighbours:
        q = p + step
        if label[q] > 0:
            attack = (np.float32(1) - abs(values[p] - values[q])) * force[q]
            if attack > most or (attack == most and label[q] < best):
                best, most = label[q], attack
    return best, most
