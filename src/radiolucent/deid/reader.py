"""A second reader of text in pixels, which shares nothing with the detector: morphology finds lines, Tesseract reads them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

LONGEST_S = 120
STROKES = (7, 15, 31)
"""Thin things that a square of so many pixels does not hold are looked for: letters of about 7 to 60 pixels."""
CLEAR = 4.0
"""A stroke stands out from what surrounds it by so many times the noise."""
LEAST_HIGH, LEAST_WIDE, MOST_LINES, EDGE = 6, 18, 60, 3
LETTERS, GAP, WIDEST = 40, 24, 1600
"""Lines are brought to so many pixels of height, and put on one page with so much white between them."""

Grey = NDArray[np.uint8]


def reader() -> str:
    """Which program reads, with its version; empty where there is none."""
    program = shutil.which("tesseract")
    if program is None:
        return ""
    done = subprocess.run([program, "--version"], capture_output=True, timeout=LONGEST_S, check=False)
    return next(iter(done.stdout.decode("utf-8", "replace").splitlines()), "").strip().capitalize()


def texts_in(frame: NDArray[Any]) -> list[str]:
    """What is read in a frame, (rows, columns) or (rows, columns, 3), line by line; for a search that repeats none of it.

    Raises `OSError` or `subprocess.SubprocessError` where the program fails.
    """
    lines = _lines(_grey(frame))
    return _read(_page(lines)) if lines else []


def _grey(frame: NDArray[Any]) -> Grey:
    """The brightest colour, between the ends that all but a thousandth of the samples keep."""
    plane = np.nan_to_num(np.asarray(frame, np.float32), posinf=0, neginf=0)
    plane = plane if plane.ndim == 2 else plane.max(axis=-1)
    low, high = (float(end) for end in np.percentile(plane, (0.1, 99.9)))
    high = high if high > low else float(plane.max())
    return np.asarray(np.clip((plane - low) / max(high - low, 1e-6) * 255, 0, 255), np.uint8)


def _lines(grey: Grey) -> list[Grey]:
    """Places where thin bright or thin dark strokes stand beside each other, dark on white; the largest where there are many."""
    found: list[Grey] = []
    for size in STROKES:
        square = np.ones((size, size), np.uint8)
        for how in (cv2.MORPH_TOPHAT, cv2.MORPH_BLACKHAT):
            found += _crops(np.asarray(cv2.morphologyEx(grey, how, square), np.uint8), size)
    return sorted(found, key=lambda crop: -crop.size)[:MOST_LINES]


def _crops(strokes: Grey, size: int) -> Iterator[Grey]:
    noise = 1.4826 * float(np.median(strokes)) + 1
    level = max(CLEAR * noise, float(np.percentile(strokes, 99)) / 3)
    joined = cv2.morphologyEx((strokes > level).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 2 * size + 1), np.uint8))
    for left, top, width, height, _ in cv2.connectedComponentsWithStats(joined)[2][1:]:
        if LEAST_HIGH <= height <= min(4 * size, width) and width >= LEAST_WIDE:
            crop = strokes[max(0, top - EDGE) : top + height + EDGE, max(0, left - EDGE) : left + width + EDGE]
            low, high = int(crop.min()), int(crop.max())
            yield np.asarray(255.0 - (crop - float(low)) * 255 / max(high - low, 1), np.uint8)


def _page(lines: list[Grey]) -> Grey:
    """All lines under one another."""
    rows = []
    for line in lines:
        zoom = min(LETTERS / line.shape[0], WIDEST / line.shape[1])
        made = cv2.resize(line, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_CUBIC)
        right = WIDEST + GAP - made.shape[1]
        rows.append(cv2.copyMakeBorder(made, GAP // 2, GAP // 2, GAP, right, cv2.BORDER_CONSTANT, value=255))
    return np.asarray(np.vstack(rows), np.uint8)


def _read(page: Grey) -> list[str]:
    image = cv2.imencode(".png", page)[1].tobytes()
    command, alone = ["tesseract", "-", "-", "--psm", "11", "--dpi", "150"], {**os.environ, "OMP_THREAD_LIMIT": "1"}
    done = subprocess.run(command, input=image, capture_output=True, timeout=LONGEST_S, check=True, env=alone)
    return [line for line in done.stdout.decode("utf-8", "replace").splitlines() if line.strip()]
