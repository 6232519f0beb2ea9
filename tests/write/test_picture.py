"""Pictures for people, read back by Pillow and tifffile."""

import io

import numpy as np
import pytest
import tifffile
from PIL import Image as Pillow

from radiolucent.core import Grid, Image, InputError, Mask
from radiolucent.write import before_after, contours, overlay, png_bytes, windowed, write

RNG = np.random.default_rng(0)


def _image(array, **options):
    return Image(array, Grid(array.shape[:2], "yx"), **options)


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_whole_grey_values_come_back_exactly(tmp_path, kind, suffix):
    array = RNG.integers(0, np.iinfo(kind).max, (5, 7)).astype(kind)
    path = write(_image(array), tmp_path / f"a.{suffix}")
    back = np.asarray(Pillow.open(path)) if suffix == "png" else tifffile.imread(path)
    np.testing.assert_array_equal(back, array)


def test_other_values_become_eight_bits_and_the_file_says_how(tmp_path):
    path = write(_image(np.array([[-1000.0, 0.0], [1000.0, np.nan]]), unit="HU"), tmp_path / "a.png")
    with Pillow.open(path) as opened:
        assert opened.text["Window"] == "-1000 to 1000 HU shown as 0 to 255"
        np.testing.assert_array_equal(np.asarray(opened), [[0, 128], [255, 0]])


def test_tiff_keeps_floats_and_stacks(tmp_path):
    stack = RNG.normal(size=(3, 4, 5)).astype(np.float32)
    write(Image(stack, Grid((3, 4, 5), "zyx")), tmp_path / "a.tif")
    np.testing.assert_array_equal(tifffile.imread(tmp_path / "a.tif"), stack)


def test_a_mask_is_written_as_its_labels(tmp_path):
    for top in (3, 300):
        labels = np.array([[0, 1], [2, top]])
        write(Mask(labels, Grid((2, 2), "yx")), tmp_path / f"{top}.png")
        np.testing.assert_array_equal(np.asarray(Pillow.open(tmp_path / f"{top}.png")), labels)


def test_a_volume_is_no_png_but_one_slice_is(tmp_path):
    with pytest.raises(InputError, match=r"a PNG holds one picture.*\.nii\.gz"):
        write(Image(np.zeros((3, 4, 4)), Grid((3, 4, 4), "zyx")), tmp_path / "a.png")
    write(Image(np.zeros((1, 4, 4), np.uint8), Grid((1, 4, 4), "zyx")), tmp_path / "b.png")


def test_png_bytes_are_a_png():
    array = RNG.integers(0, 255, (4, 5, 3)).astype(np.uint8)
    np.testing.assert_array_equal(np.asarray(Pillow.open(io.BytesIO(png_bytes(array)))), array)


def test_a_window_maps_its_ends_and_clips_the_rest():
    np.testing.assert_array_equal(windowed(np.array([-5, 0, 5, 10, 99]), (0, 10)), [0, 0, 128, 255, 255])
    assert windowed(np.array([3, 3]), (3, 3)).max() == 0


def test_heat_shows_only_where_it_is():
    picture = np.full((8, 8), 100, np.uint8)
    heat = np.zeros((8, 8))
    heat[2:4, 2:4] = 1
    got = overlay(picture, heat)
    assert (got[6, 6] == 100).all()
    assert (got[2, 2] != 100).any()
    np.testing.assert_array_equal(overlay(picture, np.zeros((4, 4))), np.full((8, 8, 3), 100))


def test_contours_draw_the_inner_border_of_each_label():
    labels = np.zeros((9, 9), int)
    labels[2:7, 2:7] = 1
    got = contours(np.zeros((9, 9), np.uint8), labels)
    drawn = got.any(axis=-1)
    assert drawn[2, 4]
    assert drawn[4, 6]
    assert not drawn[4, 4]
    assert not drawn[1, 4]


@pytest.mark.parametrize("shape", [(20, 30), (5, 20, 30), (2, 5, 20, 30)])
def test_before_stands_beside_after(tmp_path, shape):
    grid = Grid(shape, "tzyx"[-len(shape) :])
    before = Image(RNG.normal(size=shape), grid)
    path = before_after(before, before.with_array(before.array * 0.5), tmp_path / "pair.png")
    pair = np.asarray(Pillow.open(path))
    assert pair.shape == (20, 30 + 8 + 30, 3)
    assert pair[:, :30].std() > pair[:, 38:].std() > 0
    before_after(before, Mask((before.array > 1).astype(np.uint8), grid), path, overwrite=True)
    assert not np.array_equal(np.asarray(Pillow.open(path)), pair)
