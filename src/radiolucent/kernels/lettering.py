"""Text burnt into bare pictures: where it lies, as boxes; a small convolutional net on three scales.

The net (38,000 weights, applied here with numpy) was trained by `results/train_lettering.py` on text rendered over drawn
anatomy, noise and photographs that ship inside scikit-image; no patient's picture was used.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

LAYERS = ((1, 1), (2, 1), (2, 1), (1, 1), (1, 2), (1, 4))
"""Stride and dilation of the 3 x 3 layers, which see 32 pixels around; a layer of 1 x 1 gives the score."""

STRIDE = 4
OCTAVES = (1, 2, 4)
"""Letters of about 7 to 20 pixels are found at each scale, so of 7 to 80 in all."""

WINDOWS = (33, 11)
FLOOR = 0.01
"""Grey is measured in local standard deviations, plus so much of the picture's range."""

STRIP, REACH = 256, 32
"""Rows that are looked at in one go, and how far beyond them the net sees."""

SURE, LIKELY, SURE_ONCE, LIKELY_ONCE = 0.95, 0.15, 0.99, 0.6
"""Least probability of text: somewhere in a box and everywhere in it; then the same for what shows in one of many frames only."""

FEWEST, FEWEST_BLOCKS, MARGIN, MOST_FRAMES = 80, 3, 3, 5
"""A picture is reduced to no less than so many pixels: letters are small beside what they are written on."""

LINE, LARGEST_LETTER = 1.5, 32
"""What is so many times longer than thick is a line; letters are taken to be at most so large [pixels]."""

LONE = 10
"""Blocks that one letter may fill at the scale where it is found; a name is longer."""

LEAST_LOG_ODDS, NONE = float(np.log(LIKELY / (1 - LIKELY))), np.float32(-30)

LUMINANCE = np.array([0.299, 0.587, 0.114], np.float32)

WEIGHTS = Path(__file__).with_suffix(".npz")


