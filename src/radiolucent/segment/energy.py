"""Segmentation by the least energy between two or more seeded classes: cuts, walks, and colour models."""

from __future__ import annotations

from typing import Annotated

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.ndimage import distance_transform_edt

from radiolucent.core import Image, InputError, Mask
from radiolucent.core.pixels import refuse_not_finite
from radiolucent.kernels import compete, markov
from radiolucent.kernels.maxflow import least_cut
from radiolucent.kernels.walk import arrivals

from .frames import Labels, Single, labelled, narrow, seeds_of, space_mm

Smoothness = Annotated[
    float, Field(ge=0, le=1000, description="price of boundary [nats for the side of a pixel]; more, smoother regions")
]


def graph_cut(
    image: Image,
    seeds: Mask | None = None,
    *,
    smoothness: Smoothness = 2.0,
    contrast: Annotated[
        float | None,
        Field(
            gt=0, description="difference of neighbours that makes boundary cheaper [the image's unit]; none: measured"
        ),
    ] = None,
) -> Mask:
    """Part the picture in two by the least cut: the global optimum of likelihood and boundary.

    Each class is a Gaussian, of its seeds or (without seeds) of a mixture of two fitted to the grey values; a boundary between
    neighbours costs `smoothness` exp(-difference^2 / 2 contrast^2), by default with the root mean square of all
    differences. Seeds bear two labels and keep them; without seeds label 1 is the brighter class. Frames of a series are
    cut apart. Boykov and Jolly 2001, doi:10.1109/ICCV.2001.937505.
    """
    refuse_not_finite(image)
    start = None if seeds is None else seeds_of(image, seeds)
    classes = np.array([0, 1]) if start is None else _two(start, "graph_cut")
    price = compete.faces(space_mm(image), smoothness)

    def cut(index: int, values: Single) -> Labels:
        grey = values.astype(np.float64)
        least = max(1e-4 * float(grey.var()), 1e-12)
        at = None if start is None else [start[index] == label for label in classes]
        cost = _models(grey, at, least).cost(grey)
        cost -= cost.min(axis=0)
        if at is not None:
            beyond = 1 + 2 * sum(price)
            cost[0][at[1]] = cost[1][at[0]] = beyond
            cost[0][at[0]] = cost[1][at[1]] = 0
        dark, _ = least_cut(cost[1], cost[0], _boundary(grey, price, contrast))
        return np.where(dark, classes[0], classes[1])

    names = {1: "bright"} if seeds is None else seeds.names
    return Mask(narrow(labelled(image, cut)), image.grid, names)


def random_walker(
    image: Image,
    seeds: Mask,
    *,
    beta: Annotated[
        float, Field(gt=0, le=1e6, description="how much edges hold walkers back; more, regions follow edges closer")
    ] = 130.0,
) -> Mask:
    """Give each pixel the label of the seeds that a random walker from there reaches first, most probably.

    A walker passes between neighbours with weight exp(-beta difference^2 / 10 s), for grey values of the frame scaled to
    0..1, s being their standard deviation; differences are taken per relative spacing. Seeds may bear any number of
    labels and keep them. scikit-image's weights, solved until they are exact. Grady 2006, doi:10.1109/TPAMI.2006.233.
    """
    start = seeds_of(image, seeds)
    spacing = [step / min(space_mm(image)) for step in space_mm(image)]

    def walked(index: int, values: Single) -> Labels:
        classes, codes = np.unique(np.append(start[index].ravel(), 0), return_inverse=True)
        grey = (values - values.min()) / (np.float64(np.ptp(values)) or 1.0)
        spread = float(grey.std()) or 1.0
        weights = np.zeros((grey.ndim, *grey.shape))
        for axis, step in enumerate(spacing):
            here = tuple(slice(0, -1) if k == axis else slice(None) for k in range(grey.ndim))
            weights[axis][here] = np.exp(-beta / (10 * spread) * (np.diff(grey, axis=axis) / step) ** 2) + 1e-10
        return classes[1 + arrivals(weights, codes[:-1].reshape(values.shape)).argmax(axis=0)]

    return Mask(narrow(labelled(image, walked)), image.grid, seeds.names)


