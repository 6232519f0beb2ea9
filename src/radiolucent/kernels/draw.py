"""Keypoints and matches drawn over grey pictures (y, x), in colours that colour-blind readers can tell apart."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

COLOURS = ((230, 159, 0), (86, 180, 233), (0, 158, 115), (240, 228, 66), (213, 94, 0), (204, 121, 167))
"""Okabe and Ito's palette without black and the blue that is lost on black."""

GAP = 8
_FINE = 4  # OpenCV draws between pixels in steps of 1/16


def keypoints_drawn(picture: NDArray[np.uint8], place: Array, scale: Array, angle_deg: Array) -> NDArray[np.uint8]:
    """The picture as RGB with a circle of `scale` pixels around each place (y, x), and its direction as a radius."""
    drawn = np.repeat(picture[..., np.newaxis], 3, axis=-1)
    ends = place + scale[:, None] * np.stack([np.sin(np.radians(angle_deg)), np.cos(np.radians(angle_deg))], axis=1)
    for k, (start, end, radius) in enumerate(zip(place, ends, scale)):
        colour = COLOURS[k % len(COLOURS)]
        cv2.circle(drawn, _fine(start), max(int(radius * 2**_FINE), 1), colour, 1, cv2.LINE_AA, _FINE)
        cv2.line(drawn, _fine(start), _fine(end), colour, 1, cv2.LINE_AA, _FINE)
    return drawn


def matches_drawn(left: NDArray[np.uint8], right: NDArray[np.uint8], place: Array, other: Array) -> NDArray[np.uint8]:
    """Two pictures side by side as RGB, with a line from each place (y, x) on the left to its match on the right."""
    rows, shift = max(len(left), len(right)), left.shape[1] + GAP
    drawn = np.full((rows, shift + right.shape[1], 3), 255, np.uint8)
    drawn[: len(left), : left.shape[1]] = left[..., np.newaxis]
    drawn[: len(right), shift:] = right[..., np.newaxis]
    for k, (start, end) in enumerate(zip(place, np.add(other, (0, shift)))):
        colour = COLOURS[k % len(COLOURS)]
        cv2.line(drawn, _fine(start), _fine(end), colour, 1, cv2.LINE_AA, _FINE)
        for point in (start, end):
            cv2.circle(drawn, _fine(point), 3 << _FINE, colour, 1, cv2.LINE_AA, _FINE)
    return drawn


def _fine(place: Array) -> tuple[int, int]:
    y, x = np.rint(np.asarray(place, float) * 2**_FINE).astype(int)
    return int(x), int(y)
