"""Three clinical images (MR): co-occurrence beside the baseline that pyradiomics publishes, in what both define alike."""

from functools import cache

import pytest
from pyradiomics_cases import volume

from radiolucent.core import Grid, Image, Mask
from radiolucent.measure.glcm import glcm

NAMES = [
    *("contrast", "dissimilarity", "inverse_difference", "inverse_difference_moment", "inverse_variance"),
    *("difference_variance", "difference_entropy", "sum_entropy", "autocorrelation", "cluster_tendency"),
]
BASELINE = {
    "brain1": (
        47.49212511, 5.28446879, 0.287225724, 0.200222556, 0.198818842,
        16.65563705, 3.744060978, 5.354241321, 289.5436994, 108.7313933,
    ),
    "brain2": (
        29.29383905, 3.98267296, 0.345887916, 0.261778488, 0.253380469,
        11.75782913, 3.339049785, 4.384121367, 276.9390375, 42.31745206,
    ),
    "breast1": (
        0.671218663, 0.571166203, 0.731092308, 0.724422144, 0.483620301,
        0.327256426, 1.184697679, 2.062198798, 3.966337959, 1.169612729,
    ),
}  # fmt: skip
"""From data/baseline/baseline_glcm.csv of pyradiomics 3 (bins of 25; BSD-3-Clause): its values of `NAMES`."""


@cache
def found(case: str) -> dict[str, float]:
    values, labels = volume(f"{case}_image"), volume(f"{case}_label")
    grid = Grid(values.shape, "zyx")
    low = float(values[labels == 1].min() // 25 * 25)  # pyradiomics begins its bins at a multiple of their width
    return glcm(Image(values, grid), Mask(labels, grid), bin_width=25.0, range_low=low)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("case", BASELINE)
def test_co_occurrence_of_a_clinical_image_is_the_published_baseline(case, name, record_property):
    expected = BASELINE[case][NAMES.index(name)]
    record_property("difference", abs(found(case)[name] - expected) / abs(expected))
    assert found(case)[name] == pytest.approx(expected, rel=1e-6)
