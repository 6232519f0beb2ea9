import numpy as np
import pytest

from radiolucent.core import Grid, Image, InputError, Mask
from radiolucent.measure.morphology import IBSI_CODES, morphology

SPACING = (2.0, 1.0, 1.0)


def measured(inside, values=None):
    grid = Grid(inside.shape, "zyx", SPACING)
    grey = np.indices(inside.shape).sum(0).astype(float) if values is None else values
    return morphology(Image(grey, grid), Mask(inside.astype(np.uint8), grid))


def ellipsoid(semi_axes) -> np.ndarray:
    shape = (24, 40, 44)
    away = (np.indices(shape).T - (np.array(shape) - 1) / 2) * SPACING
    return ((away / semi_axes) ** 2).sum(-1).T < 1


def test_an_ellipsoid_has_its_own_axes():
    found = measured(ellipsoid((16, 9, 18)))
    lengths = [found[f"{name}_axis_length_mm"] for name in ("major", "minor", "least")]
    # a solid ellipsoid's variance along an axis is a fifth of the semi-axis squared
    assert lengths == pytest.approx([4 * axis / 5**0.5 for axis in (18, 16, 9)], rel=0.02)
    assert found["maximum_diameter_mm"] == pytest.approx(36, rel=0.05)
    assert found["volume_density_convex_hull"] == pytest.approx(1, abs=0.1)
    assert set(found) == set(IBSI_CODES)


def test_one_voxel_leaves_out_what_needs_an_axis_or_a_pair():
    inside = np.zeros((4, 5, 6), bool)
    inside[2, 2, 3] = True
    found = measured(inside)
    assert found["voxel_volume_mm3"] == 2
    left_out = {"elongation", "flatness", "volume_density_ellipsoid", "area_density_ellipsoid", "moran_i", "geary_c"}
    assert set(IBSI_CODES) - set(found) == left_out


def test_values_that_cancel_out_have_no_centre_of_mass():
    values = np.where(np.indices((4, 4, 4)).sum(0) % 2, 1.0, -1.0)
    assert "centre_of_mass_shift_mm" not in measured(np.ones((4, 4, 4), bool), values)


def test_a_slope_moves_the_centre_of_mass():
    values = np.broadcast_to(np.arange(5.0), (3, 3, 5))
    shift = measured(np.ones((3, 3, 5), bool), values)["centre_of_mass_shift_mm"]
    assert shift == pytest.approx(1)  # sum of x² over sum of x is 3, the middle is 2


def test_a_picture_without_depth_is_refused():
    grid = Grid((5, 5), "yx", (1.0, 1.0))
    with pytest.raises(InputError, match="measures a volume"):
        morphology(Image(np.ones((5, 5)), grid), Mask(np.ones((5, 5), np.uint8), grid))
