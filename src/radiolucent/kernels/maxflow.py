"""The least cut of a grid: Boykov and Kolmogorov's maximum flow with two search trees, compiled by numba.

Nodes are the pixels of an n-D array, arcs join face neighbours both ways, and every pixel has an arc from the source or to
the sink. Two trees grow from source and sink; where they meet, flow is pushed through; what loses its parent is
adopted again or set free (doi:10.1109/TPAMI.2004.60). Memory in 3-D: 71 bytes a pixel, the capacities included.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[Any]

FREE, SOURCE, SINK = 0, 1, 2
NONE, ROOT, ORPHAN = -1, -2, -3
"""Parents that are no direction."""
HEAD, TAIL, TIME, FIRST, LAST = 0, 1, 2, 3, 4
"""Places in `Graph.state`: the queue of active nodes, the clock, the ring of orphans."""
FAR = np.int32(2**31 - 1)


class Graph(NamedTuple):
    """Residual capacities and the two trees; `step[d]` leads to the neighbour in direction d, d ^ 1 leads back."""

    arc: Array  # (nodes, directions), float32
    end: Array  # from the source where positive, to the sink where negative; float64
    step: Array
    tree: Array
    parent: Array
    distance: Array
    stamp: Array
    following: Array
    orphans: Array
    state: Array


def least_cut(to_source: Array, to_sink: Array, arcs: Array) -> tuple[NDArray[np.bool_], float]:
    """Which pixels stay with the source in the least cut, and the cut's value.

    `to_source`, `to_sink`: capacity of each pixel's arcs from the source and to the sink, n-D, not negative. `arcs`: (n,
    *shape), the capacity between each pixel and the next one along each axis, the same both ways; the last is ignored.
    """
    shape = to_source.shape
    wide = tuple(size + 2 for size in shape)
    inner = (slice(1, -1),) * len(shape)
    arc = np.zeros((*wide, 2 * len(shape)), np.float32)
    for axis, capacity in enumerate(arcs):
        here = tuple(slice(1, -2) if k == axis else slice(1, -1) for k in range(len(shape)))
        there = tuple(slice(2, -1) if k == axis else slice(1, -1) for k in range(len(shape)))
        inside = np.moveaxis(np.moveaxis(capacity, axis, 0)[:-1], 0, axis)
        arc[..., 2 * axis][here] = inside
        arc[..., 2 * axis + 1][there] = inside
    end = np.zeros(wide)
    end[inner] = np.asarray(to_source, np.float64) - to_sink
    flow = float(np.minimum(to_source, to_sink).sum(dtype=np.float64))
    strides = [int(np.prod(wide[axis + 1 :])) for axis in range(len(shape))]
    step = np.array([sign * stride for stride in strides for sign in (1, -1)], np.int64)
    tree, pushed = _solve(arc.reshape(-1, 2 * len(shape)), end.reshape(-1), step)
    return np.ascontiguousarray(tree.reshape(wide)[inner] == SOURCE), flow + float(pushed)


@njit(cache=True, nogil=True)
def _solve(arc: Array, end: Array, step: Array) -> tuple[Array, float]:
    n = len(end)
    graph = Graph(
        arc, end, step, np.zeros(n, np.int8), np.full(n, NONE, np.int8), np.zeros(n, np.int32), np.zeros(n, np.int32),
        np.full(n, -1, np.int64), np.empty(n, np.int64), np.array([-1, -1, 0, 0, 0], np.int64),
    )  # fmt: skip
    for p in range(n):
        if end[p] != 0:
            graph.tree[p] = SOURCE if end[p] > 0 else SINK
            graph.parent[p] = ROOT
            graph.distance[p] = 1
            _activate(graph, p)
    flow, p = 0.0, -1
    while True:
        if p < 0 or graph.tree[p] == FREE:
            p = _next_active(graph)
            if p < 0:
                return graph.tree, flow
        meets = _grow(graph, p)
        if meets < 0:
            p = -1
            continue
        graph.state[TIME] += 1
        if graph.tree[p] == SOURCE:
            flow += _augment(graph, p, p + step[meets], meets)
        else:
            flow += _augment(graph, p + step[meets], p, meets ^ 1)
        while graph.state[FIRST] != graph.state[LAST]:
            _adopt(graph, _next_orphan(graph))


@njit(cache=True, nogil=True)
def _activate(graph: Graph, p: int) -> None:
    """To the end of the queue, unless it waits there; the last one points at itself."""
    if graph.following[p] < 0:
        if graph.state[TAIL] < 0:
            graph.state[HEAD] = p
        else:
            graph.following[graph.state[TAIL]] = p
        graph.state[TAIL] = p
        graph.following[p] = p


@njit(cache=True, nogil=True)
def _next_active(graph: Graph) -> int:
    while graph.state[HEAD] >= 0:
        p = graph.state[HEAD]
        if graph.following[p] == p:
            graph.state[HEAD] = graph.state[TAIL] = -1
        else:
            graph.state[HEAD] = graph.following[p]
        graph.following[p] = -1
        if graph.tree[p] != FREE:
            return p
    return -1


@njit(cache=True, nogil=True)
def _open(graph: Graph, p: int, d: int, towards: int) -> bool:
    """Whether the tree of p can reach its neighbour in direction d: with the flow from the source, against it from the sink."""
    if towards == SOURCE:
        return graph.arc[p, d] > 0
    return graph.arc[p + graph.step[d], d ^ 1] > 0


@njit(cache=True, nogil=True)
def _grow(graph: Graph, p: int) -> int:
    """Take in free neighbours; the direction in which the other tree was met, or -1."""
    kind = graph.tree[p]
    for d in range(len(graph.step)):
        if not _open(graph, p, d, kind):
            continue
        q = p + graph.step[d]
        if graph.tree[q] == FREE:
            graph.tree[q] = kind
            graph.parent[q] = d ^ 1
            graph.stamp[q] = graph.stamp[p]
            graph.distance[q] = graph.distance[p] + 1
            _activate(graph, q)
        elif graph.tree[q] != kind:
            _activate(graph, p)
            return d
        elif graph.stamp[q] <= graph.stamp[p] and graph.distance[q] > graph.distance[p] + 1:
            graph.parent[q] = d ^ 1
            graph.stamp[q] = graph.stamp[p]
            graph.distance[q] = graph.distance[p] + 1
    return -1


@njit(cache=True, nogil=True)
def _augment(graph: Graph, upper: int, lower: int, d: int) -> float:
    """Push what the narrowest arc allows along source - upper - lower - sink."""
    most = float(graph.arc[upper, d])
    p = upper
    while graph.parent[p] != ROOT:
        up = graph.parent[p]
        p += graph.step[up]
        most = min(most, float(graph.arc[p, up ^ 1]))
    most = min(most, graph.end[p])
    p = lower
    while graph.parent[p] != ROOT:
        most = min(most, float(graph.arc[p, graph.parent[p]]))
        p += graph.step[graph.parent[p]]
    most = min(most, -graph.end[p])
    graph.arc[upper, d] -= most
    graph.arc[lower, d ^ 1] += most
    _push(graph, upper, most, SOURCE)
    _push(graph, lower, most, SINK)
    return most


@njit(cache=True, nogil=True)
def _push(graph: Graph, p: int, most: float, kind: int) -> None:
    """Along the way to the root; what is used up makes an orphan."""
    while graph.parent[p] != ROOT:
        up = graph.parent[p]
        q = p + graph.step[up]
        if kind == SOURCE:
            graph.arc[p, up] += most
            graph.arc[q, up ^ 1] -= most
            spent = graph.arc[q, up ^ 1] <= 0
        else:
            graph.arc[q, up ^ 1] += most
            graph.arc[p, up] -= most
            spent = graph.arc[p, up] <= 0
        if spent:
            _orphan(graph, p)
        p = q
    graph.end[p] += -most if kind == SOURCE else most
    if graph.end[p] == 0:
        _orphan(graph, p)


@njit(cache=True, nogil=True)
def _orphan(graph: Graph, p: int) -> None:
    graph.parent[p] = ORPHAN
    graph.orphans[graph.state[LAST]] = p
    graph.state[LAST] = (graph.state[LAST] + 1) % len(graph.orphans)


@njit(cache=True, nogil=True)
def _next_orphan(graph: Graph) -> int:
    p = graph.orphans[graph.state[FIRST]]
    graph.state[FIRST] = (graph.state[FIRST] + 1) % len(graph.orphans)
    return p


@njit(cache=True, nogil=True)
def _adopt(graph: Graph, p: int) -> None:
    """Hang an orphan under the neighbour of its tree that is nearest to the root, or set it free."""
    kind = graph.tree[p]
    best, least = NONE, FAR
    for d in range(len(graph.step)):
        q = p + graph.step[d]
        if graph.tree[q] == kind and _open(graph, q, d ^ 1, kind):
            far = _distance(graph, q)
            if far < least:
                best, least = d, far
    graph.parent[p] = best
    if best != NONE:
        graph.stamp[p] = graph.state[TIME]
        graph.distance[p] = least + 1
        return
    for d in range(len(graph.step)):
        q = p + graph.step[d]
        if graph.tree[q] == kind:
            if _open(graph, q, d ^ 1, kind):
                _activate(graph, q)
            if graph.parent[q] == d ^ 1:
                _orphan(graph, q)
    graph.tree[p] = FREE


@njit(cache=True, nogil=True)
def _distance(graph: Graph, q: int) -> Any:
    """How far the root is, or FAR where the way ends at an orphan; what is found on the way is stamped."""
    now, far, p = graph.state[TIME], 0, q
    while graph.stamp[p] != now:
        up = graph.parent[p]
        if up in (ORPHAN, NONE):
            return FAR
        far += 1
        if up == ROOT:
            graph.stamp[p] = now
            graph.distance[p] = 1
            break
        p += graph.step[up]
    else:
        far += graph.distance[p]
    found, p = far, q
    while graph.stamp[p] != now:
        graph.stamp[p] = now
        graph.distance[p] = far
        far -= 1
        p += graph.step[graph.parent[p]]
    return found
