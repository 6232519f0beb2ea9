"""From stored values to values that mean something: modality LUT, white is high, palette to RGB."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.pixels import apply_color_lut, apply_modality_lut

_UNITS = {"HU": "HU", "HU_MOD": "HU", "BQML": "Bq/ml", "GML": "SUV", "CNTS": "counts"}


def meaningful_values(stored: NDArray[Any], dataset: Dataset) -> tuple[NDArray[Any], str]:
    """Values and their unit: rescaled, colour as RGB, and white high unless the values bear a physical unit.

    Rescaled whole numbers stay whole numbers (int16 where they fit, so HU do), the rest is float32.
    """
    photometric = str(dataset.get("PhotometricInterpretation", ""))
    if photometric == "PALETTE COLOR":
        return _eight_bit(apply_color_lut(stored, dataset)), "1"
    if stored.ndim == 4:
        return stored, "1"
    unit = physical_unit(dataset)
    ends = _stored_ends(stored, dataset)
    values, ends = _rescaled(stored, dataset), _rescaled(ends, dataset)
    if photometric == "MONOCHROME1" and unit == "1":
        values = _turned(values, ends)
    return values, unit


def physical_unit(dataset: Dataset) -> str:
    """`HU` for rescaled CT, the unit of a PET, otherwise `1`."""
    modality = dataset.get("Modality")
    if modality == "PT":
        return _UNITS.get(str(dataset.get("Units", "")), "1")
    stated = dataset.get("RescaleType")
    if modality == "CT" and "RescaleIntercept" in dataset:
        return "HU" if not stated else _UNITS.get(str(stated), "1")
    return _UNITS.get(str(stated), "1") if stated == "HU" else "1"


def _stored_ends(stored: NDArray[Any], dataset: Dataset) -> NDArray[Any]:
    """The least and greatest value that the file could store."""
    if stored.dtype.kind == "f":
        return np.array([stored.min(), stored.max()], stored.dtype)
    bits = int(dataset.get("BitsStored") or stored.dtype.itemsize * 8)
    if int(dataset.get("PixelRepresentation") or 0):
        return np.array([-(2 ** (bits - 1)), 2 ** (bits - 1) - 1], stored.dtype)
    return np.array([0, 2**bits - 1], stored.dtype)


def _rescaled(stored: NDArray[Any], dataset: Dataset) -> NDArray[Any]:
    if dataset.get("ModalityLUTSequence"):
        return apply_modality_lut(stored, dataset)
    slope = float(dataset.get("RescaleSlope", 1) if dataset.get("RescaleSlope") is not None else 1)
    intercept = float(dataset.get("RescaleIntercept") or 0)
    if (slope, intercept) == (1, 0):
        return stored
    if stored.dtype.kind in "iu" and stored.dtype.itemsize <= 4 and slope.is_integer() and intercept.is_integer():
        return _whole(stored.astype(np.int64) * int(slope) + int(intercept))
    wide = np.float64 if stored.dtype.itemsize > 2 else np.float32
    return (stored * np.float64(slope) + intercept).astype(wide)


def _whole(values: NDArray[np.int64]) -> NDArray[Any]:
    low, high = int(values.min()), int(values.max())
    fits = next(t for t in (np.int16, np.int32, np.int64) if np.iinfo(t).min <= low and high <= np.iinfo(t).max)
    return values.astype(fits)


def _turned(values: NDArray[Any], ends: NDArray[Any]) -> NDArray[Any]:
    """MONOCHROME1 draws low values white; turned about the middle of the range that the file can store."""
    if values.dtype.kind == "f":
        return (float(ends[0]) + float(ends[1]) - values).astype(values.dtype)
    turned = int(ends[0]) + int(ends[1]) - values.astype(np.int64)
    same = np.iinfo(values.dtype)
    return turned.astype(values.dtype) if same.min <= turned.min() and turned.max() <= same.max else _whole(turned)


def _eight_bit(colour: NDArray[Any]) -> NDArray[Any]:
    """Palettes of 16 bits hold 8 significant ones: the upper, or (written so by some devices) the lower."""
    if colour.dtype == np.uint8:
        return colour
    return (colour >> 8 if colour.max() > 255 else colour).astype(np.uint8)
