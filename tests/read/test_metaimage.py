"""MetaImage: places, types and where the samples lie."""

import zlib

import numpy as np
import pytest

from radiolucent.core import UnreadableError
from radiolucent.read import read

VOLUME = np.random.default_rng(0).integers(-500, 500, (3, 4, 5)).astype("<i2")
HEAD = {
    "ObjectType": "Image", "NDims": "3", "BinaryData": "True", "BinaryDataByteOrderMSB": "False", "CompressedData": "False",
    "TransformMatrix": "0 1 0 1 0 0 0 0 -1", "Offset": "1 2 3", "ElementSpacing": "2 3 4", "DimSize": "5 4 3",
    "ElementType": "MET_SHORT",
}  # fmt: skip


def _write(path, content=None, data="LOCAL", **changes):
    lines = [f"{name} = {value}\n" for name, value in {**HEAD, **changes, "ElementDataFile": data}.items() if value]
    path.write_bytes("".join(lines).encode() + (VOLUME.tobytes() if content is None else content))
    return path


def _image(path):
    (case,) = read(path)
    return case.images["image"]


def test_rows_of_the_matrix_are_the_directions_of_the_axes(tmp_path):
    image = _image(_write(tmp_path / "a.mha"))
    np.testing.assert_array_equal(image.array, VOLUME)
    assert image.grid.direction == ((0, 0, -1), (1, 0, 0), (0, 1, 0))
    assert (image.grid.spacing_mm, image.grid.origin_mm) == ((4, 3, 2), (1, 2, 3))


def test_compressed_and_big_endian_samples_are_the_same(tmp_path):
    packed = zlib.compress(VOLUME.tobytes())
    np.testing.assert_array_equal(_image(_write(tmp_path / "a.mha", packed, CompressedData="True")).array, VOLUME)
    big = VOLUME.astype(">i2").tobytes()
    np.testing.assert_array_equal(_image(_write(tmp_path / "b.mha", big, BinaryDataByteOrderMSB="True")).array, VOLUME)


def test_samples_may_lie_beside_the_header_after_another_header(tmp_path):
    (tmp_path / "a.raw").write_bytes(b"12345" + VOLUME.tobytes())
    for size in ("5", "-1"):
        image = _image(_write(tmp_path / "a.mhd", b"", data="a.raw", HeaderSize=size))
        np.testing.assert_array_equal(image.array, VOLUME)


def test_a_fourth_axis_is_time_and_channels_are_colour(tmp_path):
    film = np.arange(120, dtype="<i2").reshape(2, 3, 4, 5)
    four = {"NDims": "4", "DimSize": "5 4 3 2", "ElementSpacing": "2 3 4 1", "Offset": "1 2 3 0"}
    matrix = " ".join(map(str, np.eye(4, dtype=int).ravel()))
    image = _image(_write(tmp_path / "a.mha", film.tobytes(), **four, TransformMatrix=matrix))
    np.testing.assert_array_equal(image.array, film)
    assert (image.grid.axes, image.grid.spacing_mm) == ("tzyx", (4, 3, 2))
    rgb = np.arange(180, dtype=np.uint8).reshape(3, 4, 5, 3)
    image = _image(_write(tmp_path / "b.mha", rgb.tobytes(), ElementType="MET_UCHAR", ElementNumberOfChannels="3"))
    np.testing.assert_array_equal(image.array, rgb)
    assert image.grid.origin_mm == (1, 2, 3)


def test_without_a_place_spacing_stands_alone(tmp_path):
    grid = _image(_write(tmp_path / "a.mha", TransformMatrix=None)).grid
    assert (grid.spacing_mm, grid.origin_mm) == ((4, 3, 2), None)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"DimSize": "5 4 300"}, "truncated"),
        ({"DimSize": "500000 400000 300000"}, "GiB"),
        ({"ElementType": "MET_BLOB"}, "cannot be read"),
        ({"NDims": "7"}, "cannot be read"),
        ({"CompressedData": "True"}, r"a\.mha"),
        ({"data": "../a.raw"}, "outside"),
        ({"data": "LIST"}, "several files"),
        ({"DimSize": None}, "DimSize"),
    ],
)
def test_what_is_damaged_is_a_typed_error(tmp_path, changes, words):
    with pytest.raises(UnreadableError, match=words):
        read(_write(tmp_path / "a.mha", **changes))


def test_what_only_bears_the_name_is_refused(tmp_path):
    (tmp_path / "a.mhd").write_bytes(b"\x00" * 100)
    with pytest.raises(UnreadableError, match="no ElementDataFile"):
        read(tmp_path / "a.mhd")
