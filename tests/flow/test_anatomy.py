"""Anatomy on pictures whose answer is known, and on bad input."""

import numpy as np
import pytest

from radiolucent.cli import main
from radiolucent.core import Case, Grid, Image, InputError, Mask, Step
from radiolucent.flow.anatomy import OPS, air, body, bone, brain, lesion, lungs, vessels
from radiolucent.flow.anatomy.lesion import family_for
from radiolucent.flow.ops import operation
from radiolucent.flow.run import run


def dice(a, b):
    return 2 * (a & b).sum() / (a.sum() + b.sum())


def ball(shape, middle, radii):
    return sum(((p - m) / r) ** 2 for p, m, r in zip(np.indices(shape), middle, radii)) <= 1


def chest():
    """A CT of a chest, 4 mm: body, two lungs that a bridge joins, an airway, a spine, a table; open at both ends."""
    shape = (24, 64, 80)
    z, y, x = np.indices(shape)
    trunk = ((y - 32) / 24) ** 2 + ((x - 40) / 34) ** 2 <= 1
    right = ball(shape, (12, 32, 24), (14, 16, 11))
    left = ball(shape, (12, 32, 56), (14, 16, 11))
    values = np.full(shape, -1000.0)
    values[trunk] = 40
    values[:, 60:62, 10:70] = 100  # the table
    values[right | left] = -850
    values[(np.abs(y - 30) <= 1) & (np.abs(z - 12) <= 1) & (x > 30) & (x < 50)] = -900
    values[((y - 48) / 4) ** 2 + ((x - 40) / 4) ** 2 <= 1] = 500
    values += np.random.default_rng(0).normal(0, 10, shape)
    direction = ((0.0, 0.0, 1.0), (0.0, 1.0, 0.0), (1.0, 0.0, 0.0))
    grid = Grid(shape, "zyx", (4.0, 4.0, 4.0), origin_mm=(0.0, 0.0, 0.0), direction=direction)
    return Image(values.astype(np.float32), grid, "CT", "HU"), trunk, right & trunk, left & trunk


def test_the_body_is_found_with_its_lungs_and_without_the_table():
    image, trunk, *_ = chest()
    assert dice(body(image).array > 0, trunk) > 0.99


def test_lungs_are_told_apart_by_the_side_of_the_patient():
    image, _, right, left = chest()
    found = lungs(image)
    assert found.names == {1: "right lung", 2: "left lung"}
    assert dice(found.array == 1, right) > 0.95
    assert dice(found.array == 2, left) > 0.95


def test_a_picture_that_is_stored_from_left_to_right_has_its_right_lung_on_the_other_side():
    image, _, right, _ = chest()
    grid = Grid(image.grid.shape, "zyx", (4.0,) * 3, None, (0.0,) * 3, ((0, 0, 1.0), (0, 1.0, 0), (-1.0, 0, 0)))
    assert dice(lungs(Image(image.array[..., ::-1], grid, "CT", "HU")).array[..., ::-1] == 1, right) > 0.95


def test_bone_and_air_are_found_in_hounsfield_units_only():
    image, _, right, _ = chest()
    assert bone(image).array[:, 48, 40].all()
    labels = air(image).array
    assert (labels[right & (image.array < -700)] == 1).mean() > 0.99
    assert (labels[:, :4] == 2).all()
    nameless = Image(image.array, image.grid)
    with pytest.raises(InputError, match="--assume-hu"):
        bone(nameless)
    assert np.array_equal(bone(nameless, assume_hu=True).array, bone(image).array)


def test_a_volume_without_units_has_no_lungs_unless_it_is_said_to_be_ct():
    image, *_ = chest()
    nameless = Image(image.array, image.grid)
    with pytest.raises(InputError, match="flat radiograph"):
        lungs(nameless)
    assert np.array_equal(lungs(nameless, kind="ct").array, lungs(image).array)


def radiograph():
    shape = (240, 220)
    y, x = np.indices(shape)
    trunk = (np.abs(x - 110) < 95) & (y > 20)
    right, left = ball(shape, (120, 65), (75, 34)), ball(shape, (120, 155), (75, 34))
    grey = 40.0 * trunk + 150 * trunk - 110 * (right | left) + 20 * np.sin(y / 5) * (right | left)
    grey += np.random.default_rng(0).normal(0, 5, shape)
    return Image(np.clip(grey, 0, 255).astype(np.uint8), Grid(shape, "yx"), "DX"), right, left


def test_the_lungs_of_a_radiograph_are_found_and_the_one_on_the_left_is_the_patients_right():
    image, right, left = radiograph()
    found = lungs(image).array
    assert dice(found == 1, right) > 0.9
    assert dice(found == 2, left) > 0.9


def test_a_bright_tube_is_a_vessel_and_the_ground_is_none():
    shape = (40, 48, 48)
    y, x = np.indices(shape)[1:]
    tube = (y - 20) ** 2 + (x - 14) ** 2 <= 4
    values = 100.0 * tube + 100 * ball(shape, (20, 24, 38), (7, 7, 7))
    found = vessels(Image(values.astype(np.float32), Grid(shape, "zyx", (1.0,) * 3))).array > 0
    assert found[5:35, 20, 14].all()
    assert not found[:, 40:, :20].any()


def test_a_brain_is_parted_from_the_scalp_by_a_dark_skull():
    shape = (40, 44, 40)
    head, skull, inner = (ball(shape, (20, 22, 20), np.array((18, 20, 18)) - off) for off in (0, 3, 5))
    values = 150.0 * head - 140 * skull + 90 * inner + np.random.default_rng(0).normal(0, 3, shape)
    found = brain(Image(values.astype(np.float32), Grid(shape, "zyx", (3.0,) * 3), "MR")).array > 0
    assert dice(found, inner) > 0.93


