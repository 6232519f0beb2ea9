"""What is written as NIfTI is what nibabel and our own reader find."""

import nibabel
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radiolucent.core import Grid, Image, InputError, Mask
from radiolucent.write import write

RNG = np.random.default_rng(0)


@st.composite
def grids(draw):
    """Any grid with a place: flat or not, in time or not, oblique or sheared."""
    axes = draw(st.sampled_from(["yx", "zyx", "tzyx"]))
    shape = tuple(draw(st.integers(1, 5)) for _ in axes)
    spatial = len(axes.replace("t", ""))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    vectors = np.eye(3)[:spatial] + rng.uniform(-0.25, 0.25, (spatial, 3))
    vectors = rng.permutation(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
    spacing = tuple(rng.uniform(0.1, 9, spatial))
    times = tuple(0.5 * k for k in range(shape[0])) if "t" in axes else None
    return Grid(shape, axes, spacing, times, tuple(rng.uniform(-300, 300, 3)), tuple(map(tuple, vectors.tolist())))


@settings(max_examples=60, deadline=None)
@given(grids(), st.sampled_from(["u1", "i2", "i4", "f4", "f8", "c8"]))
def test_nibabel_finds_every_sample_where_it_was(tmp_path_factory, grid, kind):
    path = tmp_path_factory.mktemp("n") / "a.nii"
    array = RNG.integers(0, 100, grid.shape).astype(kind)
    write(Image(array, grid), path)
    file = nibabel.load(path)
    values = np.asanyarray(file.dataobj)
    assert values.dtype == np.dtype(kind)
    for index in (tuple(0 for _ in grid.shape), tuple(n - 1 for n in grid.shape)):
        assert values[index[::-1]] == array[index]
        spatial = [index[k] for k in grid.spatial_axes]
        ijk = [*spatial[::-1], *[0] * (3 - len(spatial)), 1]
        there = np.diag([-1, -1, 1, 1]) @ file.affine @ ijk
        np.testing.assert_allclose(there, grid.affine @ [*spatial, 1], atol=1e-3)


def test_time_steps_are_seconds(tmp_path):
    grid = Grid((3, 2, 2, 2), "tzyx", (1.0, 1.0, 1.0), (0.0, 2.5, 5.0))
    write(Image(np.zeros(grid.shape, np.float32), grid), tmp_path / "a.nii.gz")
    header = nibabel.load(tmp_path / "a.nii.gz").header
    assert header.get_zooms()[3] == 2.5
    assert header.get_xyzt_units() == ("mm", "sec")


def test_a_film_of_flat_frames_keeps_time_as_the_fourth_axis(tmp_path):
    grid = Grid((5, 3, 2), "tyx", (1.0, 2.0))
    write(Image(np.arange(30, dtype=np.int16).reshape(5, 3, 2), grid), tmp_path / "a.nii")
    assert nibabel.load(tmp_path / "a.nii").shape == (2, 3, 1, 5)


def test_an_unknown_place_is_not_declared(tmp_path):
    for name, spacing in (("spaced", (0.5, 0.25)), ("bare", None)):
        write(Image(np.zeros((4, 3), np.uint8), Grid((4, 3), "yx", spacing)), tmp_path / f"{name}.nii")
    spaced, bare = (nibabel.load(tmp_path / f"{name}.nii").header for name in ("spaced", "bare"))
    assert (int(spaced["sform_code"]), int(spaced["qform_code"])) == (0, 0)
    assert spaced.get_zooms() == (0.25, 0.5)
    assert bare.get_xyzt_units()[0] == "unknown"


@pytest.mark.parametrize(("kind", "stored"), [("?", "u1"), ("i8", "i4"), ("u8", "i4")])
def test_labels_of_any_whole_type_fit(tmp_path, kind, stored):
    grid = Grid((2, 2, 2), "zyx", (1.0, 1.0, 1.0))
    write(Mask(np.array([0, 1] * 4).reshape(2, 2, 2).astype(kind), grid), tmp_path / "m.nii")
    file = nibabel.load(tmp_path / "m.nii")
    assert file.get_data_dtype() == np.dtype(stored)
    assert np.asarray(file.dataobj).sum() == 4


def test_colour_is_three_bytes_or_refused(tmp_path):
    rgb = RNG.integers(0, 255, (4, 3, 3)).astype(np.uint8)
    write(Image(rgb, Grid((4, 3), "yx")), tmp_path / "a.nii")
    back = np.asanyarray(nibabel.load(tmp_path / "a.nii").dataobj)
    np.testing.assert_array_equal(np.stack([back[c] for c in "RGB"], -1), rgb.transpose(1, 0, 2))
    with pytest.raises(InputError, match="three bytes"):
        write(Image(rgb.astype(np.float32), Grid((4, 3), "yx")), tmp_path / "b.nii")
