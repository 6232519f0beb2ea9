"""A second opinion on text in pixels from Tesseract, where it is installed; nothing depends on it."""

from __future__ import annotations

import csv
import shutil
import subprocess
from io import StringIO
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from radiolucent.kernels.lettering import Box, clipped

LEAST_CONFIDENCE, LEAST_SIGNS, MARGIN, LONGEST_S = 50.0, 2, 3, 60


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
    image = cv2.imencode(".png", grey)[1].tobytes()
    command = ["tesseract", "-", "-", "--psm", "11", "tsv"]
    try:
        done = subprocess.run(command, input=image, capture_output=True, timeout=LONGEST_S, check=True)
    except (subprocess.SubprocessError, OSError):
        return None
    return _places(done.stdout.decode("utf-8", "replace"), (grey.shape[0], grey.shape[1]))


def _places(table: str, shape: tuple[int, int]) -> tuple[Box, ...]:
    found = []
    for row in csv.DictReader(StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        if len((row.get("text") or "").strip()) < LEAST_SIGNS or float(row["conf"]) < LEAST_CONFIDENCE:
            continue
        left, top, width, height = (int(row[key]) for key in ("left", "top", "width", "height"))
        found.append(clipped(Box(top - MARGIN, left - MARGIN, top + height + MARGIN, left + width + MARGIN), shape))
    return tuple(found)