@pytest.mark.parametrize("contrast", [-30.0, 30.0])
def test_a_lesion_of_either_tone_is_found_from_one_click(contrast):
    shape = ball((90, 100), (40, 60), (14, 20))
    values = 100 + contrast * shape + np.random.default_rng(0).normal(0, 10, shape.shape)
    image = Image(values.astype(np.float32), Grid(shape.shape, "yx"), "OT")
    assert dice(lesion(image, seed_point=(36.0, 66.0)).array > 0, shape) > 0.9


def test_a_click_in_mm_and_one_in_voxels_are_one():
    shape = ball((12, 40, 40), (6, 20, 24), (4, 8, 8))
    values = (100 + 60 * shape + np.random.default_rng(0).normal(0, 4, shape.shape)).astype(np.float32)
    axes = ((0.0, 0.0, 1.0), (0.0, 1.0, 0.0), (1.0, 0.0, 0.0))
    image = Image(values, Grid(shape.shape, "zyx", (2.0, 1.0, 1.0), None, (-5.0, 7.0, 9.0), axes), "CT", "HU")
    by_index = lesion(image, seed_point=(6.0, 20.0, 24.0))
    by_place = lesion(image, seed_point_mm=(-5.0 + 24, 7.0 + 20, 9.0 + 12))
    point = np.zeros(shape.shape, np.uint8)
    point[6, 20, 24] = 1
    assert dice(by_index.array > 0, shape) > 0.8
    assert np.array_equal(by_index.array, by_place.array)
    assert np.array_equal(by_index.array, lesion(image, Mask(point, image.grid)).array)


def test_the_family_follows_from_shape_modality_and_the_clicks_neighbourhood():
    flat = np.zeros((20, 20), np.float32)
    deep = np.random.default_rng(0).normal(0, 1, (9, 20, 20)).astype(np.float32)
    hot = deep.copy()
    hot[3:6, 9:12, 9:12] = 9
    assert family_for(Image(flat, Grid(flat.shape, "yx")), flat, (3, 3)) == "star"
    assert family_for(Image(deep, Grid(deep.shape, "zyx")), deep, (4, 10, 10)) == "slices"
    assert family_for(Image(deep, Grid(deep.shape, "zyx"), "PT"), deep, (4, 10, 10)) == "level"
    assert family_for(Image(hot, Grid(hot.shape, "zyx")), hot, (4, 10, 10)) == "level"


@pytest.mark.parametrize(
    ("args", "says"),
    [({}, "needs one click and got 0"), ({"seed_point": (200.0, 3.0)}, "outside"), ({"seed_point": (1.0, 2.0, 3.0)}, "3 numb"),
     ({"seed_point": (1.0, 2.0), "seed_point_mm": (1.0, 2.0, 3.0)}, "got 2"),
     ({"seed_point_mm": (1.0, 2.0, 3.0)}, "no known place")],
)  # fmt: skip
def test_a_bad_click_is_refused_with_the_reason(args, says):
    image, *_ = radiograph()
    with pytest.raises(InputError, match=says):
        lesion(Image(image.array[:90, :90], Grid((90, 90), "yx")), **args)


def test_a_series_over_time_is_refused_with_the_way_out():
    series = Image(np.zeros((3, 16, 16), np.float32), Grid((3, 16, 16), "tyx", (1.0, 1.0)))
    for op in (body, lungs, vessels, brain):
        with pytest.raises(InputError, match="frames"):
            op(series)


@pytest.mark.parametrize("op", OPS)
def test_anatomy_is_reached_as_an_operation_of_segment(op, capsys):
    assert operation(f"segment.{op.__name__}").function is op
    assert main(["segment", op.__name__, "--help"]) == 0
    assert "usage" in capsys.readouterr().out


def test_anatomy_runs_in_a_plan_and_leaves_its_step():
    image, *_ = radiograph()
    done = run(
        Case("k", images={"raw": image}), [Step("segment.lungs", into="lungs"), Step("segment.body", into="body")]
    )
    assert set(done.masks) == {"lungs", "body"}
    assert [step.op for step in done.history] == ["segment.lungs", "segment.body"]


def test_air_beside_the_body_within_the_frame_of_a_film_is_no_lung():
    image, right, _ = radiograph()
    beside = np.array(image.array)
    beside[30:230, 4:30] = 0
    beside[30:230, 190:216] = 0
    beside[:, :3] = beside[:, -3:] = 200
    found = lungs(Image(beside, image.grid, "DX")).array
    assert dice(found == 1, right) > 0.85
    assert not (found[:, 4:28] > 0).any()


def test_bone_beside_a_lesion_does_not_outdo_its_rim_where_the_values_are_hounsfield_units():
    shape = (15, 72, 72)
    truth = ball(shape, (7, 34, 30), (4, 10, 10))
    values = np.full(shape, 40.0)
    values[truth] = 110
    values[ball(shape, (7, 34, 54), (30, 11, 11))] = 1000
    values += np.random.default_rng(0).normal(0, 12, shape)
    grid = Grid(shape, "zyx", (3.0, 1.0, 1.0))
    click = (7.0, 34.0, 30.0)
    stated = Image(values.astype(np.float32), grid, "CT", "HU")
    unstated = Image(values.astype(np.float32), grid)
    with_window = lesion(stated, seed_point=click, family="slices").array
    assert dice(with_window > 0, truth) > 0.75
    assert (lesion(unstated, seed_point=click, family="slices", assume_hu=True).array == with_window).all()
    assert dice(lesion(unstated, seed_point=click, family="slices").array > 0, truth) < dice(with_window > 0, truth)
