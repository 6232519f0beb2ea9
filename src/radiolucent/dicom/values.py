"""From stored values to values that mean something: modality LUT, white is high, palette to RGB."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.pixels import apply_color_lut, apply_modality_lut

from .groups import group_of, is_enhanced, ruling

_TRANSFORM = "PixelValueTransformationSequence"
_MAPPED = {
    "[hnsf'U]": "HU",
    "{SUVbw}g/ml": "SUV",
    "g/ml{SUVbw}": "SUV",
    "Bq/ml": "Bq/ml",
    "um2/s": "um2/s",
    "mm2/s": "mm2/s",
    "s": "s",
    "ms": "ms",
}
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
    mapped = _mapped(stored, dataset)
    if mapped is not None:
        return mapped
    unit = physical_unit(dataset)
    if is_enhanced(dataset) and len({line_of(dataset, frame) for frame in range(len(stored))}) > 1:
        return np.stack([along(one, *line_of(dataset, k)) for k, one in enumerate(stored)]), unit
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
    transform = ruling(dataset, 0, _TRANSFORM)
    stated = transform.get("RescaleType")
    if modality == "CT" and "RescaleIntercept" in transform:
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
    return along(stored, *line_of(dataset, 0))


def line_of(dataset: Dataset, frame: int) -> tuple[float, float]:
    """Slope and intercept of the rescale, which enhanced files may state frame by frame."""
    transform = ruling(dataset, frame, _TRANSFORM)
    slope = transform.get("RescaleSlope")
    return float(1 if slope is None else slope), float(transform.get("RescaleIntercept") or 0)


def _mapped(stored: NDArray[Any], dataset: Dataset) -> tuple[NDArray[Any], str] | None:
    """Real-world values, where a linear map to a unit known here is stated; a map without unit is left to the rescale."""
    items = [group_of(dataset, frame, "RealWorldValueMappingSequence") for frame in range(len(stored))]
    codes = {_code(item) for item in items}
    if len(codes) != 1 or not codes <= set(_MAPPED):
        return None
    lines = [(float(item.RealWorldValueSlope), float(item.RealWorldValueIntercept)) for item in items if item]
    whole = stored if len(set(lines)) == 1 else None
    values = (
        np.stack([along(one, *line) for one, line in zip(stored, lines)]) if whole is None else along(stored, *lines[0])
    )
    return values, _MAPPED[codes.pop()]


def _code(item: Dataset | None) -> str:
    if item is None or "RealWorldValueSlope" not in item or not item.get("MeasurementUnitsCodeSequence"):
        return ""
    return str(item.MeasurementUnitsCodeSequence[0].get("CodeValue") or "")


def along(stored: NDArray[Any], slope: float, intercept: float) -> NDArray[Any]:
    """`slope` times stored values plus `intercept`, whole where all three are."""
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
