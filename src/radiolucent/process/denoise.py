"""Smoothing that keeps edges; lengths are in millimetres, so anisotropic voxels are smoothed alike along each axis."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from radiolucent.core import Image, InputError
from radiolucent.core.pixels import refuse_not_finite
from radiolucent.kernels import bilateral as kernel
from radiolucent.kernels import diffuse, neighbours, slabs, variation
from radiolucent.kernels.order_statistic import median_size
from radiolucent.kernels.smooth import odd_size

from .frames import per_frame
from .lengths import in_pixels

Single = NDArray[np.float32]
Noise = Annotated[
    float | None, Field(gt=0, le=1e9, description="standard deviation of the noise [the image's unit]; none: estimated")
]
Flat = Annotated[
    float, Field(gt=0, description="on flat ground it smooths like a Gaussian of this standard deviation [mm]")
]
MOST_NEIGHBOURS = 20_000
MOST_STEPS = 10_000


def bilateral(
    image: Image,
    *,
    sigma_mm: Annotated[float, Field(gt=0, description="standard deviation in space [mm], cut at 2 sigma")] = 1.0,
    sigma_value: Annotated[
        float | None,
        Field(
            gt=0, le=1e9, description="standard deviation in grey values [the image's unit]; none: 3 times the noise"
        ),
    ] = None,
) -> Image:
    """Average over neighbours that are near in space (`sigma_mm` [mm]) and alike in value; gives float32.

    Weights exp(-distance^2 / 2 sigma_mm^2) exp(-difference^2 / 2 sigma_value^2) over the ball of 2 sigma_mm, in all axes
    of space, mirrored beyond the edge; frame by frame, colour by colour. Tomasi and Manduchi 1998,
    doi:10.1109/ICCV.1998.710815.
    """
    reach = in_pixels(image, "sigma_mm", sigma_mm)
    _refuse_many("sigma_mm", [2 * int(2 * length) + 1 for length in reach.values()])
    spacing_mm = image.grid.known_spacing_mm()

    def filtered(frame: Single) -> Single:
        return kernel.bilateral(frame, spacing_mm, sigma_mm, sigma_value or 3 * noise_of(frame))

    return image.with_array(per_frame(image, filtered))


def non_local_means(
    image: Image,
    *,
    patch_mm: Annotated[float, Field(gt=0, description="side of the patches that are compared [mm]")] = 3.0,
    search_mm: Annotated[float, Field(gt=0, description="farthest patch along each axis [mm]")] = 3.0,
    strength: Annotated[
        float, Field(gt=0, le=100, description="weights fall to 1/e at this many times the noise")
    ] = 0.8,
    noise: Noise = None,
) -> Image:
    """Average over pixels whose surrounding patch of `patch_mm` [mm] looks alike; gives float32.

    Weights exp(-max(d - 2 noise^2, 0) / (strength noise)^2), d the mean square difference of two patches, over a box
    of +- `search_mm` in all axes of space, mirrored beyond the edge; frame by frame, colour by colour.
    Buades et al. 2005, doi:10.1109/CVPR.2005.38.
    """
    patch = [odd_size(length) for length in in_pixels(image, "patch_mm", patch_mm).values()]
    shape = [image.grid.shape[axis] for axis in image.grid.spatial_axes]
    far = in_pixels(image, "search_mm", search_mm).values()
    reach = [min(int(length + 1e-6), size - 1) for length, size in zip(far, shape, strict=True)]
    _refuse_many("search_mm", [2 * r + 1 for r in reach])

    def filtered(frame: Single) -> Single:
        sigma = noise or noise_of(frame)
        return neighbours.non_local_means(frame, patch, reach, strength * sigma, sigma)

    return image.with_array(per_frame(image, filtered))


def total_variation(
    image: Image,
    *,
    weight: Annotated[
        float | None, Field(gt=0, le=1e9, description="how much is smoothed [the image's unit]; none: the noise")
    ] = None,
    tolerance: Annotated[float, Field(gt=0, lt=1, description="ends when a step gains less of the energy")] = 2e-4,
    most_steps: Annotated[int, Field(ge=1, le=10_000, description="ends after this many steps")] = 200,
) -> Image:
    """Flatten the picture between its edges (total variation, Rudin, Osher and Fatemi); gives float32.

    Minimises |u - image|^2 / 2 + weight sum |grad u| by Chambolle's dual projection (doi:10.1023/B:JMIV.0000011325.36760.1e)
    in all axes of space; differences along coarser axes count by the ratio of the finest spacing to theirs. Equals
    scikit-image's `denoise_tv_chambolle` where the spacing is one. Frame by frame, colour by colour.
    """
    refuse_not_finite(image)
    spacing_mm = image.grid.known_spacing_mm()
    ratio = [min(spacing_mm) / h for h in spacing_mm]

    def filtered(frame: Single) -> Single:
        return variation.chambolle(frame, ratio, weight or noise_of(frame), tolerance, most_steps)

    return image.with_array(per_frame(image, filtered))


def perona_malik(
    image: Image,
    *,
    sigma_mm: Flat = 1.0,
    edge: Annotated[
        float | None,
        Field(
            gt=0,
            le=1e9,
            description="slope that counts as an edge [the image's unit per mm]; none: 1.4826 MAD of slopes",
        ),
    ] = None,
    conductance: Annotated[
        Literal["exponential", "rational"], Field(description="exp(-(slope/edge)^2), or 1 / (1 + (slope/edge)^2)")
    ] = "exponential",
) -> Image:
    """Diffuse for the time of a Gaussian of `sigma_mm` [mm], less across edges; gives float32.

    du/dt = div(g(|slope|) grad u) with the slope between neighbours, explicit in time, nothing flows through the border;
    the mean is kept and no new extremes arise. Frame by frame, colour by colour. Perona and Malik 1990,
    doi:10.1109/34.56205; the edge by Black et al. 1998, doi:10.1109/83.661192.
    """
    spacing_mm, time_mm2 = _diffusion(image, sigma_mm)

    def filtered(frame: Single) -> Single:
        scale = edge or _robust_slope(frame, spacing_mm)
        return diffuse.perona_malik(frame, spacing_mm, time_mm2, partial(_CONDUCTANCES[conductance], scale))

    return image.with_array(per_frame(image, filtered))


def curvature_flow(image: Image, *, sigma_mm: Flat = 1.0) -> Image:
    """Move each level set by its curvature for the time of a Gaussian of `sigma_mm` [mm]; gives float32.

    du/dt = |grad u| div(grad u / |grad u|): small bumps vanish and edges stay as steep as they are; a disc of radius r
    has radius sqrt(r^2 - sigma^2) afterwards, a ball sqrt(r^2 - 2 sigma^2). Frame by frame, colour by colour.
    Alvarez, Lions and Morel 1992, doi:10.1137/0729052.
    """
    spacing_mm, time_mm2 = _diffusion(image, sigma_mm)
    return image.with_array(per_frame(image, lambda frame: diffuse.curvature_motion(frame, spacing_mm, time_mm2)))


def noise_of(frame: Single) -> float:
    """Standard deviation of the noise by the median of second differences along the axes; 1 for a constant frame.

    The second difference of white noise has 6 times its variance, and that of a smooth picture is near 0.
    """
    axes = [axis for axis, size in enumerate(frame.shape) if size > 2]
    size = median_size(
        lambda: (np.diff(frame[run], 2, axis) for axis in axes for run in slabs.beside(frame.shape, axis))
    )
    return size * 1.4826 / np.sqrt(6) or float(frame.std()) or 1.0


def _diffusion(image: Image, sigma_mm: float) -> tuple[tuple[float, ...], float]:
    in_pixels(image, "sigma_mm", sigma_mm)
    spacing_mm, time_mm2 = image.grid.known_spacing_mm(), sigma_mm**2 / 2
    steps, _ = diffuse.steps_and_length(time_mm2, spacing_mm)
    if steps > MOST_STEPS:
        raise InputError(
            f"sigma_mm={sigma_mm:g} takes {steps:,} steps at this spacing, at most {MOST_STEPS:,} are done"
        )
    return spacing_mm, time_mm2


def _refuse_many(name: str, sides: list[int]) -> None:
    count = int(np.prod(sides, dtype=float))
    if count > MOST_NEIGHBOURS:
        raise InputError(
            f"{name} reaches {count:,} neighbours of each pixel, at most {MOST_NEIGHBOURS:,}; make it smaller"
        )


def _robust_slope(frame: Single, spacing_mm: tuple[float, ...]) -> float:
    def slopes() -> Iterator[Single]:
        for axis, h in enumerate(spacing_mm):
            for run in slabs.beside(frame.shape, axis):
                yield np.diff(frame[run], axis=axis) / np.float32(h)

    count = sum(slope.size for slope in slopes())
    mean = sum(float(np.abs(slope).sum(dtype=np.float64)) for slope in slopes()) / max(count, 1)
    return 1.4826 * median_size(slopes) or mean or 1.0


def _exponential(edge: float, slope: Single) -> Single:
    size = slope * np.float32(1 / edge)
    size *= size
    return np.exp(np.negative(size, out=size), out=size)


def _rational(edge: float, slope: Single) -> Single:
    size = slope * np.float32(1 / edge)
    size *= size
    size += 1
    return np.reciprocal(size, out=size)


_CONDUCTANCES: dict[str, Callable[[float, Single], Single]] = {"exponential": _exponential, "rational": _rational}
