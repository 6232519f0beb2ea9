"""What an image file of any other format than DICOM holds, told without decoding it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from radiolucent.core import Grid


@dataclass(frozen=True)
class Outline:
    """The grid, colour channels and bits of a sample; `data` is the file whose content keys the case."""

    grid: Grid
    channels: int
    bits: int | None
    data: Path
    is_mask: bool = False


def no_samples(count: int) -> NDArray[np.uint8]:
    """As many samples as are promised, in one byte of memory."""
    return np.broadcast_to(np.zeros((), np.uint8), (count,))
