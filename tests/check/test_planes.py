"""A picture as planes."""

import numpy as np

from radiolucent.check.planes import body, is_drawing, planes, span, thinned
from radiolucent.core import Grid, Image


def test_every_picture_is_a_stack_of_grey_planes():
    assert planes(Image(np.zeros((4, 5)), Grid((4, 5), "yx"))).shape == (1, 4, 5)
    assert planes(Image(np.zeros((4, 5, 3)), Grid((4, 5), "yx"))).shape == (1, 4, 5)
    assert planes(Image(np.zeros((2, 3, 4, 5)), Grid((2, 3, 4, 5), "tzyx"))).shape == (6, 4, 5)


def test_large_volumes_are_thinned_by_planes():
    assert thinned(np.zeros((100, 400, 400), np.int16)).shape == (25, 400, 400)


def test_a_constant_picture_has_no_body_and_no_span():
    flat = np.full((1, 8, 8), 7, np.float32)
    assert not body(flat).any()
    assert span(flat) == 0
    assert is_drawing(flat)
