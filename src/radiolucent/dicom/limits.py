"""How much a file may ask for, checked before anything is allocated: DICOM, PNG, npz and NIfTI all come here."""

from __future__ import annotations

from math import prod
from pathlib import Path

import psutil

from radiolucent.core import UnreadableError

MOST_BYTES = 8 * 2**30
"""No single picture or volume may decode to more than this many bytes."""

SHARE_OF_MEMORY = 0.6
"""Nor to more than this share of the memory that is free now."""


def within_limits(path: str | Path, shape: tuple[int, ...], bytes_each: float) -> None:
    """Refuse a picture of `shape` whose samples take `bytes_each` bytes when it would not fit; nothing is allocated."""
    if any(n < 0 for n in shape):
        raise UnreadableError(f"{path} states a shape of {shape}, which cannot be; the file is damaged")
    asked = prod(shape) * bytes_each
    allowed = min(MOST_BYTES, SHARE_OF_MEMORY * psutil.virtual_memory().available)
    if asked > allowed:
        raise UnreadableError(
            f"{path} would need {asked / 2**30:.1f} GiB decoded (shape {shape}), {allowed / 2**30:.1f} GiB are allowed "
            "here; crop or reduce it, or use a machine with more memory"
        )
