"""Templates and warm places are found where they were put, in planes and volumes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiolucent.core import Grid, Image, InputError
from radiolucent.recognise.find import boxes, template

RNG = np.random.default_rng(3)


def image(array):
    array = np.asarray(array)
    return Image(array, Grid(array.shape, "tzyx"[-array.ndim :]))


@pytest.mark.parametrize("shape", [(60, 70), (20, 30, 25)])
def test_a_piece_cut_out_of_a_picture_is_found_where_it_was(shape):
    array = RNG.normal(size=shape)
    start, size = tuple(s // 3 for s in shape), 7
    place = tuple(slice(s, s + size) for s in start)
    found = template(image(array), image(array[place]), most=1, least=0.9)
    assert (found.array[place] == 1).all()
    assert found.array.sum() == size ** len(shape)
    assert float(found.names[1]) == pytest.approx(1, abs=1e-3)


def test_both_copies_are_found_and_the_better_one_is_first():
    array = RNG.normal(size=(80, 80))
    piece = RNG.normal(size=(9, 9)) * 3
    array[10:19, 20:29] = piece
    array[50:59, 60:69] = piece + RNG.normal(0, 1.5, (9, 9))
    found = template(image(array), image(piece), least=0.6)
    assert found.array[14, 24] == 1
    assert found.array[54, 64] == 2
    assert found.array.max() == 2


def test_a_larger_copy_is_found_at_its_size():
    piece = np.zeros((8, 8))
    piece[2:6, 3:5] = 1
    array = RNG.normal(0, 0.02, (64, 64))
    array[20:36, 30:46] += np.kron(piece, np.ones((2, 2)))
    found = template(image(array), image(piece), scales=(1.0, 2.0), most=1)
    rows, columns = np.nonzero(found.array == 1)
    assert np.ptp(rows) == 15
    assert abs(rows.min() - 20) <= 1
    assert abs(columns.min() - 30) <= 1


def test_nothing_alike_gives_an_empty_mask():
    assert not template(image(np.zeros((30, 30))), image(RNG.normal(size=(6, 6)))).array.any()
    assert not template(image(RNG.normal(size=(30, 30))), image(RNG.normal(size=(40, 40)))).array.any()


def test_a_constant_template_and_one_with_other_axes_are_refused():
    with pytest.raises(InputError, match="constant"):
        template(image(RNG.normal(size=(30, 30))), image(np.ones((4, 4))))
    with pytest.raises(InputError, match="2 axes and the template 3"):
        template(image(RNG.normal(size=(30, 30))), image(RNG.normal(size=(4, 4, 4))))


@given(st.integers(0, 20), st.integers(0, 20))
def test_the_warmest_place_gets_the_first_box(row, column):
    heat = np.zeros((24, 24), np.float32)
    heat[row : row + 3, column : column + 3] = 5
    heat[row, column] = 6
    found = boxes(image(heat))
    assert found.array.astype(bool).sum() == 9
    assert found.array[row, column] == 1
    assert found.names[1] == "6.000"


def test_places_below_the_share_and_cold_maps_get_no_box():
    heat = np.zeros((20, 20))
    heat[2:5, 2:5], heat[12:14, 12:14] = 10, 4
    assert boxes(image(heat)).array.max() == 1
    assert boxes(image(heat), share=0.3).array.max() == 2
    assert not boxes(image(-heat)).array.any()
    heat[0, 0] = np.nan
    with pytest.raises(InputError, match="1 samples"):
        boxes(image(heat))
