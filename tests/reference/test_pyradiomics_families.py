"""Three clinical images (MR): every family of radiomics beside pyradiomics, with each difference of convention told.

pyradiomics_baseline.csv holds what pyradiomics 3.0.1 (BSD-3-Clause) gives with bins of 25; its textures are the baseline
that the package publishes.
"""

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from pyradiomics_cases import spacing, volume

from radiolucent.core import Grid, Image, Mask
from radiolucent.measure.radiomics import COMMON_TEXTURES, names, radiomics

ROWS = list(csv.DictReader((Path(__file__).parent / "pyradiomics_baseline.csv").open()))

CONVENTIONS = {
    "same": ("both by IBSI's definition", 1e-9),
    "not in excess": ("pyradiomics does not subtract the 3 of a normal distribution", 1e-9),
    "population covariance": (
        "pyradiomics divides by n, IBSI's reference values by n - 1: longer by sqrt(n / (n - 1))",
        1e-9,
    ),
    "ambiguous cells": ("marching cubes of Lewiner joins corners that the classic table parts: up to 0.5 %", 5e-3),
}
"""What each word of the table's column `convention` means, and how near both must come once it is allowed for."""

NOT_THERE = (
    *("compactness_1", "compactness_2", "spherical_disproportion", "asphericity", "centre_of_mass_shift_mm"),
    *("volume_density_", "area_density_", "integrated_intensity", "median_absolute_deviation"),
    *(
        "coefficient_of_variation",
        "coefficient_of_dispersion",
        "dependence_count_percentage",
        "dependence_count_energy",
    ),
)
"""Features of the common profile that pyradiomics does not have, or has switched off."""


@cache
def found(case: str) -> tuple[dict[str, float], int]:
    values, inside = volume(f"{case}_image"), volume(f"{case}_label") == 1
    grid = Grid(values.shape, "zyx", spacing(f"{case}_image"))
    low = float(values[inside].min() // 25 * 25)  # pyradiomics begins its bins at a multiple of their width
    ours = radiomics(Image(values, grid), Mask(inside.astype(np.uint8), grid), bin_width=25.0, range_low=low)
    return ours, int(inside.sum())


@pytest.mark.parametrize("row", ROWS, ids=[row["feature"] for row in ROWS])
def test_a_feature_is_that_of_pyradiomics_but_for_the_convention_told(row, record_property):
    for case in ("brain1", "brain2", "breast1"):
        ours, voxels = found(case)
        theirs = float(row[case])
        if row["convention"] == "not in excess":
            theirs -= 3
        if row["convention"] == "population covariance":
            theirs *= np.sqrt(voxels / (voxels - 1))
        difference = abs(ours[row["feature"]] - theirs) / abs(theirs)
        record_property("difference", difference)
        assert difference <= CONVENTIONS[row["convention"]][1]


def test_what_is_not_compared_does_not_exist_there():
    compared = {row["feature"] for row in ROWS}
    left = [name for name in names("common") if name not in compared]
    assert [name for name in left if not any(word in name for word in NOT_THERE)] == []
    assert all(any(name.startswith(family) for name in compared) for family in COMMON_TEXTURES)
