"""Segmentation into classes of grey values that have smooth borders: Markov random fields and convex partitions."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from radiolucent.core import Image, Mask
from radiolucent.kernels import compete, markov, partition

from .energy import Smoothness
from .frames import Labels, Single, by_brightness, labelled, narrow, space_mm

Classes = Annotated[int, Field(ge=2, le=16, description="how many classes; numbered from dark to bright")]


def markov_random_field(
    image: Image,
    *,
    classes: Classes = 3,
    smoothness: Smoothness = 1.0,
    method: Annotated[
        Literal["em", "icm"],
        Field(description="em: classes by soft posteriors; icm: by the pixels that have the label"),
    ] = "em",
    rounds: Annotated[int, Field(ge=1, le=1000, description="most rounds of labels and classes in turn")] = 50,
) -> Mask:
    """Sort pixels into `classes`, each a Gaussian, that like their face neighbours to be of the same class.

    Starts from a mixture of Gaussians fitted to the grey values; then labels settle by iterated conditional modes (Besag 1986,
    doi:10.1111/j.2517-6161.1986.tb01412.x) and the Gaussians follow, by expectation-maximisation of the hidden field
    (Zhang, Brady and Smith 2001, doi:10.1109/42.906424) or by the labels themselves. Frame by frame.
    """
    price = compete.faces(space_mm(image), smoothness)

    def sorted_out(_frame: int, values: Single) -> Labels:
        grey = values.astype(np.float64)
        least = max(1e-6 * float(grey.var()), 1e-12)
        if not np.ptp(grey):
            return np.ones(values.shape, np.int32)
        if method == "em":
            soft, found = markov.expectation_maximisation(grey, classes, price, least=least, rounds=rounds)
            return by_brightness(soft, found.mean)
        first, _ = markov.start(grey, classes, least)
        energy = compete.Energy(price, 0.0, least)
        free = np.zeros(values.shape, bool)
        labels, _ = compete.compete(grey, first + 1, free, energy, merge=False, rounds=rounds)
        mean = [grey[labels == k + 1].mean() if (labels == k + 1).any() else np.inf for k in range(classes)]
        return by_brightness(labels - 1, np.array(mean))

    return _named(image, labelled(image, sorted_out), classes)


def convex_partition(
    image: Image,
    *,
    classes: Classes = 2,
    smoothness: Annotated[
        float, Field(ge=0, le=1000, description="price of boundary, in variances of the noise for the side of a pixel")
    ] = 2.0,
    rounds: Annotated[int, Field(ge=1, le=10_000, description="most primal-dual steps for given levels")] = 300,
) -> Mask:
    """Part the picture into `classes` flat regions with a short boundary, the best partition for the levels found.

    The multi-phase model of Chan and Vese, solved by total variation as a convex problem instead of by level sets: for two
    classes the result is the global optimum. Levels start from a mixture of Gaussians fitted to the grey
    values and follow the regions in three turns; noise is the mean of its variances. Frame by frame; labels from dark to bright.
    Chan, Esedoglu and Nikolova 2006, doi:10.1137/040615286; Chambolle and Pock 2011, doi:10.1007/s10851-010-0251-1.
    """

    def parted(_frame: int, values: Single) -> Labels:
        grey = values.astype(np.float64)
        if not np.ptp(grey):
            return np.ones(values.shape, np.int32)
        found, _ = markov.mixture(grey, classes, 1e-6 * float(grey.var()))
        noise = float(found.variance.mean())
        price, level = compete.faces(space_mm(image), smoothness), found.mean
        for _turn in range(3):
            cost = np.stack([(values - m) ** 2 / noise for m in level]).astype(np.float32)
            labels = partition.shares(cost, price, rounds=rounds).argmax(axis=0)
            after = np.array([grey[labels == k].mean() if (labels == k).any() else m for k, m in enumerate(level)])
            if np.allclose(after, level, rtol=0, atol=1e-3 * np.ptp(grey)):
                break
            level = after
        return by_brightness(labels, level)

    return _named(image, labelled(image, parted), classes)


def _named(image: Image, labels: Labels, classes: int) -> Mask:
    names = {k: f"class {k}, of {classes} from dark to bright" for k in range(1, classes + 1)}
    return Mask(narrow(labels), image.grid, names)
