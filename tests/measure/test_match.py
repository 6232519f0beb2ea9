import numpy as np
import pytest
from known_motion import after, image, motion, off_px, scene

from radiolucent.core import Grid, Image, InputError, Keypoints, Mask
from radiolucent.measure import match, sift, surf
from radiolucent.measure.match import fitted, matches, moved

KINDS = ["sift", "surf", "orb", "brisk", "akaze", "kaze"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("model", ["similarity", "affine"])
def test_a_known_motion_is_found_to_a_pixel(kind, model):
    matrix = motion(scale=1.1)
    found = match(image(scene()), image(after(scene(), matrix)), detector=kind, model=model)
    assert found["agreeing"] > 20
    assert found["agreeing"] <= found["matches"]
    assert found["rms_px"] < 1.5
    assert off_px(found["transform"], matrix) < 1
    assert len(found["fixed"]) == len(found["moving"]) == found["agreeing"]


def test_a_tilted_plane_is_found_as_a_homography():
    matrix = motion() @ np.array([[1, 0.02, 0], [0.01, 1.03, 0], [2e-4, -1e-4, 1]])
    found = match(image(scene()), image(after(scene(), matrix)), model="homography")
    assert off_px(found["transform"], matrix) < 0.5


def test_the_transform_is_in_mm_where_the_spacing_is_known():
    matrix = motion()
    found = match(image(scene(), (0.4, 0.3)), image(after(scene(), matrix), (0.4, 0.3)))
    assert off_px(found["transform"], matrix, spacing_mm=(0.4, 0.3)) < 0.5


def test_the_transform_is_in_the_patients_space_where_the_place_is_known():
    matrix = motion()
    grid = Grid((220, 260), "yx", (0.5, 0.5), None, (10.0, -20.0, 30.0), ((0.0, 0.0, -1.0), (0.0, 1.0, 0.0)))
    found = match(Image(scene(), grid), Image(after(scene(), matrix), grid))
    for x, y in ((60.0, 50.0), (200.0, 150.0)):
        there = matrix @ (x, y, 1)
        place, wanted = (grid.affine @ (v, u, 1) for u, v in ((x, y), there[:2]))
        np.testing.assert_allclose(found["transform"].matrix @ place, wanted, atol=0.3)


def test_only_the_mask_of_the_fixed_picture_is_searched():
    matrix = motion()
    labels = np.zeros((220, 260), np.uint8)
    labels[:, :120] = 1
    fixed = image(scene())
    found = match(fixed, image(after(scene(), matrix)), Mask(labels, fixed.grid))
    assert (found["fixed"].points[:, 1] < 121).all()
    assert off_px(found["transform"], matrix) < 1


def test_matches_are_nearest_from_both_sides_and_clearly():
    def points(values):
        array = np.array(values, np.float32)
        ones = np.ones(len(array))
        return Keypoints(np.zeros((len(array), 2)), ones, ones, ones, array, "surf")

    first = points([[0, 0], [10, 0], [5, 5]])
    second = points([[10, 1], [0, 1], [0, 1.2], [5, 9]])
    assert matches(first, second, ratio=1).tolist() == [[0, 1], [1, 0], [2, 3]]
    assert matches(first, second, ratio=0.7).tolist() == [[1, 0], [2, 3]]  # (0, 0) has two alike
    assert matches(first, points([[0, 1]]), cross_check=False).tolist() == [[0, 0], [1, 0], [2, 0]]
    assert matches(first, points([[0, 1]])).tolist() == [[0, 0]]
    assert matches(first, points(np.zeros((0, 2)))).shape == (0, 2)


def test_kinds_are_not_compared_with_each_other():
    with pytest.raises(InputError, match="sift and surf keypoints cannot be compared"):
        matches(sift(image(scene())), surf(image(scene())))


@pytest.mark.parametrize("model", ["similarity", "affine", "homography"])
def test_a_map_is_found_among_as_many_wrong_matches(model):
    random = np.random.default_rng(3)
    here = random.uniform(0, 200, (120, 2))
    there = moved(motion(scale=0.9), here)
    there[60:] = random.uniform(0, 200, (60, 2))
    matrix, agree = fitted(here, there, model, 2.0)
    assert agree[:60].all()
    assert agree[60:].sum() <= 3
    np.testing.assert_allclose(moved(matrix, here[:60]), there[:60], atol=0.05)


@pytest.mark.parametrize("kind", KINDS)
def test_a_flat_picture_is_refused_with_the_number_of_its_keypoints(kind):
    with pytest.raises(InputError, match=r"0 and \d+ .* keypoints give 0 matches"):
        match(image(np.full((200, 200), 7.0)), image(scene()), detector=kind)


def test_pictures_of_different_things_are_refused():
    noise = np.random.default_rng(0).integers(0, 255, (220, 260)).astype(np.uint8)
    with pytest.raises(InputError, match=r"agree on a map|give \d+ matches"):
        match(image(scene()), image(noise), detector="sift", model="homography")


def test_a_volume_is_sent_to_register():
    with pytest.raises(InputError, match="align volumes by `register`"):
        match(image(np.zeros((4, 32, 32))), image(scene()))


def test_one_picture_with_spacing_and_one_without_cannot_be_related():
    with pytest.raises(InputError, match="--spacing-mm"):
        match(image(scene(), (1.0, 1.0)), image(after(scene(), motion())))


def test_sixteen_bits_match_eight():
    matrix = motion()
    found = match(image(scene().astype(np.uint16) * 150 + 300), image(after(scene(), matrix)), detector="sift")
    assert off_px(found["transform"], matrix) < 0.5
    assert found["fixed"].window is not None
    assert found["moving"].window is None
