"""Masks as DICOM segmentations (SEG) of the series that they were drawn on."""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Iterator
from importlib.metadata import version
from itertools import permutations, product
from pathlib import Path
from typing import Any

import numpy as np
from highdicom import AlgorithmIdentificationSequence
from highdicom.seg import SegmentAlgorithmTypeValues, Segmentation, SegmentationTypeValues, SegmentDescription
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from radiolucent.core import Grid, InputError, Mask, fingerprint
from radiolucent.dicom import Place, is_dicom, places, read_header

from .uid import uid_of
from .whole import whole_file

_EMPTY = (
    "PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime", "StudyID", "AccessionNumber",
    "ReferringPhysicianName",
)  # fmt: skip
"""What must be there, if only empty; files whose persons were removed lack it."""

NEAR = 0.05
"""A slice may lie so far from the mask's, as a share of the least spacing: files round their numbers."""


def write_segmentation(
    mask: Mask,
    path: str | Path,
    *,
    like: str | Path,
    description: str = "radiolucent",
    overwrite: bool = False,
) -> Path:
    """Write `mask` as one SEG file: a segment for each label, in ascending order, numbered from 1, with its name.

    `like` is the folder of the series that the mask was drawn on (or a file of it); patient, study and frame of reference
    are taken from there, and slices where no label is are left out. The mask's axes may run another way. Raises
    `InputError` where no series there has its slices where the mask has them.
    """
    labels = sorted(set(np.unique(mask.array).tolist()) - {0}) or sorted(set(mask.names) - {0}) or [1]
    if "t" in mask.grid.axes or labels[0] < 0:
        raise InputError("a segmentation holds labels from 1 on at one time point; take the mask apart first")
    source, turned = _slices(mask, Path(like))
    seed = f"{source[0].SeriesInstanceUID} {fingerprint([mask])}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # an empty mask is an answer too
        made = Segmentation(
            source_images=source,
            pixel_array=_numbered(turned, labels),
            segmentation_type=SegmentationTypeValues.BINARY,
            segment_descriptions=[_segment(n, mask.names.get(label), label) for n, label in enumerate(labels, start=1)],
            series_instance_uid=uid_of(seed, "series"),
            series_number=2000 + int(source[0].get("SeriesNumber") or 0),
            sop_instance_uid=uid_of(seed, "instance"),
            instance_number=1,
            manufacturer="radiolucent",
            manufacturer_model_name="radiolucent",
            software_versions=version("radiolucent"),
            device_serial_number="0",
            series_description=description[:64],
        )
    made.SpecificCharacterSet = "ISO_IR 192"
    if turned.grid.affine is None:
        made.PatientOrientation = ""
    with whole_file(path, overwrite=overwrite) as draft:
        made.save_as(draft, enforce_file_format=True)
    return Path(path)


def _segment(number: int, name: str | None, label: int) -> SegmentDescription:
    return SegmentDescription(
        segment_number=number,
        segment_label=(name or f"label {label}")[:64],
        segmented_property_category=codes.SCT.Tissue,
        segmented_property_type=codes.SCT.Tissue,
        algorithm_type=SegmentAlgorithmTypeValues.SEMIAUTOMATIC,
        algorithm_identification=AlgorithmIdentificationSequence(
            name="radiolucent", family=codes.DCM.ArtificialIntelligence, version=version("radiolucent")
        ),
    )


def _numbered(mask: Mask, labels: list[int]) -> NDArray[Any]:
    """Slice by slice, the number of the segment in place of its label."""
    array = mask.array[np.newaxis] if mask.grid.axes == "yx" else mask.array
    numbered = (np.searchsorted(labels, array) + 1).astype(np.uint8 if len(labels) < 256 else np.uint16)
    numbered[array == 0] = 0
    return numbered


def _slices(mask: Mask, like: Path) -> tuple[list[Dataset], Mask]:
    """The headers of the slices that the mask lies on, and the mask with its axes as they have them."""
    for headers in _series(like):
        for turned in _turned(mask):
            found = _fitting(turned.grid, headers)
            if found is not None:
                return [_with_thickness(headers[k], turned.grid) for k in found], turned
    raise InputError(
        f"the mask of shape {mask.grid.shape} lies on no series in {like}; give the folder of the images it was drawn on"
    )


