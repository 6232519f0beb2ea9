"""Radiomics beside scikit-image, scipy and brute force; `--seconds`: whole profiles, with memory and compilation."""

from __future__ import annotations

import sys
import time
import tracemalloc
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial.distance import cdist
from side_by_side import Pair, main
from skimage.feature import graycomatrix
from skimage.measure import marching_cubes

from radiolucent.core import Grid, Image, Mask
from radiolucent.measure.discretise import cut_out, discretised
from radiolucent.measure.glcm import glcm_of
from radiolucent.measure.glszm import glszm_of
from radiolucent.measure.morphology import morphology_of
from radiolucent.measure.radiomics import radiomics

Array = NDArray[Any]

BALLS = {"128^3, 65,752 voxels": (128, 25.0), "160^3, 1.41 million voxels": (160, 69.5)}
"""Sides of the volume and radius of the region, in voxels."""


def ball(side: int, radius: float) -> tuple[Image, Mask]:
    """Smooth noise with a ball as the region, in voxels of 1 mm."""
    away = np.linalg.norm(np.indices((side,) * 3).T - (side - 1) / 2, axis=-1).T
    noise = np.random.default_rng(0).normal(100, 30, away.shape).astype(np.float32)
    grid = Grid(away.shape, "zyx", (1.0, 1.0, 1.0))
    return Image(ndimage.gaussian_filter(noise, 1), grid), Mask((away < radius).astype(np.uint8), grid)


def pairs_in_slices(levels: Array) -> Array:
    """Co-occurrence with a level of its own outside, which is cut off afterwards."""
    angles = [0, np.pi / 4, np.pi / 2, 3 * np.pi / 4]
    return sum(graycomatrix(one, [1], angles, 33, symmetric=True)[1:, 1:] for one in levels)


def zones_by_label(levels: Array) -> list[Array]:
    around = np.ones((3, 3, 3))
    return [np.bincount(ndimage.label(levels == level, around)[0].ravel())[1:] for level in range(1, 33)]


def all_vertices(shape: Array) -> float:
    """The greatest distance between all vertices of the surface, without a convex hull."""
    vertices = marching_cubes(shape.astype(np.float32), 0.5)[0].astype(np.float32)
    return max(float(cdist(vertices[k : k + 256], vertices).max()) for k in range(0, len(vertices), 256))


def rows() -> Iterator[Pair]:
    image, mask = ball(*BALLS["128^3, 65,752 voxels"])
    roi = cut_out(image, mask, 1)
    levels = discretised(roi, 32, None)
    grey = levels.padded.astype(np.uint8)
    yield Pair("25 features of pairs in slices", partial(glcm_of, levels, "2.5d_merged"),
               "scikit-image", partial(pairs_in_slices, grey), 2)  # fmt: skip
    yield Pair("16 features of zones in space", partial(glszm_of, levels, "3d"),
               "scipy", partial(zones_by_label, grey), 2)  # fmt: skip
    yield Pair("23 features of shape", partial(morphology_of, roi, (1.0, 1.0, 1.0), costly=False),
               "diameter only", partial(all_vertices, levels.shape), 4)  # fmt: skip


def seconds() -> None:
    """Time of the first call (compilation, or the cache) and of the best of three more; memory by the region's box."""
    for name, (side, radius) in BALLS.items():
        image, mask = ball(side, radius)
        box = cut_out(image, mask, 1).values.nbytes
        for profile in ("common", "full"):
            times = []
            for _ in range(4):
                start = time.perf_counter()
                radiomics(image, mask, profile=profile)
                times.append(time.perf_counter() - start)
            tracemalloc.start()
            radiomics(image, mask, profile=profile)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            print(
                f"{name:28} {profile:7} first {times[0]:6.2f} s, then {min(times[1:]):6.3f} s; "
                f"{peak / 2**20:6.1f} MiB, {peak / box:4.1f} times the cropped image"
            )


if __name__ == "__main__":
    if "--seconds" in sys.argv:
        seconds()
    else:
        main(rows, __doc__ or "")