class Box(NamedTuple):
    """Rows `top` to `bottom` and columns `left` to `right`, the ends not included."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def area(self) -> int:
        return max(0, self.bottom - self.top) * max(0, self.right - self.left)


def normalised(plane: Array, limits: tuple[float, float] | None = None) -> NDArray[np.float32]:
    """Grey as local z scores in both `WINDOWS`, clipped at 4: (rows, columns, 2).

    What is not finite counts as the least value; a constant picture is 0. `limits` are the darkest and the brightest
    value, where the picture does not show them itself.
    """
    grey = np.asarray(plane, np.float32)
    if not np.isfinite(grey).all():
        finite = np.isfinite(grey)
        grey = np.where(finite, grey, grey[finite].min() if finite.any() else 0)
    low, high = limits or _limits(grey)
    if high <= low:
        return np.zeros((*grey.shape, len(WINDOWS)), np.float32)
    grey = np.clip((grey - low) / (high - low), 0, 1)
    return np.stack([_local_z(grey, window) for window in WINDOWS], axis=-1)


def _limits(grey: NDArray[np.float32]) -> tuple[float, float]:
    """Values that one in a thousand is beyond, or the extremes where that is a single value."""
    thinned = grey[:: max(1, grey.shape[0] // 256), :: max(1, grey.shape[1] // 256)]
    low, high = (float(value) for value in np.percentile(thinned, [0.1, 99.9]))
    return (low, high) if high > low else (float(grey.min()), float(grey.max()))


def _local_z(grey: NDArray[np.float32], window: int) -> NDArray[np.float32]:
    away = grey - cv2.boxFilter(grey, -1, (window, window), borderType=cv2.BORDER_REFLECT)
    spread = np.sqrt(np.maximum(cv2.boxFilter(away * away, -1, (window, window), borderType=cv2.BORDER_REFLECT), 0))
    return np.asarray(np.clip(away / (spread + FLOOR), -4, 4), np.float32)


def scores(signal: NDArray[np.float32], weights: tuple[tuple[Array, Array], ...]) -> NDArray[np.float32]:
    """Log odds of text for each `STRIDE` x `STRIDE` block of a picture of z scores (sides are multiples of it)."""
    maps = signal
    for (kernel, bias), (stride, dilation) in zip(weights, LAYERS):
        maps = np.maximum(_convolved(maps, kernel, stride, dilation) + bias, 0)
    kernel, bias = weights[-1]
    return (maps @ kernel[0, 0] + bias)[:, :, 0]


def _convolved(maps: Array, kernel: Array, stride: int, dilation: int) -> Array:
    rows, columns = -(-maps.shape[0] // stride), -(-maps.shape[1] // stride)
    padded = np.pad(maps, ((dilation, dilation), (dilation, dilation), (0, 0)))
    taps = [
        padded[
            dilation * i : dilation * i + stride * rows : stride,
            dilation * j : dilation * j + stride * columns : stride,
        ]
        for i in range(3)
        for j in range(3)
    ]
    return np.concatenate(taps, axis=-1) @ kernel.reshape(-1, kernel.shape[-1])


@cache
def trained() -> tuple[tuple[Array, Array], ...]:
    """Kernel and bias of every layer."""
    with np.load(WEIGHTS, allow_pickle=False) as file:
        count = len(file.files) // 2
        return tuple(
            (file[f"kernel_{k}"].astype(np.float32), file[f"bias_{k}"].astype(np.float32)) for k in range(count)
        )


def text_map(plane: Array) -> NDArray[np.float32]:
    """Probability of text of one grey picture (rows, columns), for each block of `STRIDE` x `STRIDE` pixels."""
    grey = np.asarray(plane, np.float32)
    rows, columns = (-(-n // STRIDE) for n in grey.shape)
    best = np.full((rows, columns), -np.inf, np.float32)
    for octave in OCTAVES:
        size = (max(1, grey.shape[1] // octave), max(1, grey.shape[0] // octave))
        if min(size) < FEWEST and octave > 1:
            break
        signal = normalised(grey if octave == 1 else cv2.resize(grey, size, interpolation=cv2.INTER_AREA))
        found = _without_lone_signs(_in_strips(signal))
        wide = found.repeat(octave, 0).repeat(octave, 1)[:rows, :columns]
        best[: wide.shape[0], : wide.shape[1]] = np.maximum(best[: wide.shape[0], : wide.shape[1]], wide)
    return np.asarray(1 / (1 + np.exp(-np.clip(best, -30, 30))), np.float32)


def _without_lone_signs(found: NDArray[np.float32]) -> NDArray[np.float32]:
    """Log odds without places as wide as high and no larger than one letter: rings of bone, crosses, side letters."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        np.asarray(found > LEAST_LOG_ODDS, np.uint8), connectivity=8
    )
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    lone = (np.maximum(width, height) <= LONE) & (np.maximum(width, height) < LINE * np.minimum(width, height))
    lone[0] = False
    return np.where(lone[labels], NONE, found) if count > 1 else found


