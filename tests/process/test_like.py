from dataclasses import replace

import numpy as np
import pytest

from radiolucent.core import Grid, Image, InputError, Mask
from radiolucent.process.like import resample_like, resample_mask_like

TURN = np.linalg.qr(np.array([[9.0, 1, 0], [-1, 9, 2], [1, -2, 9]]))[0]


def placed(shape, spacing_mm, origin_mm=(10.0, -20.0, 30.0), turn=TURN) -> Grid:
    direction = tuple(tuple(float(v) for v in row) for row in turn[: len(shape)])
    return Grid(shape, "zyx"[-len(shape) :], spacing_mm, origin_mm=origin_mm, direction=direction)


def field(grid: Grid) -> np.ndarray:
    """A linear function of the place in space [mm]."""
    index = np.indices(grid.shape).reshape(len(grid.shape), -1)
    places = (grid.affine @ np.vstack([index, np.ones(index.shape[1])]))[:3]
    return (np.array([0.7, -1.3, 2.1]) @ places).reshape(grid.shape).astype(np.float32)


@pytest.mark.parametrize("interpolation", ["linear", "cubic"])
def test_every_pixel_of_the_reference_gets_the_value_of_its_place(interpolation):
    own = placed((20, 30, 32), (1.5, 1.0, 1.0), turn=np.eye(3))
    other = placed((8, 11, 9), (1.0, 1.3, 0.8), (18.0, -11.0, 38.0))
    result = resample_like(Image(field(own), own), Image(np.zeros(other.shape), other), interpolation=interpolation)
    assert result.grid == other
    found = result.array != 0
    assert found.mean() > 0.3
    inside = found & (field_margin(own, other) > 3)
    np.testing.assert_allclose(
        result.array[inside], field(other)[inside], atol=0.3 if interpolation == "cubic" else 1e-3
    )


def field_margin(own: Grid, other: Grid) -> np.ndarray:
    """How many pixels each place of `other` lies inside `own`."""
    index = np.indices(other.shape).reshape(3, -1)
    places = other.affine @ np.vstack([index, np.ones(index.shape[1])])
    there = np.linalg.solve(own.affine, places)[:3]
    far = np.minimum(there, np.array(own.shape)[:, None] - 1 - there).min(0)
    return far.reshape(other.shape)


def test_there_and_back_is_the_picture():
    own = placed((6, 9, 8), (2.0, 1.0, 1.0))
    finer = placed((17, 17, 15), (0.6667, 0.5, 0.5))
    image = Image(np.random.default_rng(0).normal(size=own.shape), own)
    there = resample_like(image, Image(np.zeros(finer.shape), finer))
    back = resample_like(there, image).array
    np.testing.assert_allclose(back[:5], image.array[:5], atol=0.02)


def test_where_the_picture_does_not_reach_stands_the_value_asked_for():
    own = placed((10, 10), (1.0, 1.0), (0.0, 0.0, 0.0), np.eye(3))
    wide = replace(own, shape=(10, 14))
    result = resample_like(Image(np.ones((10, 10)), own), Image(np.zeros((10, 14)), wide), outside=-1000).array
    np.testing.assert_array_equal(result[0], [1] * 10 + [-1000] * 4)


def test_a_mask_keeps_its_labels_and_lies_where_its_picture_lies():
    own = placed((8, 12, 10), (2.0, 1.0, 1.0))
    other = placed((14, 11, 13), (1.0, 1.1, 0.9), (11.0, -19.0, 31.0))
    labels = np.zeros(own.shape, np.int16)
    labels[2:6, 3:9, 2:8] = 300
    reference = Image(np.zeros(other.shape), other)
    mask = resample_mask_like(Mask(labels, own, {300: "organ"}), reference)
    assert mask.grid == other
    assert set(np.unique(mask.array)) == {0, 300}
    assert mask.array.dtype == np.int16
    image = resample_like(Image((labels > 0).astype(float), own), reference).array
    clear = np.abs(image - 0.5) > 0.45
    np.testing.assert_array_equal((mask.array > 0)[clear], (image > 0.5)[clear])


def test_one_grid_needs_no_place():
    grid = Grid((4, 5), "yx", (1.0, 1.0))
    image = Image(np.arange(20).reshape(4, 5), grid)
    np.testing.assert_array_equal(resample_like(image, Image(np.zeros((4, 5)), grid)).array, image.array)


def test_frames_over_time_stay():
    own = replace(placed((5, 8, 9), (1.0, 1.0, 1.0)), axes="tzyx", shape=(3, 5, 8, 9), times_s=(0.0, 1.0, 2.0))
    other = placed((5, 4, 9), (1.0, 2.0, 1.0))
    values = np.random.default_rng(0).normal(size=own.shape)
    result = resample_like(Image(values, own), Image(np.zeros(other.shape), other))
    assert result.grid.times_s == (0.0, 1.0, 2.0)
    np.testing.assert_allclose(result.array, values[:, :, ::2].astype(np.float32), atol=1e-5)


def test_without_a_place_or_in_another_plane_nothing_is_guessed():
    lost = Image(np.zeros((4, 5)), Grid((4, 5), "yx", (1.0, 1.0)))
    here = placed((4, 6), (1.0, 1.0), turn=np.eye(3))
    with pytest.raises(InputError, match="picture has no place"):
        resample_like(lost, Image(np.zeros((4, 6)), here))
    above = replace(here, origin_mm=(10.0, -20.0, 45.0), direction=((0.0, 1.0, 0.0), (0.0, 0.0, 1.0)))
    with pytest.raises(InputError, match="different planes"):
        resample_like(Image(np.zeros((4, 6)), here), Image(np.zeros((4, 6)), above))
    with pytest.raises(InputError, match="as many in space"):
        resample_like(lost, Image(np.zeros((2, 2, 2)), Grid((2, 2, 2), "zyx")))
