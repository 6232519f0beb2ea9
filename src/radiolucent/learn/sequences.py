"""Sequences of frames as rows of one array, and which of their frames a net is shown at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from radiolucent.core import InputError, unknown

SAMPLINGS = ("even", "window")


def sequence_dtype(most: int, size: int) -> np.dtype[Any]:
    """A row of at most `most` frames of `size` x `size`: `frames` (most, size, size) uint8, and `length` of them used."""
    return np.dtype([("frames", np.uint8, (most, size, size)), ("length", np.int32)])


class Chosen:
    """Some rows of a structured array of sequences, taken out of it (or of the file behind it) frame by frame."""

    def __init__(self, X: Any, rows: NDArray[np.intp]) -> None:
        self.X, self.rows = X, np.asarray(rows)
        self.dtype = X.dtype

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, which: Any) -> Any:
        """A field of all rows ("length"), one row by its number, or a slice of the rows."""
        if isinstance(which, str):
            return self.X[which][self.rows]
        if isinstance(which, slice):
            return Chosen(self.X, self.rows[which])
        return self.X[int(self.rows[which])]


def as_sequences(X: Any) -> Any:
    """`X` as the structured array that `sequence_dtype` describes; checked, and not copied where it is one already.

    Taken are also uint8 (n, frames, size, size), where every sequence is as long as the others, and a list (or object
    array) of uint8 (frames, size, size) of any lengths.
    """
    names = getattr(getattr(X, "dtype", None), "names", None) or ()
    if {"frames", "length"} <= set(names):
        return _checked(X)
    if isinstance(X, np.ndarray) and X.dtype == np.uint8 and X.ndim == 4:
        X = list(X)
    each = [np.asarray(one) for one in X] if isinstance(X, list | tuple | np.ndarray) else []
    wrong = next((one for one in each if one.ndim != 3 or one.dtype != np.uint8), None)
    if wrong is not None:
        raise InputError(
            f"a sequence must be uint8 (frames, size, size), got {wrong.dtype} {wrong.shape}; convert it first"
        )
    if not each:
        raise InputError(f"there is no sequence to work on ({type(X).__name__} without rows)")
    sizes = {one.shape[1:] for one in each}
    if len(sizes) > 1 or len(next(iter(sizes))) != 2 or len(set(next(iter(sizes)))) != 1:
        raise InputError(f"the frames of all sequences must be squares of one size, got {sorted(sizes)}; resize them")
    made = np.zeros(len(each), sequence_dtype(max(len(one) for one in each), each[0].shape[1]))
    for row, one in zip(made, each, strict=True):
        row["frames"][: len(one)], row["length"] = one, len(one)
    return _checked(made)


def _checked(X: Any) -> Any:
    if len(X) == 0:
        raise InputError("there is no sequence to work on (0 rows)")
    frames = X.dtype["frames"]
    if frames.base != np.uint8 or len(frames.shape) != 3 or frames.shape[1] != frames.shape[2]:
        raise InputError(f"the field `frames` must be uint8 (frames, size, size), got {frames.base} {frames.shape}")
    empty = np.flatnonzero((X["length"] < 1) | (X["length"] > frames.shape[0]))
    if len(empty):
        raise InputError(
            f"row {empty[0]} (and {len(empty) - 1} more) has {X['length'][empty[0]]} frames; every sequence needs 1 to "
            f"{frames.shape[0]}: leave rows without a frame out"
        )
    return X


def spread(length: int, most: int) -> NDArray[np.intp]:
    """At most `most` of `length` frames, evenly spaced over all of them, in order."""
    if length <= most:
        return np.arange(length)
    return (np.arange(most) * length + length // 2) // most


def drawn(length: int, frames: int, generator: np.random.Generator, *, sampling: str = "even") -> NDArray[np.intp]:
    """Frames of one clip for training, in order, at most `frames`: one out of each of as many equal parts ("even"), or
    a run of neighbours that starts anywhere ("window")."""
    if sampling not in SAMPLINGS:
        raise unknown("way to sample frames", sampling, SAMPLINGS)
    if length <= frames:
        return np.arange(length)
    if sampling == "window":
        return int(generator.integers(0, length - frames + 1)) + np.arange(frames)
    edges = np.arange(frames + 1) * length // frames
    return generator.integers(edges[:-1], edges[1:])


def clips(length: int, frames: int, most: int, *, sampling: str = "even") -> list[NDArray[np.intp]]:
    """The clips, at most `most`, on which a sequence is judged; no frame is in two of them.

    "even": every clip spans the whole sequence, the k-th takes frames k, k + c, k + 2c ... of c clips. "window": runs of
    neighbours one after the other. What `most` clips cannot hold is thinned out evenly, or left out at both ends.
    """
    if sampling not in SAMPLINGS:
        raise unknown("way to sample frames", sampling, SAMPLINGS)
    count = min(most, -(-length // frames))
    if sampling == "even":
        kept = spread(length, frames * count)
        return [kept[first::count] for first in range(count)]
    start = max(0, (length - frames * count) // 2)
    return [np.arange(at, min(at + frames, length)) for at in range(start, start + frames * count, frames)]


def gathered(X: Any, rows: Sequence[int], picked: Sequence[NDArray[np.intp]], *, frames: int) -> tuple[Any, Any]:
    """Clips (k, frames, size, size) uint8 and which of their frames are there (k, frames) float32.

    A clip that is short repeats its last frame: a net that normalises over a batch never sees black frames.
    """
    size = X.dtype["frames"].shape[1]
    out = np.empty((len(rows), frames, size, size), np.uint8)
    present = np.zeros((len(rows), frames), np.float32)
    for k, (row, indices) in enumerate(zip(rows, picked, strict=True)):
        wanted = indices[np.minimum(np.arange(frames), len(indices) - 1)]
        out[k] = X[row]["frames"][wanted]
        present[k, : len(indices)] = 1
    return out, present
