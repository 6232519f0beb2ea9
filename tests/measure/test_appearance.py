import numpy as np
import pytest
from skimage.feature import hog as hog_of_skimage

from radiolucent.measure.appearance import (
    HOG_NAMES,
    LBP_NAMES,
    TEXTURE_NAMES,
    hog_numbers,
    lbp_numbers,
    texture_numbers,
)

ALL = [(HOG_NAMES, hog_numbers), (LBP_NAMES, lbp_numbers), (TEXTURE_NAMES, texture_numbers)]


def picture(side=64, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (side, side), dtype=np.uint8)


@pytest.mark.parametrize(("names", "measure"), ALL)
@pytest.mark.parametrize("side", [8, 28, 64, 200])
def test_every_number_has_a_name_whatever_the_size(names, measure, side):
    told = measure(picture(side))
    assert told.shape == (len(names),)
    assert told.dtype == np.float32
    assert np.isfinite(told).all()
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(("names", "measure"), ALL)
@pytest.mark.parametrize("value", [0, 255])
def test_a_flat_picture_gives_finite_numbers(names, measure, value):
    assert np.isfinite(measure(np.full((40, 40), value, np.uint8))).all()


def test_gradients_agree_with_those_of_scikit_image():
    y, x = np.mgrid[:64, :64]
    wave = (128 + 100 * np.sin(x / 5 + y / 9)).astype(np.uint8)
    ours = hog_numbers(wave).reshape(7, 7, 2, 2, 9)
    peer = hog_of_skimage(
        wave, orientations=9, pixels_per_cell=(8, 8), cells_per_block=(2, 2), block_norm="L2-Hys", feature_vector=False
    )
    peer = np.moveaxis(peer, (0, 1, 2, 3), (1, 0, 3, 2))  # rows first there, columns first here
    assert np.corrcoef(ours.ravel(), peer.ravel())[0, 1] > 0.8, "OpenCV shares a pixel between cells and directions"


def test_shares_of_patterns_sum_to_one_in_each_ring_and_part():
    told = dict(zip(LBP_NAMES, lbp_numbers(picture()), strict=True))
    assert sum(value for name, value in told.items() if name.startswith("lbp_2_") and name.count("_") == 2) == (
        pytest.approx(1)
    )
    assert sum(value for name, value in told.items() if name.startswith("lbp_3_0_")) == pytest.approx(1)


def test_stripes_have_more_contrast_than_a_slope():
    stripes = np.tile(np.array([0, 200], np.uint8), (32, 16))
    slope = np.tile(np.arange(32, dtype=np.uint8) * 6, (32, 1))
    at = TEXTURE_NAMES.index("glcm_contrast_1_mean")
    assert texture_numbers(stripes)[at] > 10 * texture_numbers(slope)[at]
