import numpy as np
import pytest

from radiolucent.core import Grid, Image, InputError, Mask
from radiolucent.segment import watershed


def two_discs(axes: str = "yx") -> tuple[Image, np.ndarray]:
    y, x = np.indices((48, 64))
    inside = np.where(np.hypot(y - 24, x - 18) < 11, 1, 0) + np.where(np.hypot(y - 24, x - 46) < 9, 2, 0)
    values = np.choose(inside, [20.0, 120.0, 200.0]) + np.random.default_rng(0).normal(0, 3, inside.shape)
    if axes == "zyx":
        inside, values = np.stack([inside] * 8), np.stack([values] * 8)
    spacing = (2.0, 1.0, 1.0)[-len(axes) :]
    return Image(values.astype(np.float32), Grid(inside.shape, axes, spacing)), inside


@pytest.mark.parametrize("axes", ["yx", "zyx"])
def test_it_finds_two_discs_and_their_ground_without_help(axes):
    image, truth = two_discs(axes)
    labels = watershed(image, sigma_mm=1.5, depth=0.2).array
    assert len(np.unique(labels)) == 3
    for label in (0, 1, 2):
        majority = np.bincount(labels[truth == label]).argmax()
        overlap = 2 * ((labels == majority) & (truth == label)).sum()
        assert overlap / ((labels == majority).sum() + (truth == label).sum()) > 0.95


def test_markers_keep_their_labels_and_names():
    image, truth = two_discs()
    seeds = np.zeros(truth.shape, np.uint8)
    seeds[24, 18], seeds[24, 46], seeds[2, 2] = 7, 3, 1
    mask = watershed(image, Mask(seeds, image.grid, {7: "left", 3: "right", 1: "ground"}))
    assert mask.names[7] == "left"
    assert set(np.unique(mask.array)) == {1, 3, 7}
    assert (mask.array[truth == 1] == 7).mean() > 0.9


def test_every_pixel_belongs_to_a_named_region():
    image, _ = two_discs()
    mask = watershed(image, depth=0.0)
    assert mask.array.min() >= 1
    assert set(np.unique(mask.array)) == set(mask.names)


def test_a_greater_depth_gives_fewer_regions():
    image, _ = two_discs()
    counts = [watershed(image, depth=depth).array.max() for depth in (0.0, 0.05, 0.5)]
    assert counts[0] > counts[1] >= counts[2]


def test_compactness_evens_out_the_regions_sizes():
    image = Image(np.random.default_rng(0).normal(size=(60, 60)), Grid((60, 60), "yx", (1.0, 1.0)))
    sizes = [np.bincount(watershed(image, compactness=c).array.ravel())[1:] for c in (0.0, 10.0)]
    assert sizes[1].std() < sizes[0].std()


def test_frames_are_flooded_apart_and_their_regions_counted_on():
    image, _ = two_discs()
    series = Image(np.stack([image.array] * 2), Grid((2, 48, 64), "tyx", (1.0, 1.0)))
    both, alone = watershed(series).array, watershed(image).array
    np.testing.assert_array_equal(both[0], alone)
    np.testing.assert_array_equal(both[1], alone + alone.max())


def test_a_constant_picture_is_one_region():
    assert (watershed(Image(np.ones((6, 6)), Grid((6, 6), "yx", (1.0, 1.0)))).array == 1).all()


def test_empty_markers_are_refused():
    image, truth = two_discs()
    with pytest.raises(InputError, match="markers are empty"):
        watershed(image, Mask(np.zeros(truth.shape, np.uint8), image.grid))


def test_markers_of_another_grid_are_refused_with_what_differs():
    image, _ = two_discs()
    with pytest.raises(InputError, match=r"shape \(48, 64\) is not \(4, 4\)"):
        watershed(image, Mask(np.ones((4, 4), np.uint8), Grid((4, 4), "yx", (1.0, 1.0))))
