"""Text and calipers burnt into pixels, whatever the header says of them."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from radiolucent.core import Finding, Image
from radiolucent.kernels.lettering import Box, boxes_of, text_map

from .limits import broken, listed
from .planes import planes

LEAST_SIDE = 48
"""Pictures with a shorter side hold no readable line of text."""

MOST_PLANES = 5


def lettering(
    image: Image,
    *,
    sure: Annotated[
        float, Field(gt=0.5, lt=1, description="probability of text that a place must reach somewhere to be told")
    ] = 0.9,
    blocks: Annotated[
        int, Field(ge=1, le=10_000, description="least size of such a place, in blocks of 4 x 4 pixels")
    ] = 5,
) -> tuple[Finding, ...]:
    """Say where text seems to be burnt into the pixels: it may name the patient, and nets learn from it.

    It is a remark: side letters and words like PORTABLE are the rule in radiographs, as are settings in ultrasound.

    Of a volume or a clip a few planes are looked at, and told is what stands at one place in most of them: text of one
    plane only is not seen. Pictures with a side below 48 pixels are not looked at.
    """
    stack = planes(image)
    if min(stack.shape[1:]) < LEAST_SIDE:
        return ()
    picked = np.unique(np.linspace(0, len(stack) - 1, MOST_PLANES).round().astype(int))
    still = np.median([text_map(stack[k]) for k in picked], axis=0)
    found = boxes_of(still, stack.shape[1:], sure=sure, least=blocks)
    if not found:
        return ()
    largest = sorted(found, key=lambda box: -box.area)
    says = "Letters or marks seem to be burnt into the pixels: they may name the patient or give the answer away."
    return broken(
        "intensity.lettering",
        says,
        f"no place with a probability of text of {sure:g}",
        severity="info",
        value=len(found),
        unit="places",
        where=listed([_place(box) for box in largest]),
    )


def _place(box: Box) -> str:
    return f"rows {box.top} to {box.bottom}, columns {box.left} to {box.right}"
