"""Segmentation by contours that move to edges: the snake, and geodesic active contours."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy import ndimage
from skimage.draw import polygon2mask
from skimage.measure import find_contours

from radiolucent.core import Image, InputError, Mask
from radiolucent.core.pixels import refuse_wider
from radiolucent.kernels import geodesic
from radiolucent.kernels.edges import gradients
from radiolucent.kernels.snake import snake as drawn_to_edges

from .boundary import Smoothing
from .frames import Labels, Single, labelled, narrow, seeds_of

Inside = NDArray[np.uint8]


def snake(
    image: Image,
    start: Mask,
    *,
    sigma_mm: Smoothing = 2.0,
    alpha: Annotated[float, Field(ge=0, le=100, description="pull together: more, shorter lines")] = 0.02,
    beta: Annotated[float, Field(ge=0, le=1000, description="stiffness: more, rounder lines")] = 0.5,
    gamma: Annotated[float, Field(gt=0, le=100, description="inertia: more, smaller steps")] = 0.1,
    edge: Annotated[float, Field(ge=-100, le=100, description="pull towards edges")] = 1.0,
    line: Annotated[float, Field(ge=-100, le=100, description="pull towards bright places; below 0: dark")] = 0.0,
    rounds: Annotated[int, Field(ge=1, le=100_000, description="most rounds of moving the line")] = 1000,
) -> Mask:
    """Draw the outline of each label of `start` to the edges near it, as an elastic line: the snake.

    The line needs edges in its reach, a few times `sigma_mm`: start near them. It has a point for each pixel of its length, which
    move in the finest pixel's unit over a picture of `edge` times the gradient's magnitude (of the greatest) and `line`
    times the grey value (scaled to 0..1). It is a line in a plane: volumes are done slice by slice along the first axis,
    and the outermost line of a label's largest part in each slice counts. Where lines come to overlap, the higher label wins.
    Kass, Witkin and Terzopoulos 1988, doi:10.1007/BF00133570.
    """
    spacing = image.grid.known_spacing_mm()
    refuse_wider(image, "sigma_mm", sigma_mm)
    if len(spacing) < 2 or min(image.grid.shape[-2:]) < 4:
        raise InputError(f"a snake needs a plane of 4 x 4 pixels or more, and the shape is {image.grid.shape}")
    first = seeds_of(image, start, least=1)
    step = (spacing[-2] / min(spacing[-2:]), spacing[-1] / min(spacing[-2:]))

    def moved(index: int, values: Single) -> Labels:
        planes, begun = values.reshape(-1, *values.shape[-2:]), first[index].reshape(-1, *values.shape[-2:])
        result = np.zeros(planes.shape, np.int32)
        for plane, labels, into in zip(planes, begun, result, strict=True):
            if labels.any():
                height = _height(plane, spacing[-2:], sigma_mm, edge, line)
                for label in np.unique(labels[labels > 0]):
                    outline = _outline(labels == label, step)
                    rest, _ = drawn_to_edges(height, outline, step, alpha=alpha, beta=beta, gamma=gamma, rounds=rounds)
                    into[polygon2mask(plane.shape, rest / step)] = label
        return result.reshape(values.shape)

    return Mask(narrow(labelled(image, moved)), image.grid, start.names)


def geodesic_active_contour(
    image: Image,
    start: Mask | None = None,
    *,
    sigma_mm: Smoothing = 2.0,
    balloon: Annotated[
        float, Field(ge=-10, le=10, description="pressure off edges: negative shrinks, positive grows, 0 waits")
    ] = -1.0,
    stop: Annotated[
        float, Field(gt=0, lt=1, description="the balloon stops where the edge indicator is below it / |balloon|")
    ] = 0.6,
    smoothing: Annotated[int, Field(ge=0, le=4, description="smoothings in a round; more, rounder regions")] = 1,
    rounds: Annotated[int, Field(ge=1, le=10_000, description="most rounds of moving the contour")] = 500,
) -> Mask:
    """Move the contour of `start` until edges hold it: geodesic active contours, by morphology; label 1 is the inside.

    `start` (any label above 0) is the first inside; without it, it is all but the outer tenth on each side. The
    edge indicator is 1 / (1 + (slope / typical slope)^2) of the smoothed picture, the typical slope being three times the
    median of its slopes where it rises at all. Steps are pixels: pixels that are no cubes are first divided into such,
    so that a ball stays a ball. Caselles, Kimmel and Sapiro 1997, doi:10.1023/A:1007979827043;
    Márquez-Neila et al. 2014, doi:10.1109/TPAMI.2013.106.
    """
    spacing = image.grid.known_spacing_mm()
    refuse_wider(image, "sigma_mm", sigma_mm)
    first = first_inside(image, start)
    wide = [axis for axis, n in enumerate(first.shape[1:]) if n > 1]
    if len(wide) < 2:
        raise InputError(f"a contour needs two axes in space, and the shape is {image.grid.shape}")
    finest = min(spacing[axis] for axis in wide)

    def moved(index: int, values: Single) -> Labels:
        edge = indicator(values, spacing, sigma_mm).squeeze()
        cubes = tuple(max(2, round(n * spacing[axis] / finest)) for axis, n in zip(wide, edge.shape, strict=True))
        inside, _ = geodesic.evolve(
            _sampled(edge, cubes, 1), _sampled(first[index].squeeze().astype(np.float32), cubes, 0),
            balloon=balloon, threshold=stop, smoothing=smoothing, rounds=rounds,
        )  # fmt: skip
        back = _sampled(inside.astype(np.float32), edge.shape, 1) > 0.5
        return back.reshape(values.shape).astype(np.int32)

    return Mask(narrow(labelled(image, moved)), image.grid, {1: "inside"})


def first_inside(image: Image, start: Mask | None) -> Labels:
    """1 inside the start of each frame; without a start all but the outer tenth on each side."""
    space = tuple(image.grid.shape[axis] for axis in image.grid.spatial_axes)
    if start is not None:
        return (seeds_of(image, start, least=1) > 0).astype(np.int32)
    first = np.zeros((image.array.size // max(1, int(np.prod(space))), *space), np.int32)
    rim = [max(1, n // 10) for n in space]
    first[(slice(None), *(slice(r, n - r) if n > 1 else slice(None) for n, r in zip(space, rim, strict=True)))] = 1
    return first


def indicator(values: Single, spacing: tuple[float, ...], sigma_mm: float) -> Single:
    """1 on flat ground, towards 0 on edges."""
    steep = _steep(values, spacing, sigma_mm)
    rising = steep[steep > 1e-6 * (steep.max() or 1)]
    typical = 3 * float(np.median(rising)) if len(rising) else 1.0
    return np.asarray(1 / (1 + (steep / typical) ** 2), np.float32)


def _steep(values: Single, spacing: tuple[float, ...], sigma: float) -> Single:
    return np.sqrt(sum((s**2 for s in gradients(values, spacing, sigma)), np.zeros(values.shape, np.float32)))


def _height(plane: Single, spacing: tuple[float, ...], sigma: float, edge: float, line: float) -> NDArray[np.float64]:
    steep = _steep(plane, spacing, sigma).astype(np.float64)
    span = float(np.ptp(plane)) or 1.0
    grey = (plane.astype(np.float64) - plane.min()) / span
    soft = ndimage.gaussian_filter(grey, [sigma / s for s in spacing]) if line else grey
    return edge * steep / (steep.max() or 1) + line * soft


def _outline(inside: NDArray[np.bool_], step: tuple[float, float]) -> NDArray[np.float64]:
    """The longest outline, a point for each unit of its length, at least 8."""
    found = find_contours(np.pad(inside, 1).astype(np.float32), 0.5)
    closed = (max(found, key=len) - 1) * step
    length = np.append(0, np.cumsum(np.hypot(*np.diff(closed, axis=0).T)))
    at = np.arange(max(8, round(length[-1])))
    return np.stack([np.interp(at * length[-1] / len(at), length, column) for column in closed.T], axis=1)


def _sampled(array: Single, shape: tuple[int, ...], order: int) -> Single:
    """The same field of view in another number of pixels."""
    if array.shape == shape:
        return array
    factors = [n / m for n, m in zip(shape, array.shape, strict=True)]
    return np.asarray(ndimage.zoom(array, factors, order=order, mode="nearest", grid_mode=True), np.float32)
