"""NRRD: places, kinds, encodings, and the segments of 3D Slicer."""

import bz2
import gzip

import numpy as np
import pytest

from radiolucent.core import UnreadableError
from radiolucent.read import read

RNG = np.random.default_rng(0)
VOLUME = RNG.integers(-500, 500, (3, 4, 5)).astype("<i2")
HEAD = {
    "type": "short", "dimension": "3", "sizes": "5 4 3", "endian": "little", "encoding": "raw",
    "space": "left-posterior-superior", "space directions": "(2,0,0) (0,3,0) (0,0,4)", "space origin": "(1,2,3)",
}  # fmt: skip


def _write(path, content=None, keys=(), newline="\n", **changes):
    fields = {**HEAD, **{name.replace("_", " "): value for name, value in changes.items()}}
    lines = ["NRRD0004", "# a comment: with a colon"]
    lines += [f"{name}: {value}" for name, value in fields.items() if value is not None]
    lines += [f"{name}:={value}" for name, value in dict(keys).items()]
    path.write_bytes((newline.join(lines) + 2 * newline).encode() + (VOLUME.tobytes() if content is None else content))
    return path


def _image(path):
    (case,) = read(path)
    return case.images["image"]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_axes_are_turned_round_and_the_place_is_kept(tmp_path, newline):
    image = _image(_write(tmp_path / "a.nrrd", newline=newline))
    np.testing.assert_array_equal(image.array, VOLUME)
    assert image.grid.spacing_mm == (4, 3, 2)
    np.testing.assert_array_equal(image.grid.affine @ [1, 1, 1, 1], [1 + 2, 2 + 3, 3 + 4, 1])


@pytest.mark.parametrize(
    ("space", "turn"), [("right-anterior-superior", (-1, -1, 1)), ("LAS", (1, -1, 1)), ("LPS", (1, 1, 1))]
)
def test_every_space_becomes_lps(tmp_path, space, turn):
    grid = _image(_write(tmp_path / "a.nrrd", space=space)).grid
    np.testing.assert_array_equal((grid.affine @ [1, 1, 1, 1])[:3], np.multiply([3, 5, 7], turn))


@pytest.mark.parametrize(
    ("encoding", "content"),
    [
        ("gzip", gzip.compress(VOLUME.tobytes())),
        ("bz2", bz2.compress(VOLUME.tobytes())),
        ("ascii", " ".join(map(str, VOLUME.ravel())).encode()),
    ],
)
def test_every_encoding_gives_the_same_samples(tmp_path, encoding, content):
    np.testing.assert_array_equal(_image(_write(tmp_path / "a.nrrd", content, encoding=encoding)).array, VOLUME)


def test_big_endian_samples_come_in_our_own_order(tmp_path):
    image = _image(_write(tmp_path / "a.nrrd", VOLUME.astype(">i2").tobytes(), endian="big"))
    np.testing.assert_array_equal(image.array, VOLUME)
    assert image.array.dtype.isnative


def test_samples_may_lie_beside_the_header_but_nowhere_else(tmp_path):
    (tmp_path / "a.raw").write_bytes(VOLUME.tobytes())
    head = _write(tmp_path / "a.nhdr", b"", data_file="a.raw")
    np.testing.assert_array_equal(_image(head).array, VOLUME)
    inner = tmp_path / "inner"
    inner.mkdir()
    for name in ("../a.raw", str(tmp_path / "a.raw")):
        with pytest.raises(UnreadableError, match="outside its own folder"):
            read(_write(inner / "b.nhdr", b"", data_file=name))
    with pytest.raises(UnreadableError, match="not beside it"):
        read(_write(inner / "b.nhdr", b"", data_file="none.raw"))


def test_without_a_space_only_spacing_is_known(tmp_path):
    bare = {"space": None, "space_directions": None, "space_origin": None}
    assert _image(_write(tmp_path / "a.nrrd", **bare)).grid.spacing_mm is None
    grid = _image(_write(tmp_path / "b.nrrd", **bare, spacings="2 3 4")).grid
    assert (grid.spacing_mm, grid.origin_mm) == ((4, 3, 2), None)


def test_an_axis_outside_space_is_time(tmp_path):
    film = RNG.integers(0, 99, (3, 4, 5, 2)).astype("<i2")
    options = {"dimension": "4", "sizes": "2 5 4 3", "kinds": "list domain domain domain"}
    image = _image(
        _write(tmp_path / "a.nrrd", film.tobytes(), space_directions="none (2,0,0) (0,3,0) (0,0,4)", **options)
    )
    assert image.grid.axes == "tzyx"
    np.testing.assert_array_equal(image.array, film.transpose(3, 0, 1, 2))


def test_colour_comes_last(tmp_path):
    rgb = RNG.integers(0, 255, (4, 5, 3)).astype(np.uint8)
    options = {"type": "uchar", "dimension": "3", "sizes": "3 5 4", "kinds": "RGB-color domain domain", "space": None}
    image = _image(_write(tmp_path / "a.nrrd", rgb.tobytes(), space_directions=None, space_origin=None, **options))
    np.testing.assert_array_equal(image.array, rgb)


SEGMENTS = {
    "Segment0_Name": "liver", "Segment0_LabelValue": "1", "Segment0_Layer": "0", "Segment1_Name": "tumour",
    "Segment1_LabelValue": "1", "Segment1_Layer": "1", "Segment2_Name": "vessel", "Segment2_LabelValue": "2",
    "Segment2_Layer": "1",
}  # fmt: skip


def test_overlapping_segments_of_slicer_are_several_masks_with_names(tmp_path):
    layers = RNG.integers(0, 3, (3, 4, 5, 2)).astype(np.uint8)
    options = {"type": "uchar", "dimension": "4", "sizes": "2 5 4 3", "kinds": "list domain domain domain"}
    path = _write(
        tmp_path / "a.seg.nrrd", layers.tobytes(), SEGMENTS, space_directions="none (2,0,0) (0,3,0) (0,0,4)", **options
    )
    (case,) = read(path)
    assert not case.images
    assert [dict(mask.names) for mask in case.masks.values()] == [{1: "liver"}, {1: "tumour", 2: "vessel"}]
    np.testing.assert_array_equal(case.masks["mask_2"].array, layers[..., 1])
    assert case.masks["mask"].grid.axes == "zyx"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sizes": "5 4 300"}, "truncated"),
        ({"sizes": "500000 400000 300000"}, "GiB"),
        ({"sizes": "5 -4 3"}, "cannot be"),
        ({"type": "block"}, "cannot be read"),
        ({"encoding": "hex"}, "cannot be read"),
        ({"sizes": None}, "sizes"),
        ({"encoding": "gzip"}, r"a\.nrrd"),
    ],
)
def test_what_is_damaged_is_a_typed_error(tmp_path, changes, words):
    with pytest.raises(UnreadableError, match=words):
        read(_write(tmp_path / "a.nrrd", **changes))


def test_a_gzip_bomb_inflates_to_what_the_header_states(tmp_path):
    bomb = gzip.compress(VOLUME.tobytes() + bytes(50 * 2**20))
    np.testing.assert_array_equal(_image(_write(tmp_path / "a.nrrd", bomb, encoding="gzip")).array, VOLUME)
