"""Whether two grids are one."""

from dataclasses import replace

import pytest

from radiolucent.core import Grid
from radiolucent.core.geometry import difference

PLACED = Grid(
    (4, 5, 6), "zyx", (3.0, 1.0, 1.0), origin_mm=(1.0, 2.0, 3.0), direction=((0, 0, 1.0), (0, 1.0, 0), (1.0, 0, 0))
)


def test_a_grid_differs_in_nothing_from_itself():
    assert difference(PLACED, PLACED) is None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"shape": (4, 5, 7)}, "shape"),
        ({"spacing_mm": (3.0, 1.0, 1.1)}, "spacing"),
        ({"origin_mm": (1.0, 2.0, 4.0)}, "corners lie 1 mm apart"),
        ({"direction": ((0, 0, 1.0), (0, -1.0, 0), (1.0, 0, 0))}, "corners lie 8 mm apart"),
    ],
)
def test_what_tells_two_grids_apart_is_said(change, says):
    assert says in difference(PLACED, replace(PLACED, **change))


def test_axes_of_equal_length_may_mean_other_things():
    assert "axes" in difference(Grid((4, 5), "yx"), Grid((4, 5), "ty"))


def test_rounding_to_single_precision_is_no_difference():
    rounded = replace(PLACED, spacing_mm=(3.0, 1.0 + 1e-7, 1.0), origin_mm=(1.0, 2.0 - 3e-6, 3.0))
    assert difference(PLACED, rounded) is None


def test_an_unknown_place_differs_from_no_place():
    assert difference(PLACED, Grid((4, 5, 6), "zyx")) is None
