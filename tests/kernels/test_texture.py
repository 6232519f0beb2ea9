import numpy as np
import pytest
from skimage.feature import graycomatrix, graycoprops, local_binary_pattern

from radiolucent.kernels import texture

ANGLES = texture.GLCM_ANGLES


def picture(seed: int = 0, shape: tuple[int, int] = (37, 29), top: int = 256):
    return np.random.default_rng(seed).integers(0, top, shape).astype(np.uint8)


def test_binary_patterns_equal_scikit_image_where_no_grey_values_are_tied():
    given = np.random.default_rng(5).permutation(40 * 50).reshape(40, 50)
    theirs = local_binary_pattern(given, 8, 1, "uniform")[1:-1, 1:-1]
    assert (texture.local_binary_patterns(given) == theirs).mean() > 0.999


def test_flat_ground_is_one_pattern():
    assert (texture.local_binary_patterns(np.full((9, 9), 77, np.uint8)) == 8).all()


@pytest.mark.parametrize("change", [np.flipud, np.fliplr, np.transpose])
def test_the_patterns_of_a_mirrored_picture_are_the_mirrored_patterns(change):
    given = picture(2, top=5)
    np.testing.assert_array_equal(
        texture.local_binary_patterns(change(given)), change(texture.local_binary_patterns(given))
    )


@pytest.mark.parametrize("distance", [1, 2, 4])
def test_co_occurrence_equals_scikit_image(distance):
    given = picture(1, top=16)
    theirs = graycomatrix(given, [distance], ANGLES, 16, symmetric=True)
    for index, angle in enumerate(ANGLES):
        np.testing.assert_array_equal(texture.co_occurrence(given, 16, distance, angle), theirs[:, :, 0, index])


def test_co_occurrence_features_equal_scikit_image():
    matrix = graycomatrix(picture(1, top=16), [1], ANGLES, 16, symmetric=True, normed=True)
    for index in range(len(ANGLES)):
        ours = texture.co_occurrence_features(matrix[:, :, 0, index])
        for name, value in ours.items():
            assert value == pytest.approx(graycoprops(matrix, name)[0, index])


def test_only_pairs_inside_the_region_count():
    given = np.zeros((8, 8), np.uint8)
    given[:, 4:] = 3
    inside = np.zeros((8, 8), bool)
    inside[:, :4] = True
    counts = texture.co_occurrence(given, 4, 1, 0.0, inside)
    assert counts[0, 0] == counts.sum() == 2 * 8 * 3


def test_a_step_wider_than_the_picture_has_no_pairs():
    assert texture.co_occurrence(np.zeros((2, 2), np.uint8), 4, 4, ANGLES[1]).sum() == 0


def test_a_ramp_along_x_has_all_its_gradient_in_direction_zero():
    ramp = np.tile(np.arange(64.0), (64, 1))
    histogram = texture.gradient_histograms(ramp, 4, 8)
    assert histogram.shape == (4, 4, 8)
    np.testing.assert_allclose(histogram[..., 0], 0.25)
    assert not histogram[..., 1:].any()


def test_a_ramp_along_y_lies_half_way_round():
    ramp = np.tile(np.arange(64.0), (64, 1)).T
    np.testing.assert_allclose(texture.gradient_histograms(ramp, 2, 8)[..., 4], 0.5, atol=1e-12)


def test_a_flat_picture_has_no_gradient():
    assert not texture.gradient_histograms(np.full((32, 32), 9.0), 2, 4).any()
