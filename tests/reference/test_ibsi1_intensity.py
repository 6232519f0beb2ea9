"""IBSI-1 digital phantom: consensus values of the intensity statistics (doi:10.1148/radiol.2020191145)."""

import nibabel
import numpy as np
import pytest
from ibsi1 import compare
from shared import shared

from radiolucent.core import Grid, Image, Mask
from radiolucent.measure import intensity

TAGS = {
    "stat_mean": "mean",
    "stat_var": "variance",
    "stat_skew": "skewness",
    "stat_kurt": "excess_kurtosis",
    "stat_median": "median",
    "stat_min": "minimum",
    "stat_p10": "percentile_10",
    "stat_p90": "percentile_90",
    "stat_max": "maximum",
    "stat_iqr": "interquartile_range",
    "stat_range": "range",
    "stat_mad": "mean_absolute_deviation",
    "stat_rmad": "robust_mean_absolute_deviation",
    "stat_medad": "median_absolute_deviation",
    "stat_cov": "coefficient_of_variation",
    "stat_qcod": "quartile_coefficient_of_dispersion",
    "stat_energy": "energy",
    "stat_rms": "root_mean_square",
    "ih_entropy": "entropy",
    "ih_uniformity": "uniformity",
}


@pytest.fixture(scope="module")
def found() -> dict[str, float]:
    folder = shared("reference/ibsi/ibsi_1_digital_phantom/nifti")
    values = np.asarray(nibabel.load(folder / "image/phantom.nii.gz").dataobj).T
    labels = np.asarray(nibabel.load(folder / "mask/mask.nii.gz").dataobj).T.astype(np.uint8)
    grid = Grid(values.shape, "zyx", (2.0, 2.0, 2.0))
    return intensity(Image(values, grid), Mask(labels, grid), bins=6)  # the phantom's grey values are 1, 3, 4, 6 (of 6)


@pytest.mark.parametrize("tag", TAGS)
def test_the_phantoms_statistic_is_the_consensus_value(tag, found, record_property):
    compare(found[TAGS[tag]], tag, record_property)
