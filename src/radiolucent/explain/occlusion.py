"""Occlusion: how much a prediction falls when a part of the picture is covered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from radiolucent.core import InputError

Predict = Callable[[Any], NDArray[Any]]


def occlusion(
    predict: Predict, pictures: NDArray[Any], column: int, *, cells: int = 7, overlap: float = 0.5
) -> NDArray[np.float32]:
    """Fall of the probability of class `column` (n, h, w) where a patch is replaced by the picture's own mean.

    The picture is covered by about `cells` x `cells` patches side by side, stepping by `1 - overlap` of a patch; each
    pixel shows the mean fall over the patches that covered it, positive where the pixel speaks for the class (Zeiler
    and Fergus 2014, doi:10.1007/978-3-319-10590-1_53). `predict` takes pictures like `pictures` and gives (n, classes).
    """
    if cells < 1 or not 0 <= overlap < 1:
        raise InputError(f"occlusion needs cells >= 1 and 0 <= overlap < 1, got {cells} and {overlap}")
    return np.stack([_one(predict, picture, column, cells, overlap) for picture in pictures])


def _one(predict: Predict, picture: NDArray[Any], column: int, cells: int, overlap: float) -> NDArray[np.float32]:
    height, width = picture.shape[:2]
    windows = [(y, x) for y in _spans(height, cells, overlap) for x in _spans(width, cells, overlap)]
    covered = np.repeat(picture[None], len(windows) + 1, axis=0)
    grey = picture.mean(axis=(0, 1)).astype(picture.dtype)
    for row, window in zip(covered[1:], windows, strict=True):
        row[window] = grey
    scores = predict(covered)[:, column]
    fall, times = np.zeros((2, height, width), np.float32)
    for window, score in zip(windows, scores[1:], strict=True):
        fall[window] += scores[0] - score
        times[window] += 1
    return fall / times


def _spans(length: int, cells: int, overlap: float) -> list[slice]:
    patch = -(-length // cells)
    step = max(1, round(patch * (1 - overlap)))
    starts = [*range(0, length - patch, step), length - patch]
    return [slice(start, start + patch) for start in starts]
