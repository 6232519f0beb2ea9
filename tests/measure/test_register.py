import numpy as np
import pytest
from known_motion import after, image, motion, off_px, scene
from scipy import ndimage

from radiolucent.core import Grid, Image, InputError, Mask
from radiolucent.measure import register, register_keypoints
from radiolucent.measure.place import frame


def inner(array) -> np.ndarray:
    return np.asarray(array, float)[30:-30, 30:-30]


@pytest.mark.parametrize("metric", ["mutual_information", "correlation", "mean_squares"])
@pytest.mark.parametrize("model", ["rigid", "similarity", "affine"])
def test_a_known_motion_is_undone_by_grey_values(model, metric):
    matrix = motion(degrees=4.0)
    moving = image(after(scene(), matrix), (0.5, 0.5))
    found = register(image(scene(), (0.5, 0.5)), moving, model=model, metric=metric)
    assert off_px(found["transform"], matrix, spacing_mm=(0.5, 0.5)) < 0.3
    assert np.corrcoef(inner(found["image"].array).ravel(), inner(scene()).ravel())[0, 1] > 0.99
    assert found["metric"] < found["metric_at_start"]


@pytest.mark.parametrize("model", ["similarity", "affine", "homography"])
def test_a_known_motion_is_undone_by_keypoints(model):
    matrix = motion(degrees=30.0, scale=0.9)
    found = register_keypoints(image(scene()), image(after(scene(), matrix)), model=model)
    assert off_px(found["transform"], matrix) < 0.5
    assert np.corrcoef(inner(found["image"].array).ravel(), inner(scene()).ravel())[0, 1] > 0.97
    assert found["image"].array.dtype == np.float32


def test_another_contrast_is_aligned_by_mutual_information():
    matrix = motion(degrees=3.0)
    other = 255 - after(scene(), matrix).astype(float) ** 1.5
    found = register(image(scene()), image(other))
    assert off_px(found["transform"], matrix) < 0.5


def test_a_bend_is_undone_by_a_b_spline():
    y, x = np.indices((220, 260), dtype=float)
    bent = ndimage.map_coordinates(
        scene().astype(np.float32), [y + 4 * np.sin(x / 60), x + 3 * np.cos(y / 50)], order=1, mode="nearest"
    )
    found = register(image(scene()), image(bent), model="bspline", metric="correlation")
    before = np.corrcoef(inner(bent).ravel(), inner(scene()).ravel())[0, 1]
    bent_back = np.corrcoef(inner(found["image"].array).ravel(), inner(scene()).ravel())[0, 1]
    assert bent_back > max(0.97, before + 0.1)
    transform = found["transform"]
    assert transform.matrix is None
    assert transform.displacement_mm.shape == (220, 260, 3)
    assert not transform.displacement_mm[..., 2].any()