def grabcut(
    image: Image,
    seeds: Mask,
    *,
    rounds: Annotated[int, Field(ge=1, le=100, description="rounds of learning the colours and cutting")] = 5,
    seed: Annotated[int, Field(ge=0, le=2**31 - 1, description="seed of the colours' first clusters")] = 0,
) -> Mask:
    """Part one 2-D picture in two by its colours: mixtures of five Gaussians a class, learned and cut in turns.

    Seeds bear two labels, of which the higher is the object; other pixels begin with the label of the nearest seed and
    may change. Colours and grey values are brought to 8 bits by their least and greatest value. OpenCV's grabCut.
    Rother, Kolmogorov and Blake 2004, doi:10.1145/1015706.1015720.
    """
    refuse_not_finite(image)
    if image.grid.axes != "yx":
        raise InputError(f"grabcut works on one 2-D picture, and this has axes {image.grid.axes}; graph_cut is n-D")
    start = seeds_of(image, seeds)[0]
    ground, thing = _two(start[None], "grabcut")
    near = _nearest_seed(start, space_mm(image))
    state = np.where(near == thing, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    state[start == ground], state[start == thing] = cv2.GC_BGD, cv2.GC_FGD
    cv2.setRNGSeed(seed)
    cv2.grabCut(
        _three_channels(image), state, None, np.zeros((1, 65)), np.zeros((1, 65)), rounds, cv2.GC_INIT_WITH_MASK
    )
    inside = (state == cv2.GC_FGD) | (state == cv2.GC_PR_FGD)
    return Mask(narrow(np.where(inside, thing, ground)), image.grid, seeds.names)


def _two(start: Labels, op: str) -> NDArray[np.integer]:
    classes = np.unique(start[start > 0])
    if len(classes) != 2:
        raise InputError(
            f"{op} parts a picture in two, and the seeds hold {len(classes)} labels; "
            "give two, or use random_walker or seeded_region_growing"
        )
    return classes


def _models(grey: NDArray[np.float64], at: list[NDArray[np.bool_]] | None, least: float) -> markov.Classes:
    if at is None:
        return markov.mixture(grey, 2, least)[0]
    mean = np.array([grey[part].mean() for part in at])
    spread = np.array([grey[part].var() for part in at])
    between = float((mean[1] - mean[0]) ** 2) / 16
    return markov.Classes(mean, np.maximum(spread, max(between, least)))


def _boundary(grey: NDArray[np.float64], price: tuple[float, ...], contrast: float | None) -> NDArray[np.float32]:
    """Price of the boundary between each pixel and the next along each axis; zero after the last."""
    steps = [np.diff(grey, axis=axis) for axis in range(grey.ndim)]
    count = sum(step.size for step in steps)
    square = sum(float((step**2).sum()) for step in steps) / max(count, 1) if contrast is None else contrast**2
    result = np.zeros((grey.ndim, *grey.shape), np.float32)
    for axis, (step, weight) in enumerate(zip(steps, price, strict=True)):
        here = tuple(slice(0, -1) if k == axis else slice(None) for k in range(grey.ndim))
        result[axis][here] = weight * np.exp(-(step**2) / (2 * square)) if square > 0 else weight
    return result


def _nearest_seed(start: Labels, spacing: tuple[float, ...]) -> Labels:
    """Label of the nearest seed; of equally near ones the lowest."""
    away = [distance_transform_edt(start != label, sampling=spacing) for label in np.unique(start[start > 0])]
    return np.unique(start[start > 0])[np.argmin(np.stack(away), axis=0)].astype(np.int32)


def _three_channels(image: Image) -> NDArray[np.uint8]:
    array = np.asarray(image.array, np.float64)
    low, span = float(array.min()), float(np.ptp(array)) or 1.0
    eight = np.round((array - low) * (255 / span)).astype(np.uint8)
    if not image.is_colour:
        return np.repeat(eight[..., None], 3, axis=-1)
    return np.ascontiguousarray(eight[..., :3]) if eight.shape[-1] >= 3 else np.repeat(eight[..., :1], 3, axis=-1)
