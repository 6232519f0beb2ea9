"""IBSI-1's processing configurations A to E on clinical CT, beside the manual's equations written out with scipy."""

from functools import cache
from itertools import product

import nibabel
import numpy as np
import pytest
from scipy import ndimage
from shared import shared

from radiolucent.core import Grid, Image, Mask
from radiolucent.measure.radiomics import radiomics

CASE = "STS_008"
RANGES = {"A": (-500, 400), "B": (-500, 400), "C": (-1000, 400), "D": (-np.inf, np.inf), "E": (-1000, 400)}


@cache
def volume():
    folder = shared(f"data/sts-ctpetmr-dev/{CASE}")
    image = nibabel.load(folder / "CT_image.nii.gz")
    values = np.asarray(image.dataobj).T.astype(np.float64)
    labels = np.asarray(nibabel.load(folder / "CT_mask.nii.gz").dataobj).T > 0
    spacing = tuple(float(side) for side in image.header.get_zooms()[:3])[::-1]
    return values, labels, spacing


@cache
def by_hand(config):
    """Grey values (NaN outside) of the intensity mask, and voxels of the shape, on the whole new grid."""
    values, shape, spacing = volume()
    if config != "A":
        new = (spacing[0], 2.0, 2.0) if config == "B" else (2.0, 2.0, 2.0)
        lines = []
        for n, old, now in zip(values.shape, spacing, new, strict=True):
            m = int(np.ceil(n * old / now))
            lines.append(((old * (n - 1) - now * (m - 1)) / 2 + np.arange(m) * now) / old)
        where = np.array(np.meshgrid(*lines, indexing="ij"))
        order = 3 if config == "E" else 1
        grey = ndimage.map_coordinates(values, where, order=order, mode="mirror" if order == 3 else "nearest")
        shape = ndimage.map_coordinates(shape.astype(np.float64), where, order=1, mode="nearest") >= 0.5 - 1e-9
        values = np.rint(grey)
    low, high = RANGES[config]
    kept = shape & (values >= low) & (values <= high)
    if config in "DE":
        away = np.abs(values - values[shape].mean()) / values[shape].std()
        kept &= away <= 3
    return np.where(kept, values, np.nan), int(shape.sum())


def levels_of(config):
    grey, _ = by_hand(config)
    if config in "AC":
        return np.floor((grey - RANGES[config][0]) / 25) + 1
    low, high = np.nanmin(grey), np.nanmax(grey)
    return np.minimum(np.floor(32 * (grey - low) / (high - low)) + 1, 32)


def contrast(levels, config):
    """Mean over directions (and slices) of the mean squared difference of neighbours."""
    flat = config in "AB"
    moves = [m for m in product((-1, 0, 1), repeat=3) if m > (0, 0, 0) and not (flat and m[0])]
    slabs = [levels[k : k + 1] for k in range(len(levels))] if flat else [levels]
    found = []
    for slab, move in product(slabs, moves):
        here = tuple(slice(max(0, -m), min(n, n - m)) for m, n in zip(move, slab.shape, strict=True))
        there = tuple(slice(max(0, m), min(n, n + m)) for m, n in zip(move, slab.shape, strict=True))
        apart = slab[here] - slab[there]
        if np.isfinite(apart).any():
            found.append(np.nanmean(apart**2))
    return np.mean(found)


@cache
def found(config):
    values, shape, spacing = volume()
    grid = Grid(values.shape, "zyx", spacing)
    return radiomics(Image(values, grid, "CT", "HU"), Mask(shape.astype(np.uint8), grid), config=config)


@pytest.mark.parametrize("config", "ABCDE")
def test_grey_values_of_a_configuration_are_those_of_the_equations(config, record_property):
    grey = by_hand(config)[0]
    grey = grey[np.isfinite(grey)]
    expected = {
        "mean": grey.mean(), "variance": grey.var(), "minimum": grey.min(), "maximum": grey.max(),
        "median": np.median(grey), "percentile_10": np.percentile(grey, 10), "energy": (grey**2).sum(),
    }  # fmt: skip
    worst = max(abs(found(config)[f"intensity_{name}"] - value) / abs(value) for name, value in expected.items())
    record_property("difference", worst)
    assert worst < 1e-4


@pytest.mark.parametrize("config", "ABCDE")
def test_levels_and_texture_of_a_configuration_are_those_of_the_equations(config, record_property):
    levels = levels_of(config)
    share = np.unique(levels[np.isfinite(levels)], return_counts=True)[1] / np.isfinite(levels).sum()
    name = "glcm_contrast_2d_average" if config in "AB" else "glcm_contrast_3d_average"
    expected = {"histogram_entropy": -(share @ np.log2(share)), name: contrast(levels, config)}
    worst = max(abs(found(config)[key] - value) / value for key, value in expected.items())
    record_property("difference", worst)
    assert worst < 1e-3


@pytest.mark.parametrize("config", "ABCDE")
def test_re_segmentation_leaves_the_shape_of_a_configuration_alone(config, record_property):
    sides = volume()[2] if config == "A" else (volume()[2][0] if config == "B" else 2.0, 2.0, 2.0)
    expected = by_hand(config)[1] * np.prod(sides)
    ours = found(config)["morphology_voxel_volume_mm3"]
    record_property("difference", abs(ours - expected) / expected)
    assert ours == pytest.approx(expected)
