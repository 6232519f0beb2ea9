"""The IBSI-1 digital phantom and its consensus values (doi:10.1148/radiol.2020191145)."""

import csv
from functools import cache

import nibabel
import numpy as np
from shared import shared

from radiolucent.core import Grid, Image, Mask

LEVELS = 6
"""The phantom's grey values are 1, 3, 4 and 6: six bins leave them as they are."""


@cache
def phantom() -> tuple[Image, Mask]:
    folder = shared("reference/ibsi/ibsi_1_digital_phantom/nifti")
    values = np.asarray(nibabel.load(folder / "image/phantom.nii.gz").dataobj).T
    labels = np.asarray(nibabel.load(folder / "mask/mask.nii.gz").dataobj).T.astype(np.uint8)
    grid = Grid(values.shape, "zyx", (2.0, 2.0, 2.0))
    return Image(values, grid), Mask(labels, grid)


@cache
def references() -> dict[str, tuple[str, str]]:
    """Consensus value and tolerance by tag; both empty where there is no consensus."""
    with shared("reference/ibsi/ibsi_1_reference_values/ibsi_1_dig_phantom.csv").open() as file:
        rows = csv.DictReader(file, delimiter=";")
        return {row["tag"]: (row["reference value"], row["tolerance"]) for row in rows}


def compare(found: float, tag: str, record_property) -> None:
    """Within the tolerance, or equal in the digits that are printed where the tolerance is 0."""
    value, tolerance = references()[tag]
    record_property("value", (tag, value, tolerance, f"{found:.6g}"))
    record_property("difference", abs(found - float(value)) / max(abs(float(value)), 1e-12))
    assert abs(found - float(value)) <= float(tolerance) or float(f"{found:.3g}") == float(value), (tag, found)
