"""Text burnt into a file's pixels: found by the detector and by what the device states, and made black."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from radiolucent.dicom import stored_values
from radiolucent.dicom.values import meaningful_values
from radiolucent.kernels.lettering import Box, clipped, merged, still_text_boxes

from .blanking import blank
from .opinion import tesseract_boxes
from .regions import banners, suspicion

CLEAN_PIXEL_DATA = ("113101", "Clean Pixel Data Option")
CLEAN_VISUAL_FEATURES = ("113102", "Clean Recognizable Visual Features Option")
"""Codes of context group 7050."""


class Cleaned(NamedTuple):
    """The dataset, the boxes that were made black (in every frame), and what a report should say."""

    dataset: Dataset
    boxes: tuple[Box, ...]
    remarks: tuple[str, ...]


def find(array: NDArray[Any]) -> tuple[Box, ...]:
    """Boxes [pixels] around text in frames: (frames, rows, columns), or (frames, rows, columns, 3) for RGB."""
    return tuple(still_text_boxes(_finite(array)))


def _finite(array: NDArray[Any]) -> NDArray[Any]:
    """Samples that are no number hide all text from a detector: they become the least that is one."""
    is_known = np.isfinite(array) if array.dtype.kind == "f" else np.ones(1, bool)
    if is_known.all():
        return array
    return np.where(is_known, array, array[is_known].min() if is_known.any() else 0).astype(array.dtype)


def clean(
    dataset: Dataset, *, name: str | Path = "the file", also: Iterable[Box] = (), second_opinion: bool = False
) -> Cleaned:
    """Find text in the pixels of `dataset` and make it black, in place; call it before the header is cleaned.

    Looked for are: what lies outside the ultrasound regions (the device's banner), what the detector finds, and the boxes
    `also`. Samples outside the boxes keep their bits; encodings that cannot be changed in place are left uncompressed.
    Sets Burned In Annotation to NO and adds code 113101 to the De-identification Method Code Sequence. `name` is for
    errors: it never enters the dataset or the remarks. With `second_opinion` Tesseract is asked too, about the middle frame;
    where it is not installed, the remarks say so.

    Raises `UnreadableError` for damaged pixels: nothing is known of such a file, and it must not be passed on.
    """
    stored = stored_values(name, dataset)
    shape = (stored.shape[1], stored.shape[2])
    strips, found = banners(dataset), find(_shown(stored, dataset))
    read = _second(stored) if second_opinion else ()
    boxes = tuple(
        box for box in merged([*strips, *found, *(read or ()), *(clipped(box, shape) for box in also)]) if box.area
    )
    remarks = _said(dataset, strips, found)
    if read is None:
        remarks += ("Tesseract is not installed or failed: there is no second opinion.",)
    blank(dataset, boxes, stored)
    dataset.BurnedInAnnotation = "NO"
    add_method(dataset, CLEAN_PIXEL_DATA)
    return Cleaned(dataset, boxes, remarks)


def add_method(dataset: Dataset, code: tuple[str, str]) -> None:
    """Add a code of context group 7050 to the De-identification Method Code Sequence, once."""
    items = list(dataset.get("DeidentificationMethodCodeSequence") or [])
    if any(str(item.get("CodeValue")) == code[0] for item in items):
        return
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = code[0], "DCM", code[1]
    dataset.DeidentificationMethodCodeSequence = [*items, item]


def _shown(stored: NDArray[Any], dataset: Dataset) -> NDArray[Any]:
    """A palette as its colours; all else as it is stored, since text is found in either polarity."""
    if dataset.get("PhotometricInterpretation") == "PALETTE COLOR":
        return meaningful_values(stored, dataset)[0]
    return stored


def _second(stored: NDArray[Any]) -> tuple[Box, ...] | None:
    frame = stored[len(stored) // 2]
    return tesseract_boxes(frame if frame.ndim == 2 else frame.mean(axis=-1))


def _said(dataset: Dataset, strips: tuple[Box, ...], found: tuple[Box, ...]) -> tuple[str, ...]:
    said = []
    if strips:
        said.append("All outside the ultrasound regions was made black.")
    if found:
        said.append(f"Text was found in {len(found)} places and made black.")
    if suspicion(dataset) and not strips and not found:
        said.append(f"No text was found, though it is likely here ({suspicion(dataset)}): look at the picture.")
    return tuple(said)
