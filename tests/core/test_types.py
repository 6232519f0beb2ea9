"""The frozen values refuse what makes no sense and keep what they were given."""

import pickle
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest

from radiolucent.core import Case, Finding, Grid, Image, InputError, Keypoints, Mask, Step, Transform

GANTRY = Grid(
    (2, 3, 4),
    "zyx",
    (5.0, 0.5, 0.25),
    origin_mm=(-10.0, 20.0, 30.0),
    direction=((0.0, 0.6, 0.8), (0.0, 1.0, 0.0), (1.0, 0.0, 0.0)),
)


def test_the_affine_goes_from_array_order_to_millimetres_also_for_a_sheared_grid():
    assert np.allclose(GANTRY.affine @ (0, 0, 0, 1), (-10, 20, 30, 1))
    assert np.allclose(GANTRY.affine @ (1, 0, 0, 1), (-10, 23, 34, 1))
    assert np.allclose(GANTRY.affine @ (0, 2, 3, 1), (-9.25, 21, 30, 1))


def test_a_grid_without_a_place_has_no_affine():
    assert Grid((2, 3), "yx", (1.0, 1.0)).affine is None
    assert replace(GANTRY, spacing_mm=None).affine is None


def test_spacing_is_known_or_the_remedy_is_named():
    assert GANTRY.known_spacing_mm() == (5.0, 0.5, 0.25)
    with pytest.raises(InputError, match=r"give --spacing-mm \(Python: load"):
        Grid((2, 3), "yx").known_spacing_mm()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (((2, 3), "xy"), "in order out of 'tzyx'"),
        (((2, 3), "yy"), "in order out of 'tzyx'"),
        (((2, 3), "ab"), "in order out of 'tzyx'"),
        (((2, 3), "zyx"), "does not fit axes"),
        (((2, 3), "yx", (1.0,)), "needs 2 entries of spacing_mm"),
        (((2, 3), "yx", (1.0, 0.0)), "must be positive"),
        (((2, 3), "yx", (1.0, float("nan"))), "must be positive"),
        (((2, 3), "tx", (1.0,), (0.0,)), "one time per frame"),
        (((2, 3), "yx", None, (0.0, 1.0)), "one time per frame"),
        (((2, 3), "yx", (1.0, 1.0), None, (0.0, 0.0, 0.0), ((1.0, 0.0, 0.0),)), "needs 2 entries of direction"),
    ],
)
def test_a_grid_that_makes_no_sense_is_refused(arguments, says):
    with pytest.raises(InputError, match=says):
        Grid(*arguments)


def test_time_has_no_spacing():
    grid = Grid((4, 2, 3), "tyx", (0.5, 0.5), times_s=(0.0, 0.1, 0.2, 0.4))
    assert grid.spatial_axes == (1, 2)


def test_colour_is_a_last_axis_beyond_the_grid():
    grid = Grid((2, 3), "yx")
    assert Image(np.zeros((2, 3, 3), np.uint8), grid).is_colour
    assert not Image(np.zeros((2, 3)), grid).is_colour
    for shape in ((2, 4), (2,), (2, 3, 3, 1)):
        with pytest.raises(InputError, match="does not fit a grid"):
            Image(np.zeros(shape), grid)


def test_other_values_keep_modality_unit_and_grid_unless_told():
    image = Image(np.zeros((2, 3)), Grid((2, 3), "yx"), "CT", "HU")
    assert (image.with_array(np.ones((2, 3))).modality, image.with_array(np.ones((2, 3))).unit) == ("CT", "HU")
    other = image.with_array(np.ones((4, 4)), grid=Grid((4, 4), "yx"), unit="1", modality="MR")
    assert (other.grid.shape, other.unit, other.modality) == ((4, 4), "1", "MR")


def test_a_mask_holds_whole_numbers_on_its_grid():
    grid = Grid((2, 3), "yx")
    mask = Mask(np.ones((2, 3), bool), grid, {1: "lung"})
    assert mask.with_array(np.zeros((2, 3), int)).names == {1: "lung"}
    with pytest.raises(InputError, match="integer labels, got float64"):
        Mask(np.ones((2, 3)), grid)
    with pytest.raises(InputError, match="does not fit a grid"):
        Mask(np.ones((3, 3), int), grid)


def test_keypoints_have_one_row_each():
    ones = np.ones(2)
    assert len(Keypoints(np.ones((2, 2)), ones, ones, ones, np.ones((2, 8)), "orb")) == 2
    with pytest.raises(InputError, match="scale has 3 rows, points 2"):
        Keypoints(np.ones((2, 2)), np.ones(3), ones, ones, np.ones((2, 8)), "orb")


def test_nothing_can_be_changed_and_everything_can_be_sent_to_a_worker():
    image = Image(np.zeros((2, 3, 4)), GANTRY)
    case = Case(
        "k",
        {"sex": "F"},
        {"raw": image},
        {"m": Mask(np.zeros((2, 3, 4), int), GANTRY)},
        transforms={"t": Transform(GANTRY, GANTRY, np.eye(4))},
        findings=(Finding("all is well"),),
        history=(Step("read.load", {"path": "a"}),),
    )
    with pytest.raises(FrozenInstanceError):
        case.key = "other"
    with pytest.raises(TypeError):
        case.images["other"] = image
    again = pickle.loads(pickle.dumps(case))
    assert again.fingerprint() == case.fingerprint()
    assert again.history == case.history


def test_the_history_is_no_part_of_what_makes_cases_equal():
    case = Case("k", features={"a": 1.0})
    assert replace(case, history=(Step("a"),)).fingerprint() == case.fingerprint()
    assert replace(case, features={"a": 2.0}).fingerprint() != case.fingerprint()
