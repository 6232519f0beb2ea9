"""Video files (mp4, mov, avi, mpeg, mkv, gif) as frames in time; their spacing is unknown."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageSequence

from radiolucent.core import Case, Grid, Image, UnreadableError
from radiolucent.dicom import damage_named, within_limits

from .key import content_key
from .outline import Outline
from .spacing import Spacing, with_spacing

os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # what matters is raised; the codec's chatter is no news

SUFFIXES = (".mp4", ".mov", ".avi", ".mpeg", ".mpg", ".mkv", ".webm", ".gif")
MOST_FRAMES = 10**6
"""No header is believed that states more frames."""

_STARTS = (b"RIFF", b"\x00\x00\x01\xba", b"\x00\x00\x01\xb3", b"\x1a\x45\xdf\xa3", b"GIF8")
_ATOMS = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")


def can_read(path: Path) -> bool:
    """By content, not by name."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        start = file.read(12)
    if start.startswith(b"RIFF"):
        return start[8:] == b"AVI "
    return start.startswith(_STARTS) or start[4:8] in _ATOMS


def read(path: Path, *, spacing_mm: Spacing, key: bytes) -> tuple[Case, ...]:
    """One case with one image: frames in time, or a single picture."""
    with path.open("rb") as file:
        is_gif = file.read(4) == b"GIF8"
    with damage_named(path, "read as a video"):
        frames, times_s = _gif(path) if is_gif else _video(path)
    if not frames:
        raise UnreadableError(f"{path} is a video of which no frame can be decoded; save it as mp4 or avi")
    array = _grey(np.stack(frames))
    if len(array) == 1:
        array, grid = array[0], Grid(array.shape[1:3], "yx")
    else:
        grid = Grid(array.shape[:3], "tyx", times_s=times_s)
    grid, findings = with_spacing(grid, spacing_mm)
    return (Case(key=content_key(path, key), images={"image": Image(array, grid)}, findings=findings),)


def outline(path: Path) -> Outline:
    """Grid and bits, out of the header: the number of frames and their times are what it states, colour is not known."""
    with path.open("rb") as file:
        is_gif = file.read(4) == b"GIF8"
    with damage_named(path, "read as a video"):
        (frames, rows, columns), times_s = _gif_outline(path) if is_gif else _video_outline(path)
    if min(rows, columns) < 1:
        raise UnreadableError(f"{path} is a video of which no frame can be decoded; save it as mp4 or avi")
    flat = Grid((rows, columns), "yx")
    return Outline(flat if frames == 1 else Grid((frames, rows, columns), "tyx", times_s=times_s), 3, 8, path)


def _gif_outline(path: Path) -> tuple[tuple[int, int, int], tuple[float, ...] | None]:
    with Pillow.open(path) as opened:
        return (getattr(opened, "n_frames", 1), opened.height, opened.width), None


def _video_outline(path: Path) -> tuple[tuple[int, int, int], tuple[float, ...] | None]:
    opened = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    try:
        of = (cv2.CAP_PROP_FRAME_COUNT, cv2.CAP_PROP_FRAME_HEIGHT, cv2.CAP_PROP_FRAME_WIDTH)
        frames, rows, columns = (int(opened.get(what)) for what in of)
        rate = float(opened.get(cv2.CAP_PROP_FPS))
    finally:
        opened.release()
    frames = min(max(frames, 1), MOST_FRAMES)
    return (frames, rows, columns), _times_s([0.0] * frames, rate)


def _video(path: Path) -> tuple[list[NDArray[np.uint8]], tuple[float, ...] | None]:
    opened = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    try:
        rows, columns = (int(opened.get(of)) for of in (cv2.CAP_PROP_FRAME_HEIGHT, cv2.CAP_PROP_FRAME_WIDTH))
        within_limits(path, (max(1, int(opened.get(cv2.CAP_PROP_FRAME_COUNT))), rows, columns, 3), 2)
        frames, stamps = _frames(path, opened)
        rate = float(opened.get(cv2.CAP_PROP_FPS))
    finally:
        opened.release()
    return frames, _times_s(stamps, rate)


def _frames(path: Path, opened: Any) -> tuple[list[NDArray[np.uint8]], list[float]]:
    frames: list[NDArray[np.uint8]] = []
    stamps: list[float] = []
    while True:
        there, frame = opened.read()
        if not there:
            return frames, stamps
        frames.append(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB))
        stamps.append(float(opened.get(cv2.CAP_PROP_POS_MSEC)) / 1000)
        if len(frames) % 64 == 0:  # the count in the header may be wrong
            within_limits(path, (len(frames), *frame.shape), 2)


def _times_s(stamps: list[float], rate: float) -> tuple[float, ...] | None:
    """The frames' own times where they grow, else even ones."""
    if len(stamps) > 1 and np.diff(stamps).min() > 0:
        return tuple(round(stamp - stamps[0], 6) for stamp in stamps)
    return tuple(k / rate for k in range(len(stamps))) if np.isfinite(rate) and rate > 0 else None


def _gif(path: Path) -> tuple[list[NDArray[np.uint8]], tuple[float, ...] | None]:
    try:
        with Pillow.open(path) as opened:
            within_limits(path, (getattr(opened, "n_frames", 1), opened.height, opened.width, 3), 2)
            frames, steps = [], []
            for frame in ImageSequence.Iterator(opened):
                steps.append(float(frame.info.get("duration") or 0) / 1000)
                frames.append(np.asarray(frame.convert("RGB")))
    except Pillow.DecompressionBombError as error:
        raise UnreadableError(f"{path} is refused as a decompression bomb: {error}") from error
    if min(steps) <= 0:
        return frames, None
    return frames, tuple(np.cumsum([0.0, *steps[:-1]]).round(6).tolist())


def _grey(frames: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """One channel where all three are the same in every frame: grey films are kept as colour by most programs."""
    same = all(np.array_equal(frame[..., 0], frame[..., k]) for frame in frames for k in (1, 2))
    return frames[..., 0].copy() if same else frames
