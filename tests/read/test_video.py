"""Videos: frames as they were drawn, and when."""

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow

from radiolucent.core import InputError, UnreadableError
from radiolucent.dicom import limits
from radiolucent.read import read

RNG = np.random.default_rng(0)
GREY = np.repeat(np.arange(0, 240, 40, dtype=np.uint8), 32 * 48).reshape(6, 32, 48)
RGB = RNG.integers(0, 255, (6, 32, 48, 3)).astype(np.uint8)


def _avi(path, frames, rate=25.0):
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, cv2.VideoWriter_fourcc(*"FFV1"), rate, frames.shape[2:0:-1])
    if not writer.isOpened():
        pytest.skip("this OpenCV writes no FFV1")
    for frame in frames:
        writer.write(cv2.cvtColor(frame, cv2.COLOR_GRAY2BGR if frame.ndim == 2 else cv2.COLOR_RGB2BGR))
    writer.release()
    return path


def _gif(path, frames, **options):
    pages = [Pillow.fromarray(frame) for frame in frames]
    pages[0].save(path, save_all=True, append_images=pages[1:], **options)
    return path


def _image(path, **options):
    (case,) = read(path, **options)
    return case.images["image"]


def test_a_colour_film_comes_frame_by_frame_with_its_times(tmp_path):
    image = _image(_avi(tmp_path / "a.avi", RGB))
    assert image.grid.axes == "tyx"
    assert image.grid.times_s == pytest.approx([k / 25 for k in range(6)])
    assert image.grid.spacing_mm is None
    assert np.abs(image.array.astype(int) - RGB).max() <= 2


@pytest.mark.parametrize(
    ("suffix", "codec"), [("mp4", "mp4v"), ("mov", "mp4v"), ("avi", "MJPG"), ("mkv", "FFV1"), ("mpg", "MPG1")]
)
def test_each_kind_of_file_gives_its_frames_and_their_times(tmp_path, suffix, codec):
    path = tmp_path / f"a.{suffix}"
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, cv2.VideoWriter_fourcc(*codec), 25.0, (48, 32))
    if not writer.isOpened():
        pytest.skip(f"this OpenCV writes no {codec} as {suffix}")
    for frame in GREY:
        writer.write(cv2.cvtColor(frame, cv2.COLOR_GRAY2BGR))
    writer.release()
    image = _image(path)
    grey = image.array.mean(axis=-1) if image.is_colour else image.array
    assert (image.grid.axes, image.grid.shape) == ("tyx", (6, 32, 48))
    assert np.abs(grey - GREY).max() < 12, "codecs with loss"
    np.testing.assert_allclose(np.diff(image.grid.times_s), 0.04, atol=1e-3)


def test_a_grey_film_has_no_colour(tmp_path):
    image = _image(_avi(tmp_path / "a.avi", GREY))
    assert not image.is_colour
    assert np.abs(image.array.astype(int) - GREY).max() <= 2


def test_a_gif_keeps_the_duration_of_each_frame(tmp_path):
    image = _image(_gif(tmp_path / "a.gif", GREY, duration=[100, 100, 50, 50, 200, 10]))
    np.testing.assert_array_equal(image.array, GREY)
    assert image.grid.times_s == pytest.approx([0, 0.1, 0.2, 0.25, 0.3, 0.5])


def test_a_gif_that_states_no_duration_has_no_times(tmp_path):
    assert _image(_gif(tmp_path / "a.gif", GREY)).grid.times_s is None


def test_a_gif_of_one_frame_is_a_picture(tmp_path):
    image = _image(_gif(tmp_path / "a.gif", GREY[3:4]))
    assert image.grid.axes == "yx"
    np.testing.assert_array_equal(image.array, GREY[3])


def test_spacing_that_was_given_is_kept(tmp_path):
    assert _image(_gif(tmp_path / "a.gif", GREY), spacing_mm=0.2).grid.spacing_mm == (0.2, 0.2)


@pytest.mark.parametrize(
    "content", [b"GIF89a", b"RIFF\x10\0\0\0AVI ", b"\0\0\0\x18ftypmp42" + b"\xff" * 200, b"\0\0\1\xba" + bytes(50)]
)
def test_a_video_without_frames_is_unreadable_and_named(tmp_path, content):
    (tmp_path / "a.mp4").write_bytes(content)
    with pytest.raises(UnreadableError, match=r"a\.mp4"):
        read(tmp_path / "a.mp4")


def test_a_film_larger_than_the_bound_is_refused(tmp_path, monkeypatch):
    path = _gif(tmp_path / "a.gif", GREY)
    monkeypatch.setattr(limits, "MOST_BYTES", 10**4)
    with pytest.raises(InputError, match="GiB"):
        read(path)


def test_sound_is_no_film(tmp_path):
    (tmp_path / "a.avi").write_bytes(b"RIFF\x10\0\0\0WAVEfmt ")
    with pytest.raises(UnreadableError, match="cannot be read"):
        read(tmp_path / "a.avi")
