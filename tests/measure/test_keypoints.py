import cv2
import numpy as np
import pytest

from radiolucent.core import Grid, Image, InputError, Mask
from radiolucent.measure import akaze, brisk, dense, kaze, orb, sift, surf

FINDERS = (sift, surf, orb, brisk, akaze, kaze)


def blobs(seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    picture = np.full((160, 200), 60, np.uint8)
    for _ in range(60):
        y, x, r = random.integers(10, 150), random.integers(10, 190), random.integers(3, 9)
        cv2.circle(picture, (int(x), int(y)), int(r), int(random.integers(90, 255)), -1)
        cv2.rectangle(
            picture, (int(y), int(x) // 2), (int(y) + int(r), int(x) // 2 + 7), int(random.integers(0, 90)), -1
        )
    return cv2.GaussianBlur(picture, (0, 0), 1.0)


def image(array) -> Image:
    return Image(array, Grid(array.shape, "zyx"[-array.ndim :], (0.5,) * array.ndim))


@pytest.mark.parametrize(("find", "length"), [*zip(FINDERS, (128, 64, 32, 64, 61, 64))])
def test_the_strongest_points_come_first_and_no_more_than_asked(find, length):
    found = find(image(blobs()), max_points=40)
    assert 20 < len(found) <= 40
    assert (np.diff(found.response) <= 0).all()
    assert np.isfinite(found.descriptors).all()
    assert found.descriptors.shape == (len(found), length)
    assert found.spacing_mm == (0.5, 0.5)


def test_sift_is_that_of_opencv_in_array_order():
    theirs = cv2.SIFT.create(nfeatures=300, enable_precise_upscale=True).detect(blobs())
    ours = sift(image(blobs()), max_points=300)
    expected = sorted((p.pt[1], p.pt[0], p.size / 2) for p in theirs)
    np.testing.assert_allclose(sorted(map(tuple, np.column_stack([ours.points, ours.scale]))), expected, rtol=1e-5)


def test_a_point_lies_on_the_blob_that_made_it():
    picture = np.zeros((81, 101), np.float32)
    y, x = np.indices(picture.shape)
    picture += 100 * np.exp(-((y - 30) ** 2 + (x - 70) ** 2) / (2 * 4.0**2)).astype(np.float32)
    found = sift(image(picture), max_points=1)
    np.testing.assert_allclose(found.points[0], [30, 70], atol=0.3)
    assert found.scale[0] == pytest.approx(4 * np.sqrt(2) * 0.8, rel=0.4)


def test_angles_turn_from_x_towards_y():
    y, x = np.indices((120, 120))
    ramp = 40 + 60 / (1 + np.exp(-(y - 60) / 3.0)) + 80 * np.exp(-((y - 60) ** 2 + (x - 60) ** 2) / 18)
    found = sift(image(ramp), max_points=2)
    assert found.angle_deg.mean() == pytest.approx(90, abs=3)  # two directions, alike on both sides of +y


@pytest.mark.parametrize("find", FINDERS)
def test_sixteen_bits_and_floats_find_what_eight_bits_find(find):
    eight = np.clip(blobs(), 40, 250)
    sixteen = find(image(eight.astype(np.uint16) * 200))
    floating = find(image(eight.astype(np.float64) - 1000))
    assert len(sixteen) > 20
    np.testing.assert_array_equal(sixteen.points, floating.points)


@pytest.mark.parametrize("find", FINDERS)
def test_points_lie_within_the_mask(find):
    labels = np.zeros((160, 200), np.uint8)
    labels[:, :100] = 2
    found = find(image(blobs()), Mask(labels, image(blobs()).grid), label=2)
    assert len(found)
    assert (found.points[:, 1] < 101).all()


@pytest.mark.parametrize("find", FINDERS)
def test_a_flat_picture_has_no_points(find):
    found = find(image(np.full((64, 64), 5.0)))
    assert len(found) == 0
    assert found.points.shape == (0, 2)


def test_points_of_a_slice_have_the_volumes_axes():
    volume = np.stack([np.zeros_like(blobs()), blobs()])
    found = sift(image(volume), slice_index=1, max_points=30)
    assert (found.points[:, 0] == 1).all()
    np.testing.assert_array_equal(found.points[:, 1:], sift(image(blobs()), max_points=30).points)


@pytest.mark.parametrize("find", FINDERS)
def test_a_volume_without_a_slice_is_told_what_to_give(find):
    with pytest.raises(InputError, match="slice_index between 0 and 3"):
        find(image(np.zeros((4, 32, 32))))


def test_a_slice_that_is_not_there_is_refused():
    with pytest.raises(InputError, match="not 9"):
        sift(image(np.zeros((4, 32, 32))), slice_index=9)


def test_colour_is_refused():
    with pytest.raises(InputError, match="colour"):
        orb(Image(np.zeros((32, 32, 3), np.uint8), Grid((32, 32), "yx")))


def test_the_long_surf_has_128_values():
    assert surf(image(blobs()), extended=True).descriptors.shape[1] == 128


@pytest.mark.parametrize("find", FINDERS)
def test_every_slice_along_an_axis_is_searched(find):
    turned = np.stack([blobs(1), np.zeros_like(blobs()), blobs(2)], axis=1)
    found = find(image(turned), along="y", max_points=20)
    assert found.points.shape[1] == 3
    assert set(found.points[:, 1]) == {0, 2}
    alone = find(image(blobs(2)), max_points=20)
    np.testing.assert_array_equal(found.points[found.points[:, 1] == 2][:, [0, 2]], alone.points)


def test_an_axis_that_is_not_there_is_refused():
    with pytest.raises(InputError, match="no slices along 'z'"):
        sift(image(blobs()), along="z")
    with pytest.raises(InputError, match="between 0 and 2 along 'y'"):
        sift(image(np.zeros((4, 3, 32))), along="y", slice_index=3)


def test_slices_outside_the_mask_are_left_out():
    volume = image(np.stack([blobs(1), blobs(2)]))
    labels = np.zeros(volume.grid.shape, np.uint8)
    labels[1] = 1
    assert set(sift(volume, Mask(labels, volume.grid), along="z").points[:, 0]) == {1}


def test_the_window_is_kept_and_undoes_the_reduction_to_eight_bits():
    sixteen = blobs().astype(np.uint16) * 200
    found = sift(image(sixteen))
    low, high = found.window
    assert (low, high) == tuple(np.percentile(sixteen, [0.5, 99.5]))
    stated = sift(image(sixteen), window=(low, high))
    np.testing.assert_array_equal(stated.points, found.points)
    assert sift(image(blobs())).window is None


def test_a_window_that_does_not_rise_is_refused():
    with pytest.raises(InputError, match="must rise"):
        sift(image(blobs()), window=(10.0, 10.0))


def test_places_in_mm_follow_the_spacing():
    found = sift(image(blobs()), max_points=5)
    np.testing.assert_allclose(found.points_mm, found.points * 0.5)
    bare = sift(Image(blobs(), Grid((160, 200), "yx")), max_points=5)
    assert bare.points_mm is None


@pytest.mark.parametrize("kind", ["sift", "surf", "orb", "brisk", "akaze", "kaze"])
def test_a_grid_of_points_is_described_by_any_detector(kind):
    found = dense(image(blobs()), detector=kind, step_px=16, scale_px=4)
    assert len(found) > 40
    assert found.kind == kind
    assert set(np.diff(np.unique(found.points[:, 1]))) == {16}
    assert found.descriptors.any(axis=1).mean() > 0.9


def test_a_grid_keeps_to_its_mask():
    labels = np.zeros((160, 200), np.uint8)
    labels[40:80, 40:80] = 1
    found = dense(image(blobs()), Mask(labels, image(blobs()).grid), step_px=10)
    assert len(found) == 16
    assert (found.points >= 40).all()
    assert (found.points < 80).all()


@pytest.mark.parametrize("find", FINDERS)
@pytest.mark.parametrize("shape", [(1, 1), (3, 3), (1, 9), (15, 40), (16, 17)])
def test_pictures_of_a_few_pixels_have_few_points_or_none(find, shape):
    noise = np.random.default_rng(0).integers(0, 255, shape).astype(np.uint8)
    assert len(find(image(noise))) < 5