def _in_strips(signal: NDArray[np.float32]) -> NDArray[np.float32]:
    """The scores, strip by strip, so that memory stays small whatever the picture's size."""
    rows, columns = (-(-n // STRIDE) * STRIDE for n in signal.shape[:2])
    whole = np.pad(signal, ((0, rows - signal.shape[0]), (0, columns - signal.shape[1]), (0, 0)))
    parts = []
    for top in range(0, rows, STRIP):
        start, stop = max(0, top - REACH), min(rows, top + STRIP + REACH)
        found = scores(whole[start:stop], trained())
        parts.append(found[(top - start) // STRIDE :][: min(STRIP, rows - top) // STRIDE])
    return np.concatenate(parts)


def boxes_of(
    probability: Array,
    shape: tuple[int, int],
    *,
    sure: float = SURE,
    likely: float = LIKELY,
    least: int = FEWEST_BLOCKS,
) -> list[Box]:
    """Boxes around what is `likely` text and somewhere `sure`, of `least` blocks, with a margin [pixels]."""
    there = np.asarray(probability >= likely, np.uint8)
    joined = cv2.morphologyEx(there, cv2.MORPH_CLOSE, np.ones((1, 5), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    best = np.zeros(count, np.float32)
    np.maximum.at(best, labels.ravel(), np.asarray(probability, np.float32).ravel())
    found = []
    for label in range(1, count):
        left, top, width, height, area = (int(n) for n in stats[label])
        if best[label] < sure or area < least:
            continue
        box = Box(top * STRIDE, left * STRIDE, (top + height) * STRIDE, (left + width) * STRIDE)
        found.append(clipped(_with_margin(box), shape))
    return found


def _with_margin(box: Box) -> Box:
    """A little larger on all sides, and half a letter more at the ends of a line, where there is less to go by."""
    height, width = box.bottom - box.top, box.right - box.left
    more = min(height, width, LARGEST_LETTER) // 2
    down, across = MARGIN + more * (height > LINE * width), MARGIN + more * (width > LINE * height)
    return Box(box.top - down, box.left - across, box.bottom + down, box.right + across)


def clipped(box: Box, shape: tuple[int, int]) -> Box:
    """The part of a box that lies within a picture of `shape`."""
    return Box(max(0, box.top), max(0, box.left), min(shape[0], box.bottom), min(shape[1], box.right))


def text_boxes(plane: Array) -> list[Box]:
    """Boxes [pixels] around text in one picture: grey (rows, columns) or colour (rows, columns, 3)."""
    return boxes_of(_seen(plane), (plane.shape[0], plane.shape[1]))


def _seen(plane: Array) -> NDArray[np.float32]:
    """The text map of grey and, where there is colour, of its saturation."""
    if plane.ndim == 2:
        return text_map(plane)
    channels = np.asarray(plane, np.float32)
    best = text_map(channels @ LUMINANCE)
    saturation = np.ptp(channels, axis=-1)
    return np.maximum(best, text_map(saturation)) if saturation.any() else best


def still_text_boxes(frames: Array) -> list[Box]:
    """Boxes around text in a stack (frames, rows, columns[, 3]) that show in its mean, or in some of a few frames.

    Text stands still while anatomy moves and noise changes, so in the mean of all frames it is clearer; text of a few
    frames only shows in the greatest or the least value over time. What looks like text in a single one of the few is
    mostly speckle: at least two must show it.
    """
    if len(frames) == 1:
        return text_boxes(frames[0])
    picked = np.unique(np.linspace(0, len(frames) - 1, MOST_FRAMES).round().astype(int))
    views = [_mean(frames), frames.max(axis=0), frames.min(axis=0), *(frames[k] for k in picked)]
    maps = np.stack([_seen(view) for view in views])
    best = np.maximum(maps[0], np.median(maps[3:], axis=0))
    shape = (frames.shape[1], frames.shape[2])
    twice = np.sort(maps[3:], axis=0)[-2]
    once = boxes_of(np.maximum(maps[:3].max(axis=0), twice), shape, sure=SURE_ONCE, likely=LIKELY_ONCE)
    return merged([*boxes_of(best, shape), *once])


def _mean(frames: Array) -> Array:
    total = np.zeros(frames.shape[1:], np.float64)
    for frame in frames:
        total += frame
    return np.asarray(total / len(frames), np.float32)


def merged(boxes: list[Box]) -> list[Box]:
    """The same area without boxes that lie within another, from top to bottom."""
    kept: list[Box] = []
    for box in sorted(set(boxes), key=lambda one: -one.area):
        if not any(_within(box, other) for other in kept):
            kept.append(box)
    return sorted(kept)


def _within(box: Box, other: Box) -> bool:
    return other.top <= box.top and other.left <= box.left and box.bottom <= other.bottom and box.right <= other.right


def covered(boxes: list[Box], shape: tuple[int, int]) -> NDArray[np.bool_]:
    """True inside any of the boxes."""
    inside = np.zeros(shape, bool)
    for box in boxes:
        inside[box.top : box.bottom, box.left : box.right] = True
    return inside
