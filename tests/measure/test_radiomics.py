import numpy as np
import pytest

from radiolucent.core import Grid, Image, InputError, Mask
from radiolucent.measure import glcm, intensity
from radiolucent.measure.radiomics import COMMON_TEXTURES, CONFIGS, IBSI_CODES, names, radiomics

SHAPE = (7, 12, 13)
GREY = np.random.default_rng(4).normal(40, 20, SHAPE).astype(np.float32)
GRID = Grid(SHAPE, "zyx", (2.0, 1.0, 1.0))
INSIDE = (np.linalg.norm((np.indices(SHAPE).T - [3, 6, 6]) / [3, 5, 5], axis=-1).T < 1).astype(np.uint8)


def measured(values=GREY, inside=INSIDE, profile="common", low=None, bins=16):
    return radiomics(Image(values, GRID), Mask(inside, GRID), profile=profile, range_low=low, bins=bins)


@pytest.mark.parametrize("profile", ["common", "full"])
def test_a_profile_gives_every_feature_it_names(profile):
    assert sorted(measured(profile=profile)) == sorted(names(profile))


def test_the_profiles_have_the_sizes_that_they_promise():
    assert 100 <= len(names("common")) <= 130
    assert len(names("full")) == 29 + 2 + 18 + 23 + 7 + 6 * (25 + 16) + 3 * (16 + 16 + 5 + 17)


def test_every_feature_of_the_common_profile_has_a_code_of_ibsi():
    assert set(names("common")) <= set(IBSI_CODES)
    assert all(len(code) == 4 for code in IBSI_CODES.values())


def test_the_features_are_those_of_the_families():
    image, mask = Image(GREY, GRID), Mask(INSIDE, GRID)
    found = measured()
    assert found["glcm_contrast"] == glcm(image, mask, bins=16)["contrast"]
    assert found["intensity_mean"] == intensity(image, mask)["mean"]


def test_what_is_undefined_is_left_out_and_listed():
    found = measured(values=np.full(SHAPE, 3.0))
    (finding,) = found.pop("undefined")
    assert "glcm_correlation" in finding.says
    assert "glcm_correlation" not in found
    assert np.isfinite(list(found.values())).all()


def test_one_voxel_has_no_pair_and_says_so():
    one = np.zeros(SHAPE, np.uint8)
    one[3, 3, 3] = 1
    found = measured(inside=one)
    assert "glcm_contrast" in found.pop("undefined")[0].says
    assert np.isfinite(list(found.values())).all()


def test_re_segmentation_changes_grey_values_but_not_the_shape():
    whole, part = measured(), measured(low=40)
    assert part["morphology_mesh_volume_mm3"] == whole["morphology_mesh_volume_mm3"]
    assert part["intensity_minimum"] >= 40 > whole["intensity_minimum"]


def test_a_picture_without_depth_has_no_shape():
    flat = Grid(SHAPE[1:], "yx")
    found = radiomics(Image(GREY[3], flat), Mask(INSIDE[3], flat))
    assert "morphology_sphericity" in found["undefined"][0].says
    assert "glszm_zone_percentage" in found


def test_a_volume_without_spacing_is_refused():
    grid = Grid(SHAPE, "zyx")
    with pytest.raises(InputError, match="--spacing-mm"):
        radiomics(Image(GREY, grid), Mask(INSIDE, grid))


@pytest.mark.parametrize("neighbours", ["space", "slices"])
def test_a_choice_of_neighbours_gives_the_aggregations_it_names(neighbours):
    image, mask = Image(GREY, GRID), Mask(INSIDE, GRID)
    found = radiomics(image, mask, profile="full", neighbours=neighbours)
    assert sorted(found) == sorted(names("full", neighbours))
    assert all((name in found) for name in names("common") if not name.startswith(COMMON_TEXTURES))


def test_the_common_profile_within_slices_has_the_same_names_and_other_texture():
    image, mask = Image(GREY, GRID), Mask(INSIDE, GRID)
    found = radiomics(image, mask, neighbours="slices", bins=16)
    assert sorted(found) == sorted(names("common"))
    assert found["glcm_contrast"] == glcm(image, mask, bins=16, aggregation="2d_average")["contrast"]


@pytest.mark.parametrize("config", sorted(CONFIGS))
def test_a_configuration_is_its_settings_written_out(config):
    image, mask = Image(GREY * 10, GRID), Mask(INSIDE, GRID)
    settings = {"profile": "full", "neighbours": "space", "rounded": config != "A"} | CONFIGS[config]
    assert radiomics(image, mask, config=config) == radiomics(image, mask, **settings)


def test_a_configuration_beside_a_setting_of_ones_own_is_refused():
    with pytest.raises(
        InputError, match=r"config C decides bin_width, outlier_sigma as well; leave config or these out"
    ):
        radiomics(Image(GREY, GRID), Mask(INSIDE, GRID), config="C", bin_width=10.0, outlier_sigma=2.0)


def test_resampling_to_cubes_hardly_changes_the_volume():
    image, mask = Image(GREY, GRID), Mask(INSIDE, GRID)
    plain, cubes = (radiomics(image, mask, spacing_mm=side) for side in (None, 0.5))
    name = "morphology_mesh_volume_mm3"
    assert cubes[name] == pytest.approx(plain[name], rel=0.1)
