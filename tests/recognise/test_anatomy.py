"""Parts of the body in CT, and planes, on phantoms whose answer is known."""

import numpy as np
import pytest

from radiolucent.core import Grid, Image
from radiolucent.recognise.anatomy import body_part, orientation

AXIAL = ((0.0, 0.0, 1.0), (0.0, 1.0, 0.0), (1.0, 0.0, 0.0))


def ct(draw, spacing_mm=3.0, unit="HU"):
    """Slices of 96 x 96 in which `draw(r, y, x)` gives Hounsfield units."""
    y, x = np.mgrid[-1:1:96j, -1:1:96j]
    plane = draw(y, x).astype(np.int16)
    return Image(np.stack([plane] * 5), Grid((5, 96, 96), "zyx", (spacing_mm,) * 3), modality="CT", unit=unit)


def head(y, x):
    r = np.hypot(y / 0.5, x / 0.4)
    return np.where(r < 0.85, 35, np.where(r < 1, 900, -1000))


def chest(y, x):
    trunk, lungs = np.hypot(y / 0.6, x / 0.9) < 1, np.hypot(y / 0.4, (np.abs(x) - 0.45) / 0.25) < 1
    return np.where(trunk, np.where(lungs, -850, 40), -1000)


def abdomen(y, x):
    trunk, gas, bone = (
        np.hypot(y / 0.6, x / 0.85) < 1,
        np.hypot(y + 0.2, x) < 0.1,
        np.hypot(y - 0.4, x) < 0.1,
    )
    return np.where(trunk, np.where(gas, -900, np.where(bone, 600, 50)), -1000)


def limb(y, x):
    return np.where(np.hypot(y, x) < 0.1, 900, np.where(np.hypot(y, x) < 0.4, 50, -1000))


@pytest.mark.parametrize(("draw", "part"), [(head, "head"), (chest, "chest"), (abdomen, "abdomen"), (limb, "limb")])
def test_a_part_of_the_body_is_told_from_air_bone_and_size(draw, part):
    found = body_part(ct(draw))
    assert found[0].says == f"It shows the {part}."
    assert found[0].probability == 1
    assert found[0].because


def test_a_trunk_of_unknown_size_without_lungs_is_not_guessed():
    image = ct(abdomen)
    unknown = image.with_array(image.array, grid=Grid(image.grid.shape, "zyx"))
    assert body_part(unknown) == ()


def test_pictures_that_are_not_in_hounsfield_units_tell_no_part():
    plane = ct(head).array[0].astype(np.float32)
    eight_bit = ((plane - plane.min()) / np.ptp(plane) * 255).astype(np.uint8)
    assert body_part(Image(eight_bit, Grid(eight_bit.shape, "yx"))) == ()
    assert body_part(ct(lambda y, x: np.full(y.shape, -1000))) == ()


@pytest.mark.parametrize(("first", "word"), [(0, "axial"), (1, "coronal"), (2, "sagittal")])
def test_the_plane_is_told_by_the_way_that_slices_follow_each_other(first, word):
    order = [AXIAL[first], *(d for k, d in enumerate(AXIAL) if k != first)]
    grid = Grid((4, 8, 8), "zyx", (1.0,) * 3, None, (0.0,) * 3, tuple(order))
    found = orientation(Image(np.zeros((4, 8, 8)), grid))
    assert word in found[0].says
    assert found[0].value == pytest.approx(0, abs=1e-6)


def test_a_turned_plane_is_told_with_its_angle_and_a_picture_has_none():
    s, c = np.sin(np.radians(30)), np.cos(np.radians(30))
    grid = Grid((4, 8, 8), "zyx", (1.0,) * 3, None, (0.0,) * 3, ((0.0, s, c), (0.0, c, -s), (1.0, 0.0, 0.0)))
    found = orientation(Image(np.zeros((4, 8, 8)), grid))
    assert found[0].value == pytest.approx(30)
    assert "turned by 30" in found[0].says
    assert orientation(Image(np.zeros((8, 8)), Grid((8, 8), "yx"))) == ()
