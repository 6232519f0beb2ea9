"""Classes of grey values that like their neighbours to be of the same class: hidden Markov random fields, 2-D and 3-D."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class Classes:
    """Mean and variance of each class."""

    mean: Array
    variance: Array

    def cost(self, values: Array) -> Array:
        """Negative log density of each pixel in each class, (classes, *shape)."""
        shape = (-1,) + (1,) * values.ndim
        mean, variance = self.mean.reshape(shape), self.variance.reshape(shape)
        return np.log(2 * np.pi * variance) / 2 + (values - mean) ** 2 / (2 * variance)


def start(values: Array, classes: int, least: float) -> tuple[Array, Classes]:
    """Labels 0 .. classes - 1 by one-dimensional k-means from even quantiles, and what the classes are."""
    mean = np.quantile(values, (np.arange(classes) + 0.5) / classes).astype(float)
    labels = np.zeros(values.shape, np.int64)
    for _ in range(100):
        labels = np.searchsorted((mean[1:] + mean[:-1]) / 2, values)
        after = _means(values, labels, mean)
        if np.allclose(after, mean, rtol=0, atol=1e-9 * (np.ptp(values) or 1)):
            break
        mean = np.sort(after)
    return labels, Classes(mean, _variances(values, labels, mean, least))


def mixture(values: Array, classes: int, least: float, rounds: int = 200) -> tuple[Classes, list[float]]:
    """Means and variances of a Gaussian mixture of the grey values (weights are free), and its log likelihoods."""
    _, found, course = weighted_mixture(values, classes, least, rounds)
    return found, course


def weighted_mixture(
    values: Array, classes: int, least: float, rounds: int = 200
) -> tuple[Array, Classes, list[float]]:
    """Shares, means and variances of a Gaussian mixture of the grey values, from dark to bright, and its log likelihoods.

    Expectation-maximisation from k-means, over a histogram of 4096 levels.
    """
    counts, edges = np.histogram(values, 4096)
    grey, counts = (edges[1:] + edges[:-1])[counts > 0] / 2, counts[counts > 0].astype(float)
    labels, found = start(values, classes, least)
    share = np.maximum(np.bincount(labels.ravel(), minlength=classes) / values.size, 1e-9)
    course: list[float] = []
    for _ in range(rounds):
        joint = np.log(share)[:, None] - found.cost(grey)
        top = joint.max(axis=0)
        evidence = np.exp(joint - top).sum(axis=0)
        course.append(float(counts @ (np.log(evidence) + top)))
        weight = np.exp(joint - top) / evidence * counts
        size = np.maximum(weight.sum(axis=1), 1e-9)
        mean = weight @ grey / size
        variance = np.maximum((weight * (grey - mean[:, None]) ** 2).sum(axis=1) / size, least)
        share, found = size / size.sum(), Classes(mean, variance)
        if len(course) > 1 and course[-1] - course[-2] <= 1e-7 * abs(course[-1]):
            break
    order = np.argsort(found.mean, kind="stable")
    return share[order], Classes(found.mean[order], found.variance[order]), course


def expectation_maximisation(
    values: Array, classes: int, faces: tuple[float, ...], *, least: float, rounds: int, tolerance: float = 1e-4
) -> tuple[Array, Classes]:
    """Labels and classes by HMRF-EM: labels by their neighbours' vote, classes by the posteriors that this gives.

    `faces` is the price [nats] of a face between unlike neighbours along each axis. Zhang, Brady and Smith 2001,
    doi:10.1109/42.906424. It ends when no mean moves by more than `tolerance` of the range, or after `rounds`.
    """
    labels, _ = start(values, classes, least)
    found, _ = mixture(values, classes, least)
    for _ in range(rounds):
        cost = found.cost(values)
        labels = settled(cost, labels, faces)
        posterior = _posterior(cost + disagreement(labels, classes, faces))
        weight = posterior.reshape(classes, -1).sum(axis=1)
        mean = (posterior * values).reshape(classes, -1).sum(axis=1) / np.maximum(weight, 1e-12)
        mean = np.where(weight > 1e-9, mean, found.mean)
        scatter = np.stack([(p * (values - m) ** 2).sum() for p, m in zip(posterior, mean, strict=True)])
        moved = np.abs(mean - found.mean).max()
        found = Classes(mean, np.maximum(scatter / np.maximum(weight, 1e-12), least))
        if moved <= tolerance * (np.ptp(values) or 1):
            break
    return labels, found


def settled(cost: Array, labels: Array, faces: tuple[float, ...], rounds: int = 50) -> Array:
    """Iterated conditional modes (Besag 1986): each pixel in turn takes its cheapest class, until none changes."""
    labels = labels.copy()
    parity = np.indices(labels.shape).sum(axis=0) % 2
    for _ in range(rounds):
        before = labels.copy()
        for colour in (0, 1):
            best = (cost + disagreement(labels, len(cost), faces)).argmin(axis=0)
            labels = np.where(parity == colour, best, labels)
        if np.array_equal(before, labels):
            break
    return labels


def energy(cost: Array, labels: Array, faces: tuple[float, ...]) -> float:
    """What the labels cost: their pixels, and the faces between unlike neighbours."""
    boundary = sum(weight * np.count_nonzero(np.diff(labels, axis=axis)) for axis, weight in enumerate(faces))
    return float(np.take_along_axis(cost, labels[None], axis=0).sum() + boundary)


def disagreement(labels: Array, classes: int, faces: tuple[float, ...]) -> Array:
    """Price of each class for each pixel: the faces that it would have with unlike neighbours, (classes, *shape)."""
    price = np.zeros((classes, *labels.shape), np.float32)
    for k in range(classes):
        unlike = (labels != k).astype(np.float32)
        for axis, weight in enumerate(faces):
            low = tuple(slice(0, -1) if a == axis else slice(None) for a in range(labels.ndim))
            high = tuple(slice(1, None) if a == axis else slice(None) for a in range(labels.ndim))
            price[k][low] += np.float32(weight) * unlike[high]
            price[k][high] += np.float32(weight) * unlike[low]
    return price


def _posterior(cost: Array) -> Array:
    share = np.exp(cost.min(axis=0) - cost)
    return share / share.sum(axis=0)


def _means(values: Array, labels: Array, empty: Array) -> Array:
    count = np.bincount(labels.ravel(), minlength=len(empty))
    total = np.bincount(labels.ravel(), values.ravel(), len(empty))
    return np.where(count > 0, total / np.maximum(count, 1), empty)


def _variances(values: Array, labels: Array, mean: Array, least: float) -> Array:
    count = np.bincount(labels.ravel(), minlength=len(mean))
    scatter = np.bincount(labels.ravel(), (values - mean[labels]).ravel() ** 2, len(mean))
    return np.maximum(scatter / np.maximum(count, 1), least)
