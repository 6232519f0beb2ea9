"""Segmentations (SEG) and structure sets (RTSTRUCT) as the file states them: regions frame by frame, or contours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from radiolucent.core import UnreadableError

from .facts import Identity, identity
from .groups import ruling
from .header import damage_named
from .pixels import stored_values
from .place import Place, places


@dataclass(frozen=True)
class Segments:
    """`frames` (n, rows, columns) with where each lies; `segment` of each, or 0 where its values are labels themselves.

    `series` are the images that it was drawn on, `gap_mm` the distance of slices.
    """

    frames: NDArray[Any]
    places: tuple[Place, ...]
    segment: tuple[int, ...]
    names: Mapping[int, str]
    gap_mm: float | None
    series: frozenset[str]
    identity: Identity


@dataclass(frozen=True)
class Contours:
    """Closed planar polygons, each an (n, 3) array of LPS points [mm], by the number of the structure they bound."""

    polygons: tuple[tuple[int, NDArray[np.float64]], ...]
    names: Mapping[int, str]
    series: frozenset[str]
    identity: Identity


def decode_segments(path: str | Path, dataset: Dataset) -> Segments:
    """The frames of a SEG; probabilities and occupancies count from one half.

    Raises `UnreadableError` for damaged files and for the tiles of microscopy slides.
    """
    with damage_named(path, "read as a segmentation"):
        count = int(dataset.get("NumberOfFrames") or 1)
        if "TotalPixelMatrixRows" in dataset:
            raise UnreadableError(f"{path} segments tiles of a microscopy slide, not slices; it cannot be read")
        kind = str(dataset.get("SegmentationType") or "BINARY")
        labels = kind == "LABELMAP"
        numbers = [0 if labels else _segment(dataset, frame) for frame in range(count)]
        gap = ruling(dataset, 0, "PixelMeasuresSequence").get("SpacingBetweenSlices")
        names = {int(item.SegmentNumber): str(item.get("SegmentLabel") or "") for item in dataset.SegmentSequence}
        where = places(dataset, count)
    frames = stored_values(path, dataset)
    if kind == "FRACTIONAL":
        frames = frames >= int(dataset.get("MaximumFractionalValue") or 255) / 2
    return Segments(
        frames=frames,
        places=where,
        segment=tuple(numbers),
        names={number: name for number, name in names.items() if number},
        gap_mm=float(gap) if gap else None,
        series=_series(dataset.get("ReferencedSeriesSequence")),
        identity=identity(dataset),
    )


def decode_contours(path: str | Path, dataset: Dataset) -> Contours:
    """The closed planar contours of an RTSTRUCT; points and open lines bound nothing and are left out."""
    with damage_named(path, "read as a structure set"):
        names = {int(roi.ROINumber): str(roi.get("ROIName") or "") for roi in dataset.StructureSetROISequence}
        polygons = [
            (int(structure.ReferencedROINumber), np.array(contour.ContourData, float).reshape(-1, 3))
            for structure in dataset.get("ROIContourSequence") or ()
            for contour in structure.get("ContourSequence") or ()
            if str(contour.ContourGeometricType).startswith(("CLOSED_PLANAR", "CLOSEDPLANAR"))
        ]
        frames = dataset.get("ReferencedFrameOfReferenceSequence") or ()
        studies = [study for frame in frames for study in frame.get("RTReferencedStudySequence") or ()]
        series = [_series(study.get("RTReferencedSeriesSequence")) for study in studies]
    return Contours(tuple(polygons), names, frozenset().union(*series), identity(dataset))


def _segment(dataset: Dataset, frame: int) -> int:
    return int(ruling(dataset, frame, "SegmentIdentificationSequence").ReferencedSegmentNumber)


def _series(items: Any) -> frozenset[str]:
    return frozenset(str(item.SeriesInstanceUID) for item in items or ())
