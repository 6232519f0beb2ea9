"""The median of boxes three pixels wide, by a selection network on long rows.

A network is a fixed list of minima and maxima, so it runs on whole rows at once and its result is exact. Sorted triples
along the first axis are shared by the three boxes that meet there, and so are sorted nines along the second: a box
of 27 costs 106 minima and maxima a pixel.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Gate = tuple[Callable[..., Any], int, int]
"""A minimum or maximum of two wires; its result is the next wire."""

ROW_BYTES = 1 << 16
"""Length of the rows: all that a network holds at once then stays in the processor's cache."""


class Program(NamedTuple):
    """Gates as (minimum or maximum, from, from, into); the slots 0 to `inputs` - 1 are what goes in."""

    gates: tuple[tuple[Callable[..., Any], int, int, int], ...]
    outputs: tuple[int, ...]
    inputs: int
    slots: int


def median_of_three(wide: Array, axes: Sequence[int]) -> Array:
    """The median over three pixels along each of one to three `axes`; `wide` has a pixel more on both sides there."""
    flat = np.ascontiguousarray(wide).reshape(-1)
    strides = [int(np.prod(wide.shape[axis + 1 :])) for axis in sorted(axes)]
    result = np.empty_like(flat)
    reach = 2 * sum(strides)
    row = max(ROW_BYTES // flat.itemsize, 4 * (reach - 2 * strides[0]))
    pool = np.empty((_middle(3 ** (len(axes) - 1)).slots + 9, row + reach), flat.dtype)
    for start in range(0, flat.size - reach, row):
        stop = min(start + row, flat.size - reach)
        _row_of_medians(flat[start : stop + reach], strides, pool, result[start:stop])
    inner = tuple(slice(0, size - 2) if axis in axes else slice(None) for axis, size in enumerate(wide.shape))
    return result.reshape(wide.shape)[inner]


def _row_of_medians(flat: Array, strides: Sequence[int], pool: Array, into: Array) -> None:
    """Sort along each axis but the last, then take the middle along that."""
    lists = [flat]
    for stride in strides[:-1]:
        size = lists[0].size - 2 * stride
        shifted = [one[shift * stride : shift * stride + size] for shift in range(3) for one in lists]
        lists = [one.copy() for one in _run(_sorting(len(lists)), shifted, pool[:, :size])]
    stride = strides[-1]
    shifted = [one[shift * stride : shift * stride + into.size] for shift in range(3) for one in lists]
    into[...] = _run(_middle(len(lists)), shifted, pool[:, : into.size])[0]


def _run(program: Program, rows: list[Array], pool: Array) -> list[Array]:
    slots = [*rows, *pool]
    for gate, first, second, into in program.gates:
        gate(slots[first], slots[second], out=slots[into])
    return [slots[output] for output in program.outputs]


@cache
def _sorting(size: int) -> Program:
    """Three sorted lists of `size` into one."""
    gates: list[Gate] = []
    lists = [list(range(size * k, size * (k + 1))) for k in range(3)]
    return _pruned(gates, _merged(gates, 3 * size, _merged(gates, 3 * size, *lists[:2]), lists[2]), 3 * size)


@cache
def _middle(size: int) -> Program:
    """The median of three sorted lists of `size`.

    Sorted also across the lists, entry (i, j) has (i + 1) (j + 1) - 1 entries below it and (size - i) (3 - j) - 1 above;
    those with more than half of all on one side cannot be the median, and as many fall away on either side.
    """
    inputs, gates = 3 * size, list[Gate]()
    half = inputs // 2
    rows = [_merged(gates, inputs, _merged(gates, inputs, [i], [size + i]), [2 * size + i]) for i in range(size)]
    columns = [
        [rows[i][j] for i in range(size) if (i + 1) * (j + 1) - 1 <= half and (size - i) * (3 - j) - 1 <= half]
        for j in range(3)
    ]
    ordered = _merged(gates, inputs, _merged(gates, inputs, columns[0], columns[2]), columns[1])
    return _pruned(gates, [ordered[len(ordered) // 2]], inputs)


def _merged(gates: list[Gate], inputs: int, a: list[int], b: list[int]) -> list[int]:
    """Batcher's odd-even merging of two sorted lists of wires (Knuth, vol. 3, 5.3.4)."""
    if not a or not b:
        return a or b
    if len(a) == len(b) == 1:
        return list(_exchange(gates, inputs, a[0], b[0]))
    even = _merged(gates, inputs, a[::2], b[::2])
    odd = _merged(gates, inputs, a[1::2], b[1::2])
    result, pairs = [even[0]], min(len(even) - 1, len(odd))
    for lower, upper in zip(odd[:pairs], even[1 : pairs + 1], strict=True):
        result += _exchange(gates, inputs, lower, upper)
    return result + even[pairs + 1 :] + odd[pairs:]


def _exchange(gates: list[Gate], inputs: int, a: int, b: int) -> tuple[int, int]:
    gates += [(np.minimum, a, b), (np.maximum, a, b)]
    return inputs + len(gates) - 2, inputs + len(gates) - 1


def _pruned(gates: list[Gate], outputs: list[int], inputs: int) -> Program:
    """Without the gates that no output needs, in slots that are used again as soon as nobody reads them any more."""
    needed, kept = set(outputs), []
    for wire in range(inputs + len(gates) - 1, inputs - 1, -1):
        if wire in needed:
            gate, a, b = gates[wire - inputs]
            needed |= {a, b}
            kept.append((gate, a, b, wire))
    kept.reverse()
    last = {wire: place for place, (_, a, b, _) in enumerate(kept) for wire in (a, b)}
    slot, free, slots, placed = {i: i for i in range(inputs)}, list[int](), inputs, []
    for place, (gate, a, b, wire) in enumerate(kept):
        into = free.pop() if free else slots
        slots = max(slots, into + 1)
        slot[wire] = into
        placed.append((gate, slot[a], slot[b], into))
        free += [slot[w] for w in {a, b} if w >= inputs and last[w] == place and w not in outputs]
    return Program(tuple(placed), tuple(slot[wire] for wire in outputs), inputs, slots)
