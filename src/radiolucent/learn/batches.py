"""From stored pictures to what a net is fed: resized once, then scaled and varied batch by batch."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from radiolucent.core import InputError

from .augment import AUGMENTATIONS, Batch, Vary, variations

__all__ = ["AUGMENTATIONS", "Batch", "Vary", "ahead", "checked", "resized", "scaled", "shuffled", "variations"]

Item = TypeVar("Item")


def resized(X: Any, *, size: int) -> NDArray[np.uint8]:
    """Copy pictures (n, h, w) or (n, h, w, c) to uint8 (n, size, size, c), one at a time: `X` may be a memory-map.

    Of volumes (n, d, h, w, c) every slice is resized alike, and none is left out: (n, d, size, size, c).
    """
    channels = X.shape[-1] if X.ndim > 3 else 1
    depth = X.shape[1:-3]
    out = np.empty((len(X), *depth, size, size, channels), np.uint8)
    for row, picture in zip(out, X, strict=True):
        planes = picture.reshape(-1, *picture.shape[len(depth) :]) if depth else picture[None]
        for target, plane in zip(row.reshape(-1, size, size, channels), planes, strict=True):
            how = cv2.INTER_AREA if plane.shape[0] > size else cv2.INTER_LINEAR
            small = cv2.resize(np.ascontiguousarray(plane), (size, size), interpolation=how)
            target[...] = small.reshape(size, size, channels)
    return out


def checked(X: Any) -> Any:
    """Pictures as uint8 of 3 or 4 axes, volumes of 5, or the error that says what was given."""
    X = X if hasattr(X, "dtype") else np.asarray(X)
    if X.ndim not in (3, 4, 5) or X.dtype != np.uint8:
        raise InputError(
            "pictures must be uint8 (n, size, size) or (n, size, size, colours), volumes (n, slices, size, size, 1), "
            f"got {X.dtype} {X.shape}"
        )
    if len(X) == 0:
        raise InputError("there is no picture to work on (0 rows)")
    return X


def scaled(pictures: NDArray[np.uint8]) -> Batch:
    """uint8 0..255 -> float32 about -1..1."""
    return pictures.astype(np.float32) / np.float32(127.5) - np.float32(1)


def shuffled(n: int, batch: int, generator: np.random.Generator) -> Iterator[NDArray[np.intp]]:
    """Row numbers in batches of one size, without end: every row once in a random order, then again in another.

    One size, because TensorFlow compiles the training step anew (5 s) for every size of batch.
    """
    rows = generator.permutation(n)
    batch = min(batch, n)
    while True:
        if len(rows) < batch:
            rows = np.concatenate([rows, generator.permutation(n)])
        yield rows[:batch]
        rows = rows[batch:]


def ahead(items: Iterator[Item], *, depth: int = 2) -> Generator[Item, None, None]:
    """The same items, of which the next `depth` are made in a thread while the caller works on one.

    The thread alone draws from `items`, so a generator of random numbers in there gives the same as without. An error
    while making an item is raised where the item would have come.
    """
    end: Any = object()
    pool = ThreadPoolExecutor(1, thread_name_prefix="ahead")
    try:
        waiting = deque(pool.submit(next, items, end) for _ in range(depth))
        while (item := waiting.popleft().result()) is not end:
            waiting.append(pool.submit(next, items, end))
            yield item
    finally:
        pool.shutdown(cancel_futures=True)
