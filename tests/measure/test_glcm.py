import numpy as np
import pytest
from skimage.feature import graycomatrix, graycoprops

from radiolucent.core import Grid, Image
from radiolucent.measure.glcm import IBSI_CODES, glcm

PICTURE = np.random.default_rng(0).integers(0, 8, (40, 36)).astype(np.uint8)
NAMES = {
    "contrast": "contrast",
    "dissimilarity": "dissimilarity",
    "homogeneity": "inverse_difference_moment",
    "ASM": "angular_second_moment",
    "correlation": "correlation",
    "mean": "joint_average",
    "variance": "joint_variance",
    "entropy": "joint_entropy",
}


def image(array) -> Image:
    return Image(array, Grid(array.shape, "zyx"[-array.ndim :]))


@pytest.mark.parametrize("theirs", NAMES)
def test_features_are_those_of_scikit_image_averaged_over_directions(theirs):
    angles = [0, np.pi / 4, np.pi / 2, 3 * np.pi / 4]
    matrix = graycomatrix(PICTURE, [1], angles, 8, symmetric=True, normed=True)
    found = glcm(image(PICTURE), aggregation="2d_average", bins=8)
    assert set(found) == set(IBSI_CODES)
    expected = graycoprops(matrix, theirs).mean() + (theirs == "mean")  # our levels start at 1
    assert found[NAMES[theirs]] == pytest.approx(expected / (np.log(2) if theirs == "entropy" else 1))


def test_a_flat_region_leaves_out_what_divides_by_its_variance():
    found = glcm(image(np.full((6, 6), 5.0)))
    assert set(IBSI_CODES) - set(found) == {"correlation", "information_correlation_1"}
    assert found["angular_second_moment"] == 1


def test_one_voxel_has_no_pair():
    assert glcm(image(np.ones((1, 1)))) == {}