def _with_thickness(header: Dataset, grid: Grid) -> Dataset:
    """A series that does not state how thick its slices are is taken to have no gaps."""
    if grid.spacing_mm is not None and header.get("SliceThickness") is None and "ImagePositionPatient" in header:
        header.SliceThickness = grid.spacing_mm[0] if grid.axes == "zyx" else min(grid.spacing_mm)
    return header


def _turned(mask: Mask) -> Iterator[Mask]:
    """The mask with its axes in any order and direction, first as they are: other programs turn rows and slices over."""
    grid, n = mask.grid, mask.array.ndim
    affine = grid.affine
    if affine is None or grid.direction is None or grid.spacing_mm is None:
        yield mask
        return
    for order in permutations(range(n)):
        for flips in product((1, -1), repeat=n):
            array = mask.array.transpose(order)[tuple(slice(None, None, sign) for sign in flips)]
            start = np.zeros(n + 1)
            start[-1] = 1
            for axis, sign in zip(order, flips, strict=True):
                start[axis] = 0 if sign > 0 else grid.shape[axis] - 1
            x, y, z = (float(v) for v in (affine @ start)[:3])
            lines = [np.multiply(grid.direction[axis], sign) for axis, sign in zip(order, flips, strict=True)]
            direction = tuple((float(v[0]), float(v[1]), float(v[2])) for v in lines)
            spacing = tuple(grid.spacing_mm[axis] for axis in order)
            yield Mask(array, Grid(array.shape, grid.axes, spacing, None, (x, y, z), direction), mask.names)


def _series(like: Path) -> list[list[Dataset]]:
    """Headers of the pictures there, series by series; a file stands for the folder that it lies in."""
    folder = like if like.is_dir() else like.parent
    found: dict[str, list[Dataset]] = defaultdict(list)
    for file in sorted(file for file in folder.rglob("*") if file.is_file() and is_dicom(file)):
        header = read_header(file)
        for keyword in _EMPTY:
            if keyword not in header:
                setattr(header, keyword, None)
        if header.get("Rows") and int(header.get("NumberOfFrames") or 1) == 1:
            found[str(header.get("SeriesInstanceUID"))].append(header)
    return list(found.values())


def _fitting(grid: Grid, headers: list[Dataset]) -> list[int] | None:
    """The header for each slice of the grid, or `None` where a slice has none."""
    plane = grid.shape[-2:]
    lying = [(k, places(header, 1)[0]) for k, header in enumerate(headers) if (header.Rows, header.Columns) == plane]
    if grid.affine is None or grid.direction is None or grid.spacing_mm is None:
        return [lying[0][0]] if len(grid.shape) == 2 and len(lying) == 1 else None
    placed = [(k, np.array(place.position_mm)) for k, place in lying if _is_parallel(place, grid)]
    if not placed:
        return None
    starts = np.stack([position for _, position in placed])
    found = []
    for position in _positions(grid):
        at = np.flatnonzero(np.linalg.norm(starts - position, axis=1) <= NEAR * min(grid.spacing_mm))
        if len(at) != 1:
            return None
        found.append(placed[int(at[0])][0])
    return found


def _is_parallel(place: Place, grid: Grid) -> bool:
    """Whether rows and columns run as those of the grid."""
    if place.position_mm is None or place.right is None or place.down is None or grid.direction is None:
        return False
    return bool(min(np.dot(place.down, grid.direction[-2]), np.dot(place.right, grid.direction[-1])) > 1 - 1e-4)


def _positions(grid: Grid) -> NDArray[np.float64]:
    """The first pixel of every slice (LPS) [mm]."""
    affine = np.asarray(grid.affine)
    first = affine[:3, -1]
    return first + np.arange(grid.shape[0])[:, None] * affine[:3, 0] if grid.axes == "zyx" else first[None]
