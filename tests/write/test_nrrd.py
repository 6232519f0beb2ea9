"""What is written as NRRD is what is read."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radiolucent.core import Grid, Image, InputError
from radiolucent.phantom import lettered
from radiolucent.read import read
from radiolucent.write import write

RNG = np.random.default_rng(0)


def _back(value, path):
    write(value, path, overwrite=True)
    (case,) = read(path, key=b"k" * 32)
    return case.images["image"]


@settings(max_examples=48, deadline=None)
@given(st.permutations([0, 1, 2]), st.tuples(st.booleans(), st.booleans(), st.booleans()))
def test_a_lettered_cube_comes_back_however_it_lies(tmp_path_factory, order, flips):
    cube = lettered(12)
    direction = tuple(
        tuple(-v if flip else v for v in cube.grid.direction[k]) for k, flip in zip(order, flips, strict=True)
    )
    turned = cube.with_array(cube.array, grid=replace(cube.grid, direction=direction))
    back = _back(turned, tmp_path_factory.mktemp("n") / "a.nrrd")
    np.testing.assert_array_equal(back.array, turned.array)
    np.testing.assert_allclose(back.grid.affine, turned.grid.affine, atol=1e-9)


@pytest.mark.parametrize("kind", ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"])
def test_every_type_comes_back(tmp_path, kind):
    array = RNG.integers(0, 100, (3, 4)).astype(kind)
    back = _back(Image(array, Grid((3, 4), "yx")), tmp_path / "a.nrrd")
    np.testing.assert_array_equal(back.array, array)
    assert (back.array.dtype, back.grid) == (array.dtype, Grid((3, 4), "yx"))


@pytest.mark.parametrize("spacing", [None, (2.0, 0.5, 0.25)])
@pytest.mark.parametrize("times", [None, (0.0, 0.5, 2.0)])
@pytest.mark.parametrize("colour", [(), (3,)])
def test_time_colour_and_what_is_unknown_come_back(tmp_path, spacing, times, colour):
    grid = Grid((3, 2, 4, 5), "tzyx", spacing, times)
    array = RNG.integers(0, 255, (3, 2, 4, 5, *colour)).astype(np.uint8)
    back = _back(Image(array, grid), tmp_path / "a.nrrd")
    np.testing.assert_array_equal(back.array, array)
    assert back.grid == grid


def test_complex_values_are_refused(tmp_path):
    with pytest.raises(InputError, match="complex"):
        write(Image(np.zeros((3, 4), np.complex64), Grid((3, 4), "yx")), tmp_path / "a.nrrd")
