"""NIfTI as nibabel writes it: order, place, units, scale."""

import nibabel
import numpy as np
import pytest

from radiolucent.core import UnreadableError
from radiolucent.read import read

RNG = np.random.default_rng(0)
VALUES = RNG.integers(-100, 100, (5, 4, 3)).astype(np.int16)


def _image(path):
    (case,) = read(path)
    return case.images["image"]


def _saved(path, values, affine, **header):
    file = nibabel.Nifti1Image(values, affine)
    for name, value in header.items():
        file.header[name] = value
    nibabel.save(file, path)
    return path


def test_x_y_z_becomes_z_y_x_and_ras_becomes_lps(tmp_path):
    affine = np.array([[2, 0, 0, 10], [0, 3, 0, 20], [0, 0, 4, 30], [0, 0, 0, 1]], float)
    image = _image(_saved(tmp_path / "a.nii.gz", VALUES, affine))
    np.testing.assert_array_equal(image.array, VALUES.T)
    assert image.array.dtype == np.int16
    assert image.grid.spacing_mm == (4, 3, 2)
    assert image.grid.origin_mm == (-10, -20, 30)
    assert image.grid.direction == ((0, 0, 1), (0, -1, 0), (-1, 0, 0))


def test_sheared_and_oblique_places_are_kept_to_the_last_digit(tmp_path):
    affine = np.eye(4)
    affine[:3] = RNG.normal(size=(3, 4)) * 3
    grid = _image(_saved(tmp_path / "a.nii", VALUES, affine)).grid
    stored = nibabel.load(tmp_path / "a.nii").affine
    for i, j, k in [(0, 0, 0), (4, 3, 2), (1, 2, 0)]:
        np.testing.assert_allclose(
            grid.affine @ [k, j, i, 1], np.diag([-1, -1, 1, 1]) @ stored @ [i, j, k, 1], atol=1e-5
        )


def test_time_becomes_the_first_axis_with_seconds(tmp_path):
    file = nibabel.Nifti1Image(RNG.normal(size=(5, 4, 3, 6)).astype(np.float32), np.eye(4))
    file.header.set_xyzt_units("mm", "msec")
    file.header.set_zooms((1, 1, 1, 500))
    nibabel.save(file, tmp_path / "a.nii")
    image = _image(tmp_path / "a.nii")
    assert (image.grid.axes, image.array.shape) == ("tzyx", (6, 3, 4, 5))
    assert image.grid.times_s == pytest.approx([0, 0.5, 1, 1.5, 2, 2.5])


def test_scaled_values_are_what_nibabel_gives(tmp_path):
    file = nibabel.Nifti1Image(RNG.normal(size=(5, 4, 3)) * 100, np.eye(4))
    file.set_data_dtype(np.int16)
    nibabel.save(file, tmp_path / "a.nii")
    image = _image(tmp_path / "a.nii")
    assert image.array.dtype == np.float32
    np.testing.assert_allclose(image.array, nibabel.load(tmp_path / "a.nii").get_fdata().T, rtol=1e-6)


def test_micrometres_and_metres_become_millimetres(tmp_path):
    for unit, factor in (("micron", 1e-3), ("meter", 1e3)):
        file = nibabel.Nifti1Image(VALUES, np.diag([2.0, 2.0, 2.0, 1.0]))
        file.header.set_xyzt_units(unit)
        nibabel.save(file, tmp_path / "a.nii")
        assert _image(tmp_path / "a.nii").grid.spacing_mm == pytest.approx((2 * factor,) * 3)


def test_an_undeclared_place_is_unknown_but_stated_spacing_is_kept(tmp_path):
    file = nibabel.Nifti1Image(VALUES, None)
    nibabel.save(file, tmp_path / "bare.nii")
    file.header.set_zooms((1.5, 2, 3))
    nibabel.save(file, tmp_path / "spaced.nii")
    bare, spaced = _image(tmp_path / "bare.nii").grid, _image(tmp_path / "spaced.nii").grid
    assert (bare.spacing_mm, bare.origin_mm) == (None, None)
    assert (spaced.spacing_mm, spaced.origin_mm) == ((3, 2, 1.5), None)


def test_a_single_moment_is_a_volume(tmp_path):
    image = _image(_saved(tmp_path / "a.nii", VALUES[..., np.newaxis], np.eye(4)))
    np.testing.assert_array_equal(image.array, VALUES.T)
    assert image.grid.axes == "zyx"


def test_colour_keeps_its_axis(tmp_path):
    rgb = np.zeros((5, 4, 3), [("R", "u1"), ("G", "u1"), ("B", "u1")])
    rgb["G"] = np.arange(60).reshape(5, 4, 3)
    nibabel.save(nibabel.Nifti1Image(rgb, np.eye(4)), tmp_path / "a.nii")
    image = _image(tmp_path / "a.nii")
    assert image.array.shape == (3, 4, 5, 3)
    np.testing.assert_array_equal(image.array[..., 1], np.arange(60).reshape(5, 4, 3).T)


@pytest.mark.parametrize("name", ["a.nii", "a.nii.gz"])
@pytest.mark.parametrize("share", [0.2, 0.6, 0.95])
def test_a_truncated_file_is_unreadable_and_named(tmp_path, name, share):
    path = _saved(tmp_path / name, RNG.normal(size=(20, 20, 20)), np.eye(4))
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    with pytest.raises(UnreadableError, match="NIfTI"):
        read(path)


def test_displacement_fields_are_refused_with_their_shape(tmp_path):
    nibabel.save(nibabel.Nifti1Image(np.zeros((4, 4, 4, 1, 3), np.float32), np.eye(4)), tmp_path / "warp.nii")
    with pytest.raises(UnreadableError, match=r"\(4, 4, 4, 1, 3\)"):
        read(tmp_path / "warp.nii")
