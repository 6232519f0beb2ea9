"""One DICOM file, decoded: values, places and facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from radiolucent.core import Finding

from .facts import Identity, facts, identity
from .header import damage_named, read_dataset
from .mosaic import mosaic_of, tile_places, untiled
from .pixels import stored_values
from .place import Place, frame_times_s, places
from .suv import suv_factor
from .ultrasound import common_spacing_mm, said, ultrasound_regions
from .values import meaningful_values
from .variant import Variant, variants
from .waiting import Waiting


@dataclass(frozen=True)
class Decoded:
    """`array` is (frames, rows, columns), with a trailing 3 for RGB; `places` and `variants` have one entry a frame.

    The slices of a Siemens mosaic are frames. Of a plain slice that `Alike` described the samples may be `waiting` in the
    file, and `array` is empty."""

    array: NDArray[Any]
    unit: str
    modality: str
    places: tuple[Place, ...]
    times_s: tuple[float, ...] | None
    facts: Mapping[str, Any]
    identity: Identity
    image_type: tuple[str, ...]
    variants: tuple[Variant, ...]
    remarks: tuple[Finding, ...] = ()
    waiting: tuple[Waiting, ...] = ()

    @property
    def frames(self) -> Iterable[NDArray[Any] | Waiting]:
        """Frame by frame, read or waiting."""
        return self.waiting or self.array


def decode(path: str | Path) -> Decoded:
    """Read and decode one file.

    Rescaled (modality LUT), bits masked and signs extended, YBR and palette turned into RGB, and white is high: values
    of MONOCHROME1 are turned about the middle of the range that the file can store, unless they bear a physical unit.

    Raises `UnreadableError` for a damaged, truncated or pictureless file, `InputError` for one that asks for too much.
    """
    dataset = read_dataset(path)
    return decode_dataset(path, dataset)


def decode_dataset(path: str | Path, dataset: Dataset) -> Decoded:
    """As `decode`, for a dataset that was read already; `path` names it in errors."""
    stored = stored_values(path, dataset)
    with damage_named(path, "interpreted"):
        array, unit = meaningful_values(stored, dataset)
        array, unit, remarks = _with_uptake(array, unit, dataset)
        mosaic = mosaic_of(dataset)
        where = places(dataset, len(array))
        if mosaic is not None:
            array, where = untiled(array, mosaic), tile_places(where[0], mosaic)
        return Decoded(
            array=array,
            unit=unit,
            modality=str(dataset.get("Modality") or "OT"),
            places=where,
            times_s=frame_times_s(dataset, len(array)),
            facts=facts(dataset),
            identity=identity(dataset),
            image_type=words(dataset.get("ImageType")),
            variants=variants(dataset, len(array)),
            remarks=(*remarks, *_on_regions(dataset)),
        )


def _with_uptake(array: NDArray[Any], unit: str, dataset: Dataset) -> tuple[NDArray[Any], str, tuple[Finding, ...]]:
    """PET as SUV where the header allows; else as it is, and why."""
    if dataset.get("Modality") != "PT" or unit == "SUV":
        return array, unit, ()
    factor, why = suv_factor(dataset)
    if factor is None:
        says = f"The PET is not given as SUV: {why}."
        return array, unit, (Finding(says=says, code="suv.unknown", severity="warn"),)
    return (array * np.float64(factor)).astype(np.float32), "SUV", ()


def _on_regions(dataset: Dataset) -> tuple[Finding, ...]:
    regions = ultrasound_regions(dataset)
    if not regions:
        return ()
    differ = common_spacing_mm(regions) is None and any(region.spacing_mm for region in regions)
    says = said(regions) + (" Their spacings differ, so the picture has none." if differ else "")
    return (Finding(says=says, code="ultrasound.regions", severity="warn" if differ else "info"),)


def words(value: Any) -> tuple[str, ...]:
    """All values of an element as words."""
    if not value:
        return ()
    return (value,) if isinstance(value, str) else tuple(str(part) for part in value)
