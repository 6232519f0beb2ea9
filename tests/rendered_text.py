"""Text rendered over pictures, with the boxes that it fills; for measuring what finds it."""

import string
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFont

HEIGHTS = (8, 12, 16, 24, 32, 40)
"""Font sizes [pixels]."""

CONTRASTS = (3.0, 5.0, 10.0)
"""Text minus the mean of what is under it, over the standard deviation of what is under it (at least `LEAST_SPREAD`)."""

LEAST_SPREAD = 0.01
"""Of the picture's range: text of 3 times so much is the faintest that people can read on a flat ground."""

FILES = ("LiberationSerif-Regular.ttf", "NimbusMonoPS-Regular.otf", "URWGothic-Book.otf", "NotoSansMono-Bold.ttf")
"""Families that the detector was not trained on; the fifth is the one inside Pillow."""


class Written(NamedTuple):
    """A picture with text, where its ink lies, and how it was written."""

    picture: np.ndarray
    ink: np.ndarray
    font: str
    height: int
    contrast: float
    inverted: bool


def fonts() -> dict[str, str | None]:
    """Name and file of every font that is here; `None` is the one inside Pillow."""
    there = {path.name: str(path) for path in Path("/usr/share/fonts").rglob("*.[ot]tf")}
    return {name: there[name] for name in FILES if name in there} | {"Pillow": None}


def line(rng: np.random.Generator) -> str:
    """A name, a date, a number or a birthday, made up."""

    def pick(alphabet, count):
        return "".join(rng.choice(list(alphabet), count))

    kind = rng.integers(4)
    if kind == 0:
        return pick(string.ascii_uppercase, rng.integers(4, 9)) + "^" + pick(string.ascii_uppercase, rng.integers(3, 8))
    if kind == 1:
        return f"{rng.integers(1, 32):02d}/{rng.integers(1, 13):02d}/{rng.integers(1930, 2025)}"
    if kind == 2:
        return f"ID {rng.integers(10**6, 10**9)}"
    return (
        pick(string.ascii_uppercase, 1)
        + pick(string.ascii_lowercase, rng.integers(3, 8))
        + ", "
        + pick(string.ascii_uppercase, 1)
        + pick(string.ascii_lowercase, 4)
    )


def rendered(text: str, file: str | None, height: int) -> np.ndarray:
    """Ink of a line, 0 to 1, cut to where there is any."""
    font = ImageFont.load_default(height) if file is None else ImageFont.truetype(file, height)
    left, top, right, bottom = font.getbbox(text)
    sheet = Image.new("L", (int(right) + 4, int(bottom) + 4))
    ImageDraw.Draw(sheet).text((0, 0), text, fill=255, font=font)
    ink = np.asarray(sheet, np.float32) / 255
    there = np.argwhere(ink > 0.2)
    (top, left), (bottom, right) = there.min(0), there.max(0) + 1
    return ink[top:bottom, left:right]


def write_on(picture, rng, *, name, file, height, contrast) -> Written | None:
    """One line at a random place; `None` where it does not fit, or the contrast cannot be had within 0 to 255.

    `picture` is (rows, columns) of 0 to 255; text is darker than its ground (inverted) in one of three.
    """
    for _ in range(20):
        ink = rendered(line(rng), file, height)
        if ink.shape[0] >= picture.shape[0] or ink.shape[1] >= picture.shape[1]:
            continue
        top, left = (int(rng.integers(0, n - m + 1)) for n, m in zip(picture.shape, ink.shape))
        place = (slice(top, top + ink.shape[0]), slice(left, left + ink.shape[1]))
        under = picture[place].astype(np.float32)
        step = contrast * max(float(under.std()), LEAST_SPREAD * 255)
        for sign in rng.permutation([1, 1, -1]):
            value = float(under.mean()) + sign * step
            if 0 <= value <= 255:
                made, mask = picture.astype(np.float32), np.zeros(picture.shape, bool)
                made[place] = under * (1 - ink) + value * ink
                mask[place] = ink > 0.3
                return Written(np.rint(made).astype(np.uint8), mask, name, height, contrast, bool(sign < 0))
    return None


def share_hidden(boxes, ink: np.ndarray) -> float:
    """Share of the ink that lies inside boxes."""
    inside = np.zeros(ink.shape, bool)
    for top, left, bottom, right in boxes:
        inside[top:bottom, left:right] = True
    return float(inside[ink].mean())


def few(files: list[Path], n: int) -> list[Path]:
    """`n` of many files: two that stand far apart and evenly spread ones."""
    apart = [files[10 + k * (len(files) // 2 - 10)] for k in (0, 1)]
    return apart + files[3 :: max(1, len(files) // n)][: n - 2]


def eight_bit(picture: np.ndarray) -> np.ndarray:
    """From the 0.5th to the 99.5th percentile on 0 to 255."""
    low, high = np.percentile(picture, [0.5, 99.5])
    return np.rint(np.clip((picture.astype(np.float32) - low) / max(high - low, 1e-6), 0, 1) * 255).astype(np.uint8)


def wilson(hits: int, n: int) -> tuple[float, float]:
    """95 % interval of a share."""
    z, p = 1.96, hits / max(n, 1)
    middle, half = p + z * z / (2 * n), z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)
