import cv2
import numpy as np
import pytest

from radiolucent.core import Grid, Image, InputError, Mask
from radiolucent.measure import orb, sift


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


@pytest.mark.parametrize(("find", "length"), [(sift, 128), (orb, 32)])
def test_the_strongest_points_come_first_and_no_more_than_asked(find, length):
    found = find(image(blobs()), max_points=40)
    assert 20 < len(found) <= 40
    assert (np.diff(found.response) <= 0).all()
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


@pytest.mark.parametrize("find", [sift, orb])
def test_sixteen_bits_and_floats_find_what_eight_bits_find(find):
    eight = np.clip(blobs(), 40, 250)
    sixteen = find(image(eight.astype(np.uint16) * 200))
    floating = find(image(eight.astype(np.float64) - 1000))
    assert len(sixteen) > 20
    np.testing.assert_array_equal(sixteen.points, floating.points)


@pytest.mark.parametrize("find", [sift, orb])
def test_points_lie_within_the_mask(find):
    labels = np.zeros((160, 200), np.uint8)
    labels[:, :100] = 2
    found = find(image(blobs()), Mask(labels, image(blobs()).grid), label=2)
    assert len(found)
    assert (found.points[:, 1] < 101).all()


@pytest.mark.parametrize("find", [sift, orb])
def test_a_flat_picture_has_no_points(find):
    found = find(image(np.full((64, 64), 5.0)))
    assert len(found) == 0
    assert found.points.shape == (0, 2)


def test_points_of_a_slice_have_the_volumes_axes():
    volume = np.stack([np.zeros_like(blobs()), blobs()])
    found = sift(image(volume), slice_index=1, max_points=30)
    assert (found.points[:, 0] == 1).all()
    np.testing.assert_array_equal(found.points[:, 1:], sift(image(blobs()), max_points=30).points)


@pytest.mark.parametrize("find", [sift, orb])
def test_a_volume_without_a_slice_is_told_what_to_give(find):
    with pytest.raises(InputError, match="slice_index between 0 and 3"):
        find(image(np.zeros((4, 32, 32))))


def test_a_slice_that_is_not_there_is_refused():
    with pytest.raises(InputError, match="not 9"):
        sift(image(np.zeros((4, 32, 32))), slice_index=9)


def test_colour_is_refused():
    with pytest.raises(InputError, match="colour"):
        orb(Image(np.zeros((32, 32, 3), np.uint8), Grid((32, 32), "yx")))