def volumes():
    """A volume that lies obliquely in the patient, and another scan of it: turned and shifted on a grid of its own."""
    random = np.random.default_rng(1)
    noise = ndimage.gaussian_filter(random.normal(0, 1, (40, 44, 48)), 2.5).astype(np.float32)
    turn = np.linalg.qr(np.array([[9.0, 1, 0], [-1, 9, 2], [1, -2, 9]]))[0]
    direction = tuple(tuple(row) for row in turn.tolist())
    fixed = Grid(noise.shape, "zyx", (1.5, 1.0, 1.0), None, (5.0, -20.0, 40.0), direction)
    moving = Grid((44, 46, 46), "zyx", (1.4, 1.0, 1.0), None, (2.0, -21.0, 41.0), direction)
    a = np.radians(5)
    map_ = np.eye(4)  # from fixed to moving places, about the middle of the fixed volume
    map_[:2, :2] = [[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]
    middle = (fixed.affine @ (20, 22, 24, 1))[:3]
    map_[:3, 3] = middle - map_[:3, :3] @ middle + (1.5, -2.0, 1.0)
    places = moving.affine @ np.vstack([np.indices(moving.shape).reshape(3, -1), np.ones(np.prod(moving.shape))])
    index = (np.linalg.inv(fixed.affine) @ np.linalg.inv(map_) @ places)[:3]
    seen = ndimage.map_coordinates(noise, index, order=3, mode="nearest").reshape(moving.shape)
    return Image(noise, fixed, "MR"), Image(seen.astype(np.float32), moving, "MR"), map_


def test_a_turned_volume_is_found_in_the_patients_space():
    fixed, moving, wanted = volumes()
    found = register(fixed, moving, metric="correlation")
    corners = fixed.grid.affine @ np.array([(z, y, x, 1) for z in (8, 32) for y in (8, 36) for x in (8, 40)]).T
    np.testing.assert_allclose((found["transform"].matrix @ corners)[:3], (wanted @ corners)[:3], atol=0.25)
    assert found["image"].grid == fixed.grid
    middle = (slice(8, -8),) * 3
    assert np.corrcoef(found["image"].array[middle].ravel(), fixed.array[middle].ravel())[0, 1] > 0.98


def test_the_same_seed_gives_the_same_bits():
    moving = image(after(scene(), motion()))
    first, again = (register(image(scene()), moving, sampling=0.1, seed=4) for _ in range(2))
    np.testing.assert_array_equal(first["image"].array, again["image"].array)
    np.testing.assert_array_equal(first["transform"].matrix, again["transform"].matrix)


def test_a_picture_is_left_where_it_is_if_it_lies_right():
    found = register(image(scene()), image(scene()))
    np.testing.assert_allclose(found["transform"].matrix, np.eye(4), atol=5e-3)


def test_the_metric_looks_within_the_mask_only():
    matrix = motion(degrees=3.0)
    moving = after(scene(), matrix)
    moving[:, 130:] = after(scene(), motion(degrees=-3.0, shift=(0, 8)))[:, 130:]  # the other half moved otherwise
    labels = np.zeros((220, 260), np.uint8)
    labels[30:190, 20:105] = 2
    fixed = image(scene())
    found = register(fixed, image(moving), Mask(labels, fixed.grid), label=2, metric="correlation")
    y, x = np.mgrid[40:180:20, 30:100:20]
    points = np.stack([x.ravel(), y.ravel(), np.zeros(x.size), np.ones(x.size)])
    wanted = matrix @ points[[0, 1, 3]]
    assert np.median(np.hypot(*((found["transform"].matrix @ points)[:2] - wanted[:2]))) < 0.5


def test_pictures_that_do_not_touch_are_told_where_to_start():
    grid = Grid((220, 260), "yx", (1.0, 1.0))
    volume = np.zeros((30, 30, 30), np.float32)
    volume[10:20, 12:20, 9:18] = 1
    axes = ((0.0, 0.0, 1.0), (0.0, 1.0, 0.0), (1.0, 0.0, 0.0))
    here, there = (Grid(volume.shape, "zyx", (1.0,) * 3, None, (start, 0.0, 0.0), axes) for start in (0.0, 500.0))
    with pytest.raises(InputError, match="start=centre"):
        register(Image(volume, here), Image(volume, there))
    found = register(Image(volume, here), Image(volume, there), start="centre")
    np.testing.assert_allclose(found["transform"].matrix[:3, 3], (500, 0, 0), atol=0.1)
    assert frame(grid).tolist() == np.eye(4).tolist()


@pytest.mark.parametrize("bad", [np.full((60, 60), 3.0), np.zeros((1, 60, 60)), np.zeros((3, 60))])
def test_a_picture_that_cannot_be_aligned_is_refused(bad):
    with pytest.raises(InputError, match=r"one value everywhere|fewer than 4 pixels|cannot be aligned"):
        register(image(bad), image(scene()))


def test_a_plane_is_not_aligned_with_a_volume():
    with pytest.raises(InputError, match="cannot be aligned with one of"):
        register(image(scene()), image(np.arange(6.0**3).reshape(6, 6, 6)))


def test_frames_over_time_are_refused():
    moving = Image(np.random.default_rng(0).random((5, 60, 60)), Grid((5, 60, 60), "tyx"))
    with pytest.raises(InputError, match="frames over time"):
        register(moving, moving)


def test_numbers_that_are_none_are_refused():
    array = scene().astype(float)
    array[3, 4] = np.nan
    with pytest.raises(InputError, match="NaN"):
        register(image(scene()), image(array))
