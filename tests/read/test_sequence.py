"""Sequences: a video, a volume, a folder of pictures; and what is none."""

import numpy as np
import pytest
import tifffile
from PIL import Image as Pillow

from radiolucent.core import Grid, Image, UnreadableError
from radiolucent.read import prepare, prepare_frames, sequence, stated_frames
from radiolucent.read.sequence import _framed

RNG = np.random.default_rng(0)
FILM = RNG.integers(0, 255, (5, 12, 10)).astype(np.uint8)


def gif(path, frames=FILM):
    pages = [Pillow.fromarray(frame) for frame in frames]
    pages[0].save(path, save_all=True, append_images=pages[1:], duration=40)
    return path


def folder_of(path, frames, names):
    path.mkdir()
    for frame, name in zip(frames, names, strict=True):
        Pillow.fromarray(frame).save(path / name)
    return path


def test_a_video_is_its_frames_with_their_times(tmp_path):
    image, headers = sequence(gif(tmp_path / "a.gif"))
    assert (image.grid.axes, image.grid.shape, headers) == ("tyx", (5, 12, 10), ())
    assert image.grid.times_s[1] == pytest.approx(0.04)
    assert stated_frames(tmp_path / "a.gif") == 5


def test_a_volume_is_its_slices(tmp_path):
    import nibabel

    nibabel.save(nibabel.Nifti1Image(RNG.normal(size=(4, 6, 3)), np.eye(4)), tmp_path / "v.nii")
    image, _ = sequence(tmp_path / "v.nii")
    assert (image.grid.axes, image.grid.shape) == ("zyx", (3, 6, 4))
    assert stated_frames(tmp_path / "v.nii") is None


def test_a_folder_of_pictures_is_a_film_in_the_order_of_its_numbers(tmp_path):
    names = [f"frame{number}.png" for number in (1, 2, 9, 10, 11)]
    image, _ = sequence(folder_of(tmp_path / "f", FILM, names))
    assert image.grid.axes == "tyx"
    np.testing.assert_array_equal(image.array, FILM)


def test_a_folder_with_one_picture_is_a_single_picture(tmp_path):
    assert sequence(folder_of(tmp_path / "f", FILM[:1], ["a.png"]))[0].grid.axes == "yx"


def test_frames_of_several_sizes_are_refused(tmp_path):
    path = folder_of(tmp_path / "f", [FILM[0], FILM[1, :6]], ["a.png", "b.png"])
    with pytest.raises(UnreadableError, match=r"different sizes: a\.png has 12 x 10, b\.png 6 x 10"):
        sequence(path)


def test_a_frame_that_cannot_be_read_is_named(tmp_path):
    path = folder_of(tmp_path / "f", FILM[:2], ["a.png", "b.png"])
    (path / "b.png").write_bytes((path / "b.png").read_bytes()[:40])
    with pytest.raises(UnreadableError, match=r"b\.png"):
        sequence(path)


def test_an_empty_folder_holds_no_frame(tmp_path):
    with pytest.raises(UnreadableError, match="holds no frame"):
        sequence(folder_of(tmp_path / "f", [], []))


def test_slices_over_time_are_no_sequence(tmp_path):
    array = np.zeros((2, 3, 4, 5), np.uint8)
    with pytest.raises(UnreadableError, match="slices and times"):
        _framed(tmp_path, Image(array, Grid(array.shape, "tzyx")))
    one = _framed(tmp_path, Image(array[:, :1], Grid((2, 1, 4, 5), "tzyx")))
    assert (one.grid.axes, one.grid.shape) == ("tyx", (2, 4, 5))


def test_frames_share_one_window():
    array = np.stack([np.full((8, 8), 100.0), np.full((8, 8), 300.0), np.linspace(100, 300, 64).reshape(8, 8)])
    image = Image(array, Grid(array.shape, "zyx"))
    made = prepare_frames(image, np.arange(3), size=8)
    assert made[0].max() == 0
    assert made[1].min() == 255
    assert 100 < made[2].mean() < 150


def test_a_frame_is_prepared_as_a_picture_is(tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", FILM[0])
    image, _ = sequence(tmp_path / "a.tif")
    film = Image(FILM, Grid(FILM.shape, "tyx"))
    np.testing.assert_array_equal(prepare_frames(film, np.array([0]), size=6)[0], prepare(image, size=6))
