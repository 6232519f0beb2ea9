"""Segmentation by units that learn in competition: each pixel belongs to the unit that is nearest to it."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from radiolucent.core import Image, Mask
from radiolucent.core.pixels import refuse_colour, refuse_not_finite
from radiolucent.kernels import smooth

from .frames import frames, labelled, narrow, space_mm

Classes = Annotated[int, Field(ge=2, le=64, description="how many classes; numbered from dark to bright")]
MOST_SAMPLES = 200_000


def self_organising_map(
    image: Image,
    *,
    classes: Classes = 4,
    scales: Annotated[
        int, Field(ge=1, le=4, description="features of a pixel: its value, and means over Gaussians of 1, 2, 4 pixels")
    ] = 2,
    epochs: Annotated[int, Field(ge=1, le=1000, description="rounds of learning")] = 30,
) -> Mask:
    """Sort pixels into `classes` by a chain of units that learns the pixels' features: a self-organising map.

    Batch learning: in each round every unit moves to the mean of the pixels nearest to it and to its neighbours in the
    chain, whose pull narrows from half the chain to none. Units start evenly over the grey values, so nothing is random;
    of a large picture every k-th pixel teaches. The widths of the Gaussians are in pixels of the finest axis. All frames
    share one map. Kohonen 1990, doi:10.1109/5.58325; batch form: Kohonen 2013, doi:10.1016/j.neunet.2012.09.018.
    """
    features = [scaled_features(frame, space_mm(image), scales) for frame in frames(image)]
    every = np.concatenate([f.reshape(-1, scales) for f in features])
    units = _learn(every[:: max(1, len(every) // MOST_SAMPLES)], classes, epochs)
    labels = labelled(image, lambda index, _: _nearest(features[index], units) + 1)
    return named_classes(image, labels, classes)


def hopfield(
    image: Image,
    *,
    classes: Classes = 3,
    bins: Annotated[int, Field(ge=2, le=4096, description="grey levels, from least to greatest value")] = 256,
    rounds: Annotated[int, Field(ge=1, le=10_000, description="most rounds until no neuron changes")] = 200,
) -> Mask:
    """Sort grey levels into `classes` by a competitive Hopfield network: in each row of neurons the winner takes all.

    A row for each grey level, a column for each class. The neuron of a level wins whose class has the least mean squared
    distance to it, (level - mean)^2 + variance, weighted by the histogram; all rows change at once, until none does.
    Classes start as equal parts of the range. Cheng, Lin and Mao 1996, doi:10.1109/42.500140.
    """
    refuse_colour(image)
    refuse_not_finite(image)
    low, high = float(image.array.min()), float(image.array.max())
    if low == high:
        return named_classes(image, np.ones(image.grid.shape, np.int32), classes)
    scaled = (np.asarray(image.array, np.float64) - low) * (bins / (high - low))
    level = np.minimum(scaled.astype(np.int64), bins - 1)
    winner = _winners(np.bincount(level.ravel(), minlength=bins).astype(float), classes, rounds)
    return named_classes(image, winner[level] + 1, classes)


def scaled_features(frame: NDArray[np.float32], spacing: tuple[float, ...], scales: int) -> NDArray[np.float32]:
    """The grey value of each pixel, and its means over Gaussians of 1, 2, 4 ... pixels of the finest axis, last axis."""
    finest = min(spacing)
    wide = [
        smooth.gaussian(frame, {axis: 2.0**k * finest / step for axis, step in enumerate(spacing)})
        for k in range(scales - 1)
    ]
    return np.stack([frame, *wide], axis=-1)


def _learn(samples: NDArray[np.float32], classes: int, epochs: int) -> NDArray[np.float32]:
    """Units (classes, features), dark to bright."""
    parts = (np.arange(classes) + 0.5) / classes
    units = np.quantile(samples, parts, axis=0).astype(np.float32)
    away = np.abs(np.subtract.outer(np.arange(classes), np.arange(classes)))
    for epoch in range(epochs):
        width = classes / 2 * (0.1 / (classes / 2)) ** (epoch / max(1, epochs - 1))
        nearest = _nearest(samples, units)
        count = np.bincount(nearest, minlength=classes)
        total = np.stack([np.bincount(nearest, column, classes) for column in samples.T], axis=1)
        pull = np.exp(-0.5 * (away / width) ** 2)
        weight = pull @ count
        moved = pull @ total / np.where(weight > 0, weight, 1)[:, None]
        units = np.where(weight[:, None] > 1e-12, moved, units).astype(np.float32)
    return units[np.argsort(units[:, 0], kind="stable")]


def _nearest(features: NDArray[np.float32], units: NDArray[np.float32]) -> NDArray[np.int64]:
    best = np.zeros(features.shape[:-1], np.int64)
    least = np.full(features.shape[:-1], np.inf, np.float32)
    for number, unit in enumerate(units):
        far = ((features - unit) ** 2).sum(axis=-1)
        best[far < least] = number
        np.minimum(least, far, out=least)
    return best


def _winners(histogram: NDArray[np.float64], classes: int, rounds: int) -> NDArray[np.int64]:
    level = np.arange(len(histogram), dtype=float)
    winner = (level * classes / len(level)).astype(np.int64)
    for _ in range(rounds):
        weight = np.bincount(winner, histogram, classes)
        mean = np.bincount(winner, histogram * level, classes) / np.where(weight > 0, weight, 1)
        variance = np.bincount(winner, histogram * (level - mean[winner]) ** 2, classes) / np.where(
            weight > 0, weight, 1
        )
        cost = np.where(weight > 0, (level[:, None] - mean) ** 2 + variance, np.inf)
        after = cost.argmin(axis=1)
        if np.array_equal(after, winner):
            break
        winner = after
    order = np.argsort(
        np.argsort([level[winner == k].mean() if (winner == k).any() else np.inf for k in range(classes)])
    )
    return order[winner]


def named_classes(image: Image, labels: NDArray[np.integer], classes: int) -> Mask:
    """A mask with labels from 1, which are told from dark to bright."""
    return Mask(
        narrow(labels), image.grid, {k: f"class {k}, of {classes} from dark to bright" for k in range(1, classes + 1)}
    )
