"""The face of a drawn head goes, its brain stays; what cannot be judged is refused."""

from dataclasses import replace

import numpy as np
import pytest

from radiolucent.core import Grid, Image, InputError
from radiolucent.deid.deface import Plane, beyond, deface, face_cut, taken
from radiolucent.phantom.head import head

COARSE = (6.0, 4.0, 4.0)


def shares(image, brain, face, changed):
    return changed[face.array > 0].mean(), int(changed[brain.array > 0].sum())


@pytest.mark.parametrize("modality", ["CT", "MR"])
@pytest.mark.parametrize("nod_deg", [-15.0, 15.0])
def test_most_of_the_face_goes_and_none_of_the_brain(modality, nod_deg):
    image, brain, face = head(modality=modality, spacing_mm=COARSE, nod_deg=nod_deg)
    gone, lost = shares(image, brain, face, deface(image).array != image.array)
    assert gone > (0.8 if modality == "CT" else 0.95)
    assert lost == 0


def test_what_has_brain_before_or_below_it_stays_and_the_front_of_the_orbits_goes():
    image, _, _ = head(modality="MR", spacing_mm=COARSE)
    cut = face_cut(image)
    planes_alone = taken(cut._replace(below=np.zeros_like(cut.below)), image)
    more = taken(cut, image) & ~planes_alone
    _, y, x = (at - middle for at, middle in zip(np.nonzero(more), np.array(more.shape) / 2))
    assert more.any()
    assert (y < 0).all()
    assert np.abs(x).min() < np.abs(x).max()
    assert deface(image, margin_mm=40).array[more].any()  # a wide margin leaves them


def test_a_cut_is_the_same_slice_by_slice():
    image, _, _ = head(spacing_mm=COARSE)
    cut = face_cut(image)
    whole = taken(cut, image)
    for k in (10, 20, 25):
        origin = np.array(image.grid.origin_mm) + k * COARSE[0] * np.array(image.grid.direction[0])
        grid = replace(image.grid, shape=(1, *image.grid.shape[1:]), origin_mm=tuple(float(v) for v in origin))
        assert np.array_equal(taken(cut, Image(image.array[k : k + 1], grid, "CT", "HU"))[0], whole[k])


def test_what_goes_becomes_air_and_the_rest_keeps_its_bits():
    image, _, _ = head(spacing_mm=COARSE)
    after = deface(image)
    changed = after.array != image.array
    assert set(np.unique(after.array[changed])) == {-1000}
    assert after.array.dtype == image.array.dtype
    assert after.grid == image.grid


def test_the_order_and_direction_of_axes_do_not_matter():
    image, brain, face = head(spacing_mm=COARSE)
    grid = image.grid
    steps, n = grid.known_spacing_mm(), grid.shape
    origin = np.array(grid.origin_mm) + (n[1] - 1) * steps[1] * np.array(grid.direction[1])
    flipped = replace(grid, origin_mm=tuple(origin), direction=(grid.direction[0], (0.0, -1.0, 0.0), grid.direction[2]))
    turned = deface(Image(image.array[:, ::-1], flipped, "CT", "HU")).array[:, ::-1]
    changed = turned != image.array
    gone, lost = shares(image, brain, face, changed)
    assert gone > 0.75
    assert lost == 0


def test_a_wider_margin_takes_less():
    image, _, _ = head(spacing_mm=COARSE)
    near, far = ((deface(image, margin_mm=margin).array != image.array).sum() for margin in (10.0, 30.0))
    assert far < near


def test_planes_face_forwards_and_down():
    image, _, _ = head(spacing_mm=COARSE)
    for plane in face_cut(image).planes:
        assert plane.normal[0] == 0
        assert plane.normal[1] < 0
        assert plane.normal[2] < 0


def test_beyond_is_told_in_the_bodys_frame():
    grid = Grid(
        (2, 3, 4), "zyx", (1.0, 1.0, 1.0), None, (0.0, 0.0, 0.0), ((0.0, 0.0, 1.0), (0.0, 1.0, 0.0), (1.0, 0.0, 0.0))
    )
    found = beyond(Plane((0.0, -1.0, 0.0), -0.5), Image(np.zeros((2, 3, 4)), grid))
    assert found[:, 0].all()
    assert not found[:, 1:].any()


def test_a_head_whose_top_is_cut_off_is_refused():
    image, _, _ = head(spacing_mm=COARSE)
    low = image.grid.shape[0] // 2
    cut = Image(image.array[:low], replace(image.grid, shape=(low, *image.grid.shape[1:])), "CT", "HU")
    with pytest.raises(InputError, match="top of the head"):
        deface(cut)


def test_a_picture_without_place_or_head_is_refused():
    image, _, _ = head(spacing_mm=COARSE)
    with pytest.raises(InputError, match="place"):
        deface(Image(image.array, Grid(image.grid.shape, "zyx", COARSE), "CT", "HU"))
    with pytest.raises(InputError, match="no head"):
        deface(image.with_array(np.full(image.grid.shape, -1000, np.int16)))
    with pytest.raises(InputError, match="no head"):
        deface(image.with_array(np.where(np.indices(image.grid.shape).sum(0) < 6, 40, -1000).astype(np.int16)))
