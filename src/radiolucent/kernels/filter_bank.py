"""One level of a discrete wavelet transform along one axis of a bare array, and back; compiled by numba.

c[o] = sum_j h[j] x[2 o + 1 - j], as PyWavelets has it. Four taps are taken at a time, of two filters at once, over long
rows that lie together in memory, so the processor works on whole vectors.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pywt
from numba import njit
from numpy.typing import NDArray

Array = NDArray[Any]
CHUNK = 2048
"""Samples of a row that are worked on together: the rows that meet in a filter then stay in the processor's cache."""


def split(array: Array, axis: int, wavelet: pywt.Wavelet, mode: str) -> tuple[Array, Array]:
    """The coarse and the detail half along one axis of float32 or float64; `mode` as PyWavelets names boundaries."""
    size, taps = array.shape[axis], wavelet.dec_len
    periodic = mode == "periodization"
    count = (size + 1) // 2 if periodic else (size + taps - 1) // 2
    filters = _by_fours([wavelet.dec_lo, wavelet.dec_hi], array.dtype)
    last = 1 + (taps // 2 - 1 if periodic else 0)  # x[last] meets the first tap of the first coefficient
    before = max(0, filters.shape[1] - 1 - last)
    places = np.arange(-before, max(size, 2 * count - 1 + last))
    shape = (*array.shape[:axis], count, *array.shape[axis + 1 :])
    halves = np.empty(shape, array.dtype), np.empty(shape, array.dtype)
    views = (_lines(one, axis) for one in (np.ascontiguousarray(array), *halves))
    _split(*views, filters, last, before, *_beyond(places, size, mode, array.dtype))
    return halves


def joined(coarse: Array, detail: Array, axis: int, wavelet: pywt.Wavelet, mode: str) -> Array:
    """What `split` was given, with one sample more where its size was odd."""
    count, half = coarse.shape[axis], wavelet.rec_len // 2
    periodic = mode == "periodization"
    pairs = count if periodic else count - half + 1
    pieces = np.array([wavelet.rec_lo, wavelet.rec_hi], coarse.dtype).reshape(2, half, 2)
    filters = np.zeros((2, 2, half + half % 2), coarse.dtype)  # (sample of the pair, low or high, tap)
    filters[:, :, :half] = pieces.transpose(2, 0, 1)
    shape = (*coarse.shape[:axis], 2 * pairs, *coarse.shape[axis + 1 :])
    whole = np.empty(shape, coarse.dtype)
    views = (_lines(np.ascontiguousarray(one), axis) for one in (coarse, detail))
    _join(*views, _lines(whole, axis), filters, half - 1, half - 1 if periodic else 0)
    return whole


def _lines(array: Array, axis: int) -> Array:
    """A view (before, along the axis, after)."""
    return array.reshape(int(np.prod(array.shape[:axis])), array.shape[axis], -1)


def _by_fours(filters: list[list[float]], dtype: np.dtype[Any]) -> Array:
    """As rows, with zeros up to a multiple of four."""
    taps = len(filters[0])
    result = np.zeros((len(filters), taps + -taps % 4), dtype)
    result[:, :taps] = filters
    return result


def _beyond(places: Array, size: int, mode: str, dtype: np.dtype[Any]) -> tuple[Array, Array]:
    """Each place as (index, and the factors of x[index], of the first and of the last sample)."""
    factors = np.zeros((len(places), 3))
    index, factors[:, 0] = _EXTENSIONS[mode](places, size, factors)
    return index.astype(np.intp), factors.astype(dtype)


def _mirrored(places: Array, size: int, _factors: Array) -> tuple[Array, Any]:
    place = places % (2 * size)
    return np.minimum(place, 2 * size - 1 - place), 1.0


def _mirrored_whole(places: Array, size: int, _factors: Array) -> tuple[Array, Any]:
    period = max(1, 2 * size - 2)
    place = places % period
    return np.minimum(place, period - place) if size > 1 else place, 1.0


def _repeated(places: Array, size: int, _factors: Array) -> tuple[Array, Any]:
    return places.clip(0, size - 1), 1.0


def _zero(places: Array, size: int, _factors: Array) -> tuple[Array, Any]:
    return places.clip(0, size - 1), (places >= 0) & (places < size)


def _periodic(places: Array, size: int, _factors: Array) -> tuple[Array, Any]:
    return places % size, 1.0


def _evened(places: Array, size: int, _factors: Array) -> tuple[Array, Any]:
    """Periodic after the last sample of an odd size came twice."""
    return np.minimum(places % (size + size % 2), size - 1), 1.0


def _straight(places: Array, size: int, factors: Array) -> tuple[Array, Any]:
    """On with the slope of the outermost two."""
    if size == 1:
        return _repeated(places, size, factors)
    early, late = np.maximum(-places, 0), np.maximum(places - size + 1, 0)
    factors[:, 1], factors[:, 2] = (1 + early) * (early > 0), (1 + late) * (late > 0)
    index = np.where(early > 0, 1, np.where(late > 0, size - 2, places))
    return index, np.where(early + late > 0, -(early + late), 1.0)


def _turned(places: Array, size: int, _factors: Array) -> tuple[Array, Any]:
    place = places % (2 * size)
    return np.minimum(place, 2 * size - 1 - place), np.where(place < size, 1.0, -1.0)


def _turned_whole(places: Array, size: int, factors: Array) -> tuple[Array, Any]:
    """Turned by 180 degrees about the outermost sample: 2 x[0] - x[k]."""
    if size == 1:
        return _repeated(places, size, factors)
    period = 2 * size - 2
    turns, place = places // period, places % period
    factors[:, 1], factors[:, 2] = -2.0 * turns, 2.0 * turns + 2 * (place >= size)
    return np.minimum(place, period - place), np.where(place < size, 1.0, -1.0)


_EXTENSIONS: dict[str, Callable[[Array, int, Array], tuple[Array, Any]]] = {
    "symmetric": _mirrored,
    "reflect": _mirrored_whole,
    "constant": _repeated,
    "zero": _zero,
    "periodic": _periodic,
    "periodization": _evened,
    "smooth": _straight,
    "antisymmetric": _turned,
    "antireflect": _turned_whole,
}


@njit(cache=True, nogil=True, inline="never")
def _sweep(low, high, a, b, c, d, taps, start, fresh):  # type: ignore[no-untyped-def]
    """Add four rows by two filters to two rows, or begin with them; sums are not contracted, so that equal pairs cancel."""
    p, q, r, s = taps[0, start], taps[0, start + 1], taps[0, start + 2], taps[0, start + 3]
    t, u, v, w = taps[1, start], taps[1, start + 1], taps[1, start + 2], taps[1, start + 3]
    if fresh:
        for i in range(len(low)):
            low[i] = p * a[i] + q * b[i] + r * c[i] + s * d[i]
            high[i] = t * a[i] + u * b[i] + v * c[i] + w * d[i]
    else:
        for i in range(len(low)):
            low[i] += p * a[i] + q * b[i] + r * c[i] + s * d[i]
            high[i] += t * a[i] + u * b[i] + v * c[i] + w * d[i]


@njit(cache=True, nogil=True)
def _split(array, low, high, filters, last, before, index, factors):  # type: ignore[no-untyped-def]
    """Rows where the axis is the last one, else columns."""
    wide = np.empty((2, len(index) // 2 + 1), array.dtype)
    for one in range(array.shape[0]):
        if array.shape[2] == 1:
            _split_row(array[one, :, 0], low[one, :, 0], high[one, :, 0], filters, last, before, index, factors, wide)
        else:
            for start in range(0, array.shape[2], CHUNK):
                stop = min(start + CHUNK, array.shape[2])
                part = array[one, :, start:stop]
                into = low[one, :, start:stop], high[one, :, start:stop]
                _split_columns(part, into[0], into[1], filters, last, before, index, factors)


@njit(cache=True, nogil=True)
def _split_row(row, low, high, filters, last, before, index, factors, wide):  # type: ignore[no-untyped-def]
    """Samples at even and at odd places apart, so that a filter meets neighbours in memory."""
    size, count = len(row), len(low)
    parity = (last + before) % 2
    for k in range(before):
        wide[k % 2, k // 2] = factors[k, 0] * row[index[k]] + factors[k, 1] * row[0] + factors[k, 2] * row[size - 1]
    flip = before % 2
    even, odd = wide[flip, before // 2 :], wide[1 - flip, (before + 1) // 2 :]
    for k in range(size // 2):
        even[k] = row[2 * k]
        odd[k] = row[2 * k + 1]
    if size % 2:
        even[size // 2] = row[size - 1]
    for k in range(before + size, len(index)):
        wide[k % 2, k // 2] = factors[k, 0] * row[index[k]] + factors[k, 1] * row[0] + factors[k, 2] * row[size - 1]
    near, far = wide[parity], wide[1 - parity]
    for tap in range(0, filters.shape[1], 4):
        a, b = (last + before - tap) // 2, (last + before - tap - 1) // 2
        _sweep(
            low, high, near[a : a + count], far[b : b + count], near[a - 1 : a - 1 + count], far[b - 1 : b - 1 + count],
            filters, tap, tap == 0,
        )  # fmt: skip


@njit(cache=True, nogil=True)
def _split_columns(part, low, high, filters, last, before, index, factors):  # type: ignore[no-untyped-def]
    """Whole rows beside each other; those beyond the ends are made first."""
    size, width = part.shape
    late = len(index) - before - size
    edges = np.empty((before + late, width), part.dtype)
    for e in range(before + late):
        k = e if e < before else e + size
        first, at, end = factors[k, 1], factors[k, 0], factors[k, 2]
        edges[e] = at * part[index[k]] + first * part[0] + end * part[size - 1]
    for o in range(low.shape[0]):
        place = 2 * o + last + before
        for tap in range(0, filters.shape[1], 4):
            _sweep(
                low[o], high[o], _row_at(part, edges, place - tap, before), _row_at(part, edges, place - tap - 1, before),
                _row_at(part, edges, place - tap - 2, before), _row_at(part, edges, place - tap - 3, before),
                filters, tap, tap == 0,
            )  # fmt: skip


@njit(cache=True, nogil=True)
def _row_at(part, edges, k, before):  # type: ignore[no-untyped-def]
    if k < before:
        return edges[k]
    if k < before + part.shape[0]:
        return part[k - before]
    return edges[k - part.shape[0]]


@njit(cache=True, nogil=True)
def _join(low, high, whole, filters, reach, shift):  # type: ignore[no-untyped-def]
    """Rows where the axis is the last one, else columns."""
    taps = _as_fours(filters)
    pairs = whole.shape[1] // 2
    wide, halves = np.empty((2, pairs + reach + 1), low.dtype), np.empty((2, pairs), low.dtype)
    for one in range(whole.shape[0]):
        if whole.shape[2] == 1:
            _join_row(low[one, :, 0], high[one, :, 0], whole[one, :, 0], taps, reach, shift, wide, halves)
        else:
            for start in range(0, whole.shape[2], CHUNK):
                stop = min(start + CHUNK, whole.shape[2])
                _join_columns(
                    low[one, :, start:stop], high[one, :, start:stop], whole[one, :, start:stop], taps, reach, shift
                )


@njit(cache=True, nogil=True)
def _as_fours(filters):  # type: ignore[no-untyped-def]
    """(sample of the pair, taps): low and high of one tap, low and high of the next."""
    taps = np.empty((2, 2 * filters.shape[2]), filters.dtype)
    for pair in range(2):
        for tap in range(filters.shape[2]):
            for band in range(2):
                taps[pair, 2 * tap + band] = filters[pair, band, tap]
    return taps


@njit(cache=True, nogil=True)
def _join_columns(low, high, whole, taps, reach, shift):  # type: ignore[no-untyped-def]
    """Sample 2 o and the next are made of the coefficients o to o + reach, the farthest by the first tap."""
    count, size = low.shape[0], whole.shape[0]
    for o in range(size // 2):
        even, odd = whole[(2 * o + shift) % size], whole[(2 * o + 1 + shift) % size]
        for tap in range(0, taps.shape[1], 4):
            a = (o + reach - tap // 2) % count
            b = (o + reach - tap // 2 - 1) % count
            _sweep(even, odd, low[a], high[a], low[b], high[b], taps, tap, tap == 0)


@njit(cache=True, nogil=True)
def _join_row(low, high, whole, taps, reach, shift, wide, halves):  # type: ignore[no-untyped-def]
    """`wide` begins one coefficient earlier than is needed, for filters with an odd number of pairs."""
    count, pairs = len(low), len(whole) // 2
    for k in range(min(count, pairs + reach)):
        wide[0, k + 1], wide[1, k + 1] = low[k], high[k]
    for k in range(count, pairs + reach):
        wide[0, k + 1], wide[1, k + 1] = low[k % count], high[k % count]
    wide[0, 0], wide[1, 0] = low[count - 1], high[count - 1]
    for tap in range(0, taps.shape[1], 4):
        a = 1 + reach - tap // 2
        _sweep(
            halves[0], halves[1], wide[0, a : a + pairs], wide[1, a : a + pairs],
            wide[0, a - 1 : a - 1 + pairs], wide[1, a - 1 : a - 1 + pairs], taps, tap, tap == 0,
        )  # fmt: skip
    turned = shift % 2
    begin = shift // 2
    for o in range(pairs):  # an odd shift puts the second sample of a pair into the next pair
        k = o + begin if o + begin < pairs else (o + begin) % pairs
        whole[2 * k + turned] = halves[0, o]
        whole[(2 * k + 1 + turned) if 2 * k + 1 + turned < 2 * pairs else 0] = halves[1, o]
