"""Streams that pydicom's own codecs refuse (12-bit lossy JPEG, JPEG-LS of 6 or 7 bits), decoded by imagecodecs."""

from __future__ import annotations

from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.encaps import generate_frames
from pydicom.uid import UID, JPEGExtended12Bit, JPEGLSTransferSyntaxes

_DECODERS = {
    JPEGExtended12Bit: imagecodecs.jpeg_decode,
    **dict.fromkeys(JPEGLSTransferSyntaxes, imagecodecs.jpegls_decode),
}


def has_second_codec(syntax: UID, dataset: Dataset) -> bool:
    """True for grey pictures in a syntax that imagecodecs decodes too."""
    return syntax in _DECODERS and int(dataset.get("SamplesPerPixel") or 1) == 1


def second_codec(syntax: UID, dataset: Dataset, shape: tuple[int, ...]) -> NDArray[Any]:
    """All frames, in the sign that the header states."""
    frames = [_DECODERS[syntax](frame) for frame in generate_frames(dataset.PixelData, number_of_frames=shape[0])]
    array = np.stack(frames[: shape[0]])
    allocated = np.dtype(f"u{int(dataset.BitsAllocated) // 8}")
    if not int(dataset.get("PixelRepresentation") or 0):
        return array.astype(allocated)
    unused = int(dataset.BitsAllocated) - int(dataset.BitsStored)
    return (array.astype(allocated) << unused).view(allocated.str.replace("u", "i")) >> unused
