import numpy as np
import pytest
from skimage.feature import graycomatrix, graycoprops

from radiolucent.core import Grid, Image, InputError, Mask
from radiolucent.measure import hog, texture

PICTURE = np.random.default_rng(0).integers(0, 256, (40, 36)).astype(np.uint8)


def image(array) -> Image:
    return Image(array, Grid(array.shape, "zyx"[-array.ndim :]))


def test_co_occurrence_is_that_of_scikit_image_averaged_over_directions():
    found = texture(image(PICTURE))
    angles = [0, np.pi / 4, np.pi / 2, 3 * np.pi / 4]
    matrix = graycomatrix(PICTURE // 8, [1, 2, 4], angles, 32, symmetric=True, normed=True)
    for name in ("contrast", "correlation", "energy", "homogeneity"):
        for distance, expected in zip((1, 2, 4), graycoprops(matrix, name).mean(axis=1), strict=True):
            assert found[f"glcm_{name}_{distance}"] == pytest.approx(expected)


def test_the_shares_of_the_patterns_sum_to_one():
    found = texture(image(PICTURE))
    assert sum(found[f"lbp_{index}"] for index in range(10)) == pytest.approx(1)


def test_what_lies_outside_the_region_does_not_matter():
    inside = np.zeros(PICTURE.shape, np.uint8)
    inside[8:30, 5:28] = 1
    other = np.where(inside, PICTURE, 0).astype(np.float32)
    mask = Mask(inside, image(PICTURE).grid)
    first, second = texture(image(PICTURE.astype(np.float32)), mask), texture(image(other), mask)
    glcm = [name for name in first if name.startswith("glcm")]
    assert {name: first[name] for name in glcm} == {name: second[name] for name in glcm}


def test_the_slices_of_a_volume_are_pooled():
    twice = texture(image(np.stack([PICTURE, PICTURE])))
    assert twice == pytest.approx(texture(image(PICTURE)))


def test_a_region_without_a_pair_of_pixels_has_no_feature_of_pairs():
    one = np.zeros(PICTURE.shape, np.uint8)
    one[4, 4] = 1
    assert not texture(image(PICTURE), Mask(one, image(PICTURE).grid))


def test_a_flat_picture_has_finite_texture():
    found = texture(image(np.full((16, 16), 9.0)))
    assert found["lbp_8"] == 1
    assert np.isfinite(list(found.values())).all()


def test_gradient_histograms_have_a_name_for_each_cell_and_direction():
    found = hog(image(PICTURE), cells=2, orientations=6)
    assert list(found)[:2] == ["hog_0_0_0", "hog_0_0_1"]
    assert len(found) == 2 * 2 * 6


def test_mirroring_left_and_right_mirrors_the_cells():
    stripes = np.tile(np.sin(np.arange(64) / 3) * 100 + 100, (64, 1))
    stripes[:, :32] = 100
    found, mirrored = hog(image(stripes)), hog(image(stripes[:, ::-1].copy()))
    assert found["hog_1_3_0"] == pytest.approx(mirrored["hog_1_0_0"], rel=1e-3)


def test_a_volume_needs_a_slice_and_says_which_there_are():
    with pytest.raises(InputError, match="slice_index between 0 and 2"):
        hog(image(np.zeros((3, 16, 16))))


def test_a_slice_gives_what_the_slice_alone_would_give():
    volume = np.stack([np.zeros_like(PICTURE), PICTURE])
    assert hog(image(volume), slice_index=1) == hog(image(PICTURE))
