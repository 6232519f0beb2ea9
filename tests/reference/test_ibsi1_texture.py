"""IBSI-1 digital phantom: consensus values of the texture matrices, every aggregation (doi:10.1148/radiol.2020191145)."""

from functools import cache

import pytest
from ibsi1 import LEVELS, compare, phantom

from radiolucent.measure.glcm import glcm
from radiolucent.measure.gldzm import gldzm
from radiolucent.measure.glrlm import glrlm
from radiolucent.measure.glszm import glszm
from radiolucent.measure.ngldm import ngldm
from radiolucent.measure.ngtdm import ngtdm

DIRECTIONAL = {
    "2d_average": "2D_avg",
    "2d_merged": "2D_comb",
    "2.5d_average": "2_5D_avg",
    "2.5d_merged": "2_5D_comb",
    "3d_average": "3D_avg",
    "3d_merged": "3D_comb",
}
SPATIAL = {"2d": "2D", "2.5d": "2_5D", "3d": "3D"}

FAMILIES = {
    glcm: (
        "cm",
        "joint_max joint_avg joint_var joint_entr diff_avg diff_var diff_entr sum_avg sum_var sum_entr energy contrast "
        "dissimilarity inv_diff inv_diff_norm inv_diff_mom inv_diff_mom_norm inv_var corr auto_corr clust_tend "
        "clust_shade clust_prom info_corr1 info_corr2",
    ),
    glrlm: (
        "rlm",
        "sre lre lgre hgre srlge srhge lrlge lrhge glnu glnu_norm rlnu rlnu_norm r_perc gl_var rl_var rl_entr",
    ),
    glszm: (
        "szm",
        "sze lze lgze hgze szlge szhge lzlge lzhge glnu glnu_norm zsnu zsnu_norm z_perc gl_var zs_var zs_entr",
    ),
    gldzm: (
        "dzm",
        "sde lde lgze hgze sdlge sdhge ldlge ldhge glnu glnu_norm zdnu zdnu_norm z_perc gl_var zd_var zd_entr",
    ),
    ngtdm: ("ngt", "coarseness contrast busyness complexity strength"),
    ngldm: (
        "ngl",
        "lde hde lgce hgce ldlge ldhge hdlge hdhge glnu glnu_norm dcnu dcnu_norm dc_perc gl_var dc_var dc_entr dc_energy",
    ),
}


@cache
def measured(family, aggregation):
    return family(*phantom(), bins=LEVELS, aggregation=aggregation)


def cases():
    """Every feature of every family by every aggregation."""
    for family, (prefix, tags) in FAMILIES.items():
        for aggregation, end in (DIRECTIONAL if family in (glcm, glrlm) else SPATIAL).items():
            names = family.__globals__["IBSI_CODES"]
            for name, tag in zip(names, tags.split(), strict=True):
                yield pytest.param(family, aggregation, name, f"{prefix}_{tag}_{end}", id=f"{prefix}_{tag}_{end}")


@pytest.mark.parametrize(("family", "aggregation", "name", "tag"), list(cases()))
def test_the_phantoms_texture_has_the_consensus_value(family, aggregation, name, tag, record_property):
    compare(measured(family, aggregation)[name], tag, record_property)
