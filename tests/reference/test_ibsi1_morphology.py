"""IBSI-1 digital phantom: consensus values of the morphology (doi:10.1148/radiol.2020191145)."""

from functools import cache

import pytest
from ibsi1 import compare, phantom

from radiolucent.measure.morphology import IBSI_CODES, morphology

TAGS = [
    *("volume", "vol_approx", "area_mesh", "av", "comp_1", "comp_2", "sph_dispr", "sphericity", "asphericity", "com"),
    *("diam", "pca_maj_axis", "pca_min_axis", "pca_least_axis", "pca_elongation", "pca_flatness"),
    *(f"{kind}_dens_{solid}" for solid in ("aabb", "ombb", "aee", "mvee", "conv_hull") for kind in ("vol", "area")),
    *("integ_int", "moran_i", "geary_c"),
]
WITHOUT_CONSENSUS = {f"{kind}_dens_{solid}" for solid in ("ombb", "mvee") for kind in ("vol", "area")}
NAMES = {tag: name for tag, name in zip(TAGS, IBSI_CODES, strict=True) if tag not in WITHOUT_CONSENSUS}


@cache
def found() -> dict[str, float]:
    return morphology(*phantom())


@pytest.mark.parametrize("tag", NAMES)
def test_the_phantoms_shape_has_the_consensus_value(tag, record_property):
    compare(found()[NAMES[tag]], f"morph_{tag}", record_property)
