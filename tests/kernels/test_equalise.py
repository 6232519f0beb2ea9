import cv2
import numpy as np
import pytest

from radiolucent.kernels.equalise import clahe


def unit(shape: tuple[int, ...]):
    return np.random.default_rng(0).beta(2, 5, shape).astype(np.float32)


def test_one_tile_without_a_limit_is_plain_histogram_equalisation():
    given = unit((40, 50))
    counts, edges = np.histogram(given, 64, (0, 1))
    expected = np.interp(given, edges, np.concatenate([[0], np.cumsum(counts)]) / given.size)
    np.testing.assert_allclose(clahe(given, (1, 1), 1e6, 64), expected, atol=2e-6)


def eight_bit_picture():
    ramp = np.add.outer(np.arange(256), np.arange(256)) / 2
    return (ramp * 0.5 + 60 + np.random.default_rng(1).normal(0, 6, ramp.shape)).astype(np.uint8)


def upper_edges(given):
    """OpenCV counts a pixel's whole bin as darker than it."""
    return (given.astype(np.float32) + np.float32(0.999)) / 256


def test_without_a_limit_it_equals_opencv_up_to_its_quantisation():
    given = eight_bit_picture()
    theirs = cv2.createCLAHE(256.0, (8, 8)).apply(given) / 255
    ours = clahe(upper_edges(given), (8, 8), 256.0, 256)
    assert np.abs(ours - theirs).max() < 0.02  # OpenCV places a tile's centre half a pixel further
    assert np.abs(ours - theirs).mean() < 0.01


def test_with_a_limit_it_follows_opencv_which_gives_what_it_cut_off_to_the_darkest_bins_first():
    given = eight_bit_picture()
    theirs = cv2.createCLAHE(3.0, (8, 8)).apply(given) / 255
    ours = clahe(upper_edges(given), (8, 8), 3.0, 256)
    assert np.corrcoef(ours.ravel(), theirs.ravel())[0, 1] > 0.998


@pytest.mark.parametrize("shape", [(31,), (33, 17), (12, 16, 9)])
def test_the_result_stays_within_the_unit_range_in_any_number_of_axes(shape):
    result = clahe(unit(shape), [max(1, size // 8) for size in shape], 2.0, 128)
    assert result.shape == shape
    assert result.min() >= 0
    assert result.max() <= 1 + 1e-6


def test_equal_values_far_apart_may_differ_but_order_holds_within_one_tile():
    given = unit((24, 24))
    result = clahe(given, (1, 1), 2.0, 256)
    order = np.argsort(given.ravel())
    assert (np.diff(result.ravel()[order]) >= -1e-6).all()


def test_tiles_that_divide_the_picture_are_mirrored_with_it():
    given = unit((32, 48))
    np.testing.assert_allclose(
        clahe(given[:, ::-1], (4, 6), 2.0, 64), clahe(given, (4, 6), 2.0, 64)[:, ::-1], atol=1e-6
    )
