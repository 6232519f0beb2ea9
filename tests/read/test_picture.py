"""PNG, JPEG and TIFF, against the programs that wrote them."""

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image as Pillow

from radiolucent.core import InputError, UnreadableError
from radiolucent.dicom import limits
from radiolucent.read import read

RNG = np.random.default_rng(0)
GREY8 = RNG.integers(0, 255, (6, 9)).astype(np.uint8)
GREY16 = RNG.integers(0, 65535, (6, 9)).astype(np.uint16)
RGB8 = RNG.integers(0, 255, (6, 9, 3)).astype(np.uint8)
RGB16 = RNG.integers(0, 65535, (6, 9, 3)).astype(np.uint16)


def _image(path, **options):
    (case,) = read(path, **options)
    return case.images["image"]


@pytest.mark.parametrize("array", [GREY8, GREY16, RGB8, RGB16], ids=["grey8", "grey16", "rgb8", "rgb16"])
@pytest.mark.parametrize("kind", ["png", "tif"])
def test_values_come_back_in_their_own_depth(tmp_path, array, kind):
    path = tmp_path / f"a.{kind}"
    path.write_bytes(imagecodecs.png_encode(array)) if kind == "png" else tifffile.imwrite(path, array)
    image = _image(path)
    np.testing.assert_array_equal(image.array, array)
    assert image.array.dtype == array.dtype
    assert image.is_colour == (array.ndim == 3)
    assert image.grid.axes == "yx"


@pytest.mark.parametrize("array", [GREY8, RGB8], ids=["grey", "colour"])
def test_jpeg_has_the_values_of_the_library_that_browsers_use(tmp_path, array):
    Pillow.fromarray(array).save(tmp_path / "a.jpg", quality=95, subsampling=0)
    image = _image(tmp_path / "a.jpg")
    np.testing.assert_array_equal(image.array, np.asarray(Pillow.open(tmp_path / "a.jpg")))
    assert np.abs(image.array.astype(int) - array).mean() < 6
    assert image.is_colour == (array.ndim == 3)


def test_dpi_is_no_spacing(tmp_path):
    Pillow.fromarray(GREY8).save(tmp_path / "a.png", dpi=(300, 300))
    tifffile.imwrite(tmp_path / "a.tif", GREY8, resolution=(300, 300))
    assert _image(tmp_path / "a.png").grid.spacing_mm is None
    assert _image(tmp_path / "a.tif").grid.spacing_mm is None


def test_spacing_that_was_given_is_kept_and_said(tmp_path):
    Pillow.fromarray(GREY8).save(tmp_path / "a.png")
    (case,) = read(tmp_path / "a.png", spacing_mm=(0.2, 0.3))
    assert case.images["image"].grid.spacing_mm == (0.2, 0.3)
    assert [finding.code for finding in case.findings] == ["spacing.given"]
    with pytest.raises(InputError, match="2 spatial axes"):
        read(tmp_path / "a.png", spacing_mm=(1.0, 1.0, 1.0))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_photographs_stand_upright_whatever_their_orientation_tag(tmp_path, orientation):
    upright = Pillow.fromarray(GREY8)
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    turned = upright if orientation == 1 else upright.transpose(Pillow.Transpose(undo[orientation]))
    turned.save(tmp_path / "a.png", exif=exif)
    np.testing.assert_array_equal(_image(tmp_path / "a.png").array, GREY8)
    tifffile.imwrite(tmp_path / "a.tif", np.asarray(turned), extratags=[(274, "H", 1, orientation, True)])
    np.testing.assert_array_equal(_image(tmp_path / "a.tif").array, GREY8)


def test_one_bit_palette_and_alpha_become_grey_or_rgb(tmp_path):
    Pillow.fromarray(GREY8 > 128).save(tmp_path / "bit.png")
    np.testing.assert_array_equal(_image(tmp_path / "bit.png").array, np.where(GREY8 > 128, 255, 0))
    Pillow.fromarray(RGB8).quantize(8).save(tmp_path / "pal.png")
    assert _image(tmp_path / "pal.png").array.shape == (6, 9, 3)
    Pillow.fromarray(np.dstack([RGB8, GREY8])).save(tmp_path / "rgba.png")
    np.testing.assert_array_equal(_image(tmp_path / "rgba.png").array, RGB8)


def test_tiff_where_zero_is_white_is_turned(tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", GREY8, photometric="miniswhite")
    np.testing.assert_array_equal(_image(tmp_path / "a.tif").array, 255 - GREY8)


def test_a_stack_of_pages_is_a_volume_without_spacing(tmp_path):
    stack = RNG.integers(0, 99, (4, 6, 9)).astype(np.int16)
    tifffile.imwrite(tmp_path / "a.tif", stack, photometric="minisblack")
    image = _image(tmp_path / "a.tif")
    assert image.grid.axes == "zyx"
    np.testing.assert_array_equal(image.array, stack)


@pytest.mark.parametrize("suffix", ["png", "jpg", "tif", "bmp"])
def test_a_truncated_picture_is_unreadable_and_named(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    Pillow.fromarray(RNG.integers(0, 255, (64, 64)).astype(np.uint8)).save(path)
    path.write_bytes(path.read_bytes()[:-1500])
    with pytest.raises(UnreadableError, match=rf"a\.{suffix}"):
        read(path)


def test_a_picture_that_decodes_too_large_is_refused_first(tmp_path, monkeypatch):
    path = tmp_path / "bomb.png"
    Pillow.new("L", (3000, 3000)).save(path)
    monkeypatch.setattr(limits, "MOST_BYTES", 10**6)
    with pytest.raises(InputError, match=r"bomb\.png"):
        read(path)


def test_pillows_own_bomb_limit_is_one_of_our_errors(tmp_path, monkeypatch):
    path = tmp_path / "bomb.png"
    Pillow.new("L", (300, 300)).save(path)
    monkeypatch.setattr(Pillow, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(UnreadableError, match="bomb"):
        read(path)


def test_equal_files_have_equal_keys_and_another_secret_gives_others(tmp_path):
    Pillow.fromarray(GREY8).save(tmp_path / "a.png")
    (one,), (two,) = read(tmp_path / "a.png", key=b"k" * 32), read(tmp_path / "a.png", key=b"l" * 32)
    assert len(one.key) == 16
    assert one.key != two.key
