"""Segmentation into clusters of grey values: hard, by mixture, and fuzzy with or without a bias over the picture."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from radiolucent.core import Image, Mask
from radiolucent.kernels import fuzzy, lloyd, markov

from .fields import Classes
from .frames import Labels, Single, by_brightness, frames, labelled, space_mm
from .learning import named_classes, scaled_features

Rounds = Annotated[int, Field(ge=1, le=10_000, description="most rounds until nothing moves")]
Fuzziness = Annotated[float, Field(gt=1, le=10, description="exponent of the memberships; towards 1, harder")]
LEVELS = 4096
STILL = 1e-4
"""Centres that move by less than this share of the range are at rest."""


def k_means(
    image: Image,
    *,
    classes: Classes = 3,
    scales: Annotated[
        int, Field(ge=1, le=4, description="features of a pixel: its value, and means over Gaussians of 1, 2, 4 pixels")
    ] = 1,
    rounds: Rounds = 100,
) -> Mask:
    """Sort pixels into `classes` by their nearest mean, of grey value and, with more `scales`, of their surroundings.

    Lloyd's rounds from even quantiles of each feature, so nothing is random; all frames share the means. The widths of the
    Gaussians are in pixels of the finest axis. For grey values alone `multi_otsu` finds the best of all.
    MacQueen 1967; Lloyd 1982, doi:10.1109/TIT.1982.1056489.
    """
    features = [scaled_features(frame, space_mm(image), scales) for frame in frames(image)]
    points = np.concatenate([f.reshape(-1, scales) for f in features])
    if not np.ptp(points[:, 0]):
        return named_classes(image, np.ones(image.grid.shape, np.int32), classes)
    start = np.quantile(points, (np.arange(classes) + 0.5) / classes, axis=0)
    labels, centres, _ = lloyd.k_means(points, start, rounds=rounds)
    return named_classes(image, by_brightness(labels, centres[:, 0]).reshape(image.grid.shape), classes)


def gaussian_mixture(image: Image, *, classes: Classes = 3, rounds: Rounds = 200) -> Mask:
    """Sort pixels into `classes`, each a Gaussian with a share of the picture, by the greatest posterior probability.

    Expectation-maximisation from k-means on a histogram of 4096 grey levels, frame by frame.
    Dempster, Laird and Rubin 1977, doi:10.1111/j.2517-6161.1977.tb01600.x.
    """

    def sorted_out(_frame: int, values: Single) -> Labels:
        grey = values.astype(np.float64)
        if not np.ptp(grey):
            return np.ones(values.shape, np.int32)
        share, found, _ = markov.weighted_mixture(grey, classes, 1e-6 * float(grey.var()), rounds)
        level = np.linspace(grey.min(), grey.max(), LEVELS)
        winner = (found.cost(level) - np.log(share)[:, None]).argmin(axis=0)
        return _of_levels(grey, winner + 1)

    return named_classes(image, labelled(image, sorted_out), classes)


def fuzzy_c_means(image: Image, *, classes: Classes = 3, fuzziness: Fuzziness = 2.0, rounds: Rounds = 300) -> Mask:
    """Sort pixels into `classes` by their greatest membership, which falls with the squared distance from each centre.

    On a histogram of 4096 grey levels, frame by frame, from even quantiles. Bezdek 1981.
    """

    def sorted_out(_frame: int, values: Single) -> Labels:
        grey = values.astype(np.float64)
        span = float(np.ptp(grey))
        if not span:
            return np.ones(values.shape, np.int32)
        level = np.linspace(grey.min(), grey.max(), LEVELS)
        counts = np.bincount(_levels(grey).ravel(), minlength=LEVELS).astype(float)
        found = fuzzy.c_means(
            level, counts, _quantiles(grey, classes), m=fuzziness, rounds=rounds, tolerance=STILL * span
        )
        return _of_levels(grey, by_brightness(found.memberships.argmax(axis=0), found.centres))

    return named_classes(image, labelled(image, sorted_out), classes)


def bias_corrected_fuzzy_c_means(
    image: Image,
    *,
    classes: Classes = 3,
    fuzziness: Fuzziness = 2.0,
    alpha: Annotated[float, Field(ge=0, le=100, description="say of the neighbours; more, smoother regions")] = 1.0,
    degree: Annotated[int, Field(ge=0, le=6, description="degree of the bias over the picture, a polynomial")] = 3,
    stiffness: Annotated[
        float,
        Field(ge=0, le=1000, description="price of a bias that bends; less, and objects in noise pass for shading"),
    ] = 0.2,
    rounds: Rounds = 50,
) -> Mask:
    """Sort pixels into `classes` by fuzzy c-means that finds a smooth shading with them, and hears the neighbours.

    The shading is added to the grey values: take the logarithm first where a coil multiplies. It is the polynomial that is best for
    the objective, which therefore falls in every round; Ahmed's own shading is free and smoothed between rounds.
    Its bending costs `stiffness`, a plain slope nothing (Pham and Prince 1999, doi:10.1109/42.802752). Start is fuzzy c-means;
    frame by frame. Ahmed, Yamany, Mohamed, Farag and Moriarty 2002, doi:10.1109/42.996338.
    """

    def sorted_out(_frame: int, values: Single) -> Labels:
        grey = values.astype(np.float64)
        span = float(np.ptp(grey))
        if not span:
            return np.ones(values.shape, np.int32)
        spread = {"m": fuzziness, "tolerance": STILL * span}
        level = np.linspace(grey.min(), grey.max(), LEVELS)
        counts = np.bincount(_levels(grey).ravel(), minlength=LEVELS).astype(float)
        first = fuzzy.c_means(level, counts, _quantiles(grey, classes), rounds=300, **spread)
        found = fuzzy.bias_corrected(
            grey,
            first.centres,
            space_mm(image),
            alpha=alpha,
            degree=degree,
            stiffness=stiffness,
            rounds=rounds,
            **spread,
        )
        return by_brightness(found.memberships.argmax(axis=0), found.centres)

    return named_classes(image, labelled(image, sorted_out), classes)


def _quantiles(grey: NDArray[np.float64], classes: int) -> NDArray[np.float64]:
    """Even quantiles, and even parts of the range where these coincide."""
    parts = (np.arange(classes) + 0.5) / classes
    found = np.quantile(grey, parts)
    return found if len(np.unique(found)) == classes else grey.min() + parts * np.ptp(grey)


def _levels(grey: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.rint((grey - grey.min()) * ((LEVELS - 1) / np.ptp(grey))).astype(np.int64)


def _of_levels(grey: NDArray[np.float64], label: NDArray[np.integer]) -> Labels:
    return np.asarray(label[_levels(grey)], np.int32)
