"""Segmentation by regions that grow from seeds."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from radiolucent.core import Image, Mask
from radiolucent.kernels import automaton, growing

from .frames import Labels, Single, labelled, narrow, seeds_of


def seeded_region_growing(image: Image, seeds: Mask) -> Mask:
    """Let the labels of `seeds` grow until they fill the picture: the most alike pixel beside a region goes to it next.

    Alike is near to the region's mean grey value, which follows as the region grows; face neighbours; seeds keep their
    labels and names, and each label needs a seed in each frame of a series. Pixels that are equally alike are taken
    together, so that the result does not depend on the order of pixels (Mehnert and Jackway 1997,
    doi:10.1016/S0167-8655(97)00131-1). Adams and Bischof 1994, doi:10.1109/34.295913.
    """
    start = seeds_of(image, seeds)
    labels = labelled(image, lambda index, values: growing.grow(values, start[index]))
    return Mask(narrow(labels), image.grid, seeds.names)


def growcut(
    image: Image,
    seeds: Mask,
    *,
    generations: Annotated[
        int, Field(ge=1, le=100_000, description="most generations; fewer leave what is not conquered without a label")
    ] = 10_000,
) -> Mask:
    """Let the labels of `seeds` conquer the picture as colonies of a cellular automaton.

    In every generation each pixel goes to the strongest of its face neighbours' attacks, if that is stronger than the
    pixel: the neighbour's strength times (1 - difference / range of the grey values of the frame). Seeds have strength 1
    and are never conquered. All pixels change at once; of equal attacks the lower label wins. Strengths fade with
    noise on the way, so draw seeds along the regions rather than as single points. Vezhnevets and Konouchine 2005.
    """
    start = seeds_of(image, seeds)

    def conquered(index: int, values: Single) -> Labels:
        labels, _, _ = automaton.growcut(values, start[index], (start[index] > 0).astype(np.float32), generations)
        return labels

    return Mask(narrow(labelled(image, conquered)), image.grid, seeds.names)
