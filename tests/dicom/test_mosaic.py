"""Mosaics: tiles become slices; where the private header is gone the file says so."""

import numpy as np
import pydicom
import pytest
from small_dicom import write_dicom

from radiolucent.core import UnreadableError
from radiolucent.dicom import Place, decode
from radiolucent.dicom.mosaic import Mosaic, tile_places, untiled

RNG = np.random.default_rng(0)
KIND = ["ORIGINAL", "PRIMARY", "M", "MOSAIC"]


def _tiled(volume, across):
    _, rows, columns = volume.shape
    picture = np.zeros((across * rows, across * columns), volume.dtype)
    for k, tile in enumerate(volume):
        i, j = divmod(k, across)
        picture[i * rows : (i + 1) * rows, j * columns : (j + 1) * columns] = tile
    return picture


def _mosaic(**changes):
    return Mosaic(**{"count": 7, "across": 3, "rows": 4, "columns": 5, "normal": (0, 0, 1), "gap_mm": 2.5, **changes})


def test_tiles_become_slices_in_order_and_empty_ones_are_dropped():
    volume = RNG.integers(1, 99, (7, 4, 5))
    np.testing.assert_array_equal(untiled(_tiled(volume, 3)[None], _mosaic()), volume)


def test_the_first_slice_shares_the_centre_of_the_stated_picture():
    picture = Place((2.0, 3.0), "PixelSpacing", (-50.0, -40.0, 7.0), (0, 1, 0), (1, 0, 0))
    places = tile_places(picture, _mosaic())
    assert places[0].position_mm == (-50 + 3 * 5, -40 + 2 * 4, 7)
    assert places[6].position_mm == (-35, -32, 7 + 6 * 2.5)


def test_slices_follow_the_stated_normal_also_backwards():
    picture = Place((2.0, 3.0), "PixelSpacing", (0.0, 0.0, 0.0), (0, 1, 0), (1, 0, 0))
    assert tile_places(picture, _mosaic(normal=(0, 0, -1)))[1].position_mm[2] == -2.5


def test_an_unstated_gap_leaves_the_place_open():
    picture = Place((2.0, 3.0), "PixelSpacing", (0.0, 0.0, 0.0), (0, 1, 0), (1, 0, 0))
    for unknown in ({"gap_mm": None}, {"normal": None}):
        assert {place.position_mm for place in tile_places(picture, _mosaic(**unknown))} == {None}


def test_a_mosaic_without_its_private_header_is_refused(tmp_path):
    file = write_dicom(tmp_path / "a.dcm", np.zeros((12, 15), np.uint16), Modality="MR", ImageType=KIND)
    with pytest.raises(UnreadableError, match=r"mosaic .* private header"):
        decode(file)


@pytest.mark.parametrize("content", [b"", b"SV10", b"SV10\4\3\2\1" + b"\xff" * 40])
def test_a_damaged_private_header_is_a_typed_error(tmp_path, content):
    file = write_dicom(tmp_path / "a.dcm", np.zeros((12, 15), np.uint16), Modality="MR", ImageType=KIND)
    made = pydicom.dcmread(file)
    made.private_block(0x29, "SIEMENS CSA HEADER", create=True).add_new(0x10, "OB", content)
    made.save_as(file)
    with pytest.raises(UnreadableError, match=r"a\.dcm|mosaic"):
        decode(file)
