import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radiolucent.core import InputError
from radiolucent.explain import occlusion


def corner(pictures):
    """A classifier that looks at the upper left quarter only."""
    size = pictures.shape[1] // 2
    share = pictures[:, :size, :size].mean(axis=(1, 2)) / 255
    return np.column_stack([1 - share, share])


def picture(size=28):
    made = np.full((1, size, size), 10, np.uint8)
    made[:, : size // 2, : size // 2] = 240
    return made


def test_covering_what_the_classifier_looks_at_lowers_its_probability():
    fall = occlusion(corner, picture(), 1)[0]
    assert fall[:10, :10].min() > 0
    np.testing.assert_allclose(fall[18:, 18:], 0, atol=1e-7)


def test_what_speaks_for_one_of_two_classes_speaks_against_the_other():
    np.testing.assert_allclose(occlusion(corner, picture(), 1), -occlusion(corner, picture(), 0), atol=1e-6)


def test_the_picture_is_not_changed():
    given_picture = picture()
    before = given_picture.copy()
    occlusion(corner, given_picture, 1)
    np.testing.assert_array_equal(given_picture, before)


def test_a_constant_picture_shows_nothing():
    np.testing.assert_allclose(occlusion(corner, np.full((1, 20, 20), 77, np.uint8), 1), 0, atol=1e-9)


@settings(deadline=None, max_examples=25)
@given(height=st.integers(1, 40), width=st.integers(1, 40), cells=st.integers(1, 9), overlap=st.floats(0, 0.9))
def test_every_pixel_is_covered_whatever_the_size(height, width, cells, overlap):
    made = np.zeros((1, height, width), np.uint8)
    fall = occlusion(lambda p: np.ones((len(p), 1)), made, 0, cells=cells, overlap=overlap)
    assert np.isfinite(fall).all()


@pytest.mark.parametrize(("cells", "overlap"), [(0, 0.5), (4, 1.0), (4, -0.1)])
def test_patches_that_cannot_cover_the_picture_are_refused(cells, overlap):
    with pytest.raises(InputError, match="cells >= 1"):
        occlusion(corner, picture(), 1, cells=cells, overlap=overlap)
