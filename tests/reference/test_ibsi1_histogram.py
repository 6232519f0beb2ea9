"""IBSI-1 digital phantom: intensity histogram, volume histogram and local intensity (doi:10.1148/radiol.2020191145)."""

from functools import cache

import pytest
from ibsi1 import LEVELS, compare, phantom

from radiolucent.measure import histogram, ivh, local

HISTOGRAM = (
    "mean var skew kurt median min p10 p90 max mode iqr range mad rmad medad cov qcod entropy uniformity "
    "max_grad max_grad_g min_grad min_grad_g"
)
TAGS = {
    **{f"ih_{tag}": name for tag, name in zip(HISTOGRAM.split(), histogram.IBSI_CODES, strict=True)},
    **{
        f"ivh_{tag}": name
        for tag, name in zip(["v10", "v90", "i10", "i90", "diff_v10_v90", "diff_i10_i90"], ivh.IBSI_CODES, strict=False)
    },
    "loc_peak_loc": "local_peak",
    "loc_peak_glob": "global_peak",
}


@cache
def found() -> dict[str, dict[str, float]]:
    image, mask = phantom()
    return {
        "ih": histogram.intensity_histogram(image, mask, bins=LEVELS),
        "ivh": ivh.intensity_volume_histogram(image, mask),
        "loc": local.local_intensity(image, mask),
    }


@pytest.mark.parametrize("tag", TAGS)
def test_the_phantoms_histogram_has_the_consensus_value(tag, record_property):
    compare(found()[tag.partition("_")[0]][TAGS[tag]], tag, record_property)
