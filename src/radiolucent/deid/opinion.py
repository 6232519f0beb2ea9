"""A second opinion on text in pixels from Tesseract, where it is installed; nothing depends on it."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
from io import StringIO
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from radiolucent.kernels.lettering import Box, clipped

LEAST_CONFIDENCE, LEAST_SIGNS, MARGIN, LONGEST_S = 50.0, 2, 3, 60
ENLARGED, LARGEST_SIDE, TALLEST = 2, 2048, 0.2
"""It reads small letters better when they are enlarged. It also "reads" whole organs: a word is no higher than so much of
the picture's longer side."""


def has_tesseract() -> bool:
    """Whether there is a Tesseract to ask."""
    return shutil.which("tesseract") is not None


def tesseract_boxes(picture: NDArray[Any]) -> tuple[Box, ...] | None:
    """Boxes around words that Tesseract reads in a grey picture; `None` where it is absent or fails.

    Only places are kept; what was read never leaves this function.
    """
    if not has_tesseract():
        return None
    low, high = float(picture.min()), float(picture.max())
    grey = ((np.asarray(picture, np.float32) - low) / max(high - low, 1e-6) * 255).astype(np.uint8)
    zoom = ENLARGED if ENLARGED * max(grey.shape) <= LARGEST_SIDE else 1
    table = _asked(cv2.resize(grey, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_CUBIC))
    return None if table is None else _places(table, (grey.shape[0], grey.shape[1]), zoom)


def _asked(grey: NDArray[Any]) -> str | None:
    command = ["tesseract", "-", "-", "--psm", "11", "tsv"]
    image = cv2.imencode(".png", grey)[1].tobytes()
    try:
        done = subprocess.run(command, input=image, capture_output=True, timeout=LONGEST_S, check=True, env=_alone())
    except (subprocess.SubprocessError, OSError):
        return None
    return done.stdout.decode("utf-8", "replace")


def _alone() -> dict[str, str]:
    """One thread: frames are looked at by several workers."""
    return {**os.environ, "OMP_THREAD_LIMIT": "1"}


def _places(table: str, shape: tuple[int, int], zoom: int) -> tuple[Box, ...]:
    found = []
    for row in csv.DictReader(StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        if len((row.get("text") or "").strip()) < LEAST_SIGNS or float(row["conf"]) < LEAST_CONFIDENCE:
            continue
        left, top, width, height = (int(row[key]) for key in ("left", "top", "width", "height"))
        if min(width, height) > TALLEST * zoom * max(shape):
            continue
        top, left, bottom, right = top // zoom, left // zoom, -(-(top + height) // zoom), -(-(left + width) // zoom)
        found.append(clipped(Box(top - MARGIN, left - MARGIN, bottom + MARGIN, right + MARGIN), shape))
    return tuple(found)
