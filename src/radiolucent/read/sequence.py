"""A reference that means one sequence of frames: a video, a multi-frame file, a volume, or a folder of pictures."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from radiolucent.core import Grid, Image, UnreadableError
from radiolucent.dicom import Header, within_limits

from . import npz, video
from .readers import READERS, examine
from .reference import pixels, pixels_and_headers

_NO_KEY = b"\0" * 32
_DIGITS = re.compile(r"(\d+)")


def sequence(reference: str | Path) -> tuple[Image, tuple[Header, ...]]:
    """The one sequence that `reference` means, frames first (axes "tyx" or "zyx"; "yx" for a single picture).

    A volume is the sequence of its slices; a folder without DICOM files is one of pictures of one size, in the order of
    their names (2 before 10). The headers are those of the DICOM files that it was made from.

    Raises `UnreadableError` where it cannot be read, or where it is no single sequence.
    """
    path = Path(reference)
    if npz.MARK in str(reference):
        return pixels_and_headers(reference)
    if path.is_dir() and not any(reader.can_read(path) for reader in READERS):
        return _folder(path), ()
    found = examine(path, key=_NO_KEY)
    images = [image for one in found for image in one.case.images.values()]
    if len(images) != 1:
        raise UnreadableError(f"{reference} holds {len(images)} images, one sequence is needed; name one of them")
    return _framed(path, images[0]), tuple(header for one in found for series in one.series for header in series)


def stated_frames(reference: str | Path) -> int | None:
    """How many frames the header of a video promises; `None` for whatever is no video."""
    path = Path(reference)
    if not path.is_file() or not video.can_read(path):
        return None
    grid = video.outline(path).grid
    return grid.shape[0] if "t" in grid.axes else 1


def _framed(path: Path, image: Image) -> Image:
    """One axis of frames before the two of the picture; axes of length one are dropped."""
    grid = image.grid
    if len(grid.axes) < 3:
        return image
    drop = [k for k, (axis, count) in enumerate(zip(grid.axes, grid.shape)) if axis not in "yx" and count == 1]
    kept = [k for k in range(len(grid.axes)) if k not in drop]
    if len(kept) > 3:
        sizes = " x ".join(map(str, grid.shape))
        raise UnreadableError(
            f"{path} has slices and times ({grid.axes}: {sizes}); a sequence is one slice over time, or the slices of "
            "one time: save the one that is meant"
        )
    axes, shape = "".join(grid.axes[k] for k in kept), tuple(grid.shape[k] for k in kept)
    times_s = grid.times_s if "t" in axes else None
    return image.with_array(np.squeeze(image.array, tuple(drop)), grid=Grid(shape, axes, times_s=times_s))


def _folder(folder: Path) -> Image:
    files = sorted((file for file in folder.iterdir() if _is_frame(file)), key=_in_order)
    if not files:
        raise UnreadableError(f"{folder} holds no frame: put its pictures (PNG, JPEG, ...) into it, or name a file")
    first = pixels(files[0])
    within_limits(folder, (len(files), *first.array.shape), first.array.itemsize)
    frames = [first.array]
    for file in files[1:]:
        frame = pixels(file)
        if frame.array.shape != first.array.shape:
            raise UnreadableError(
                f"{folder} holds frames of different sizes: {files[0].name} has {_sides(first)}, {file.name} "
                f"{_sides(frame)}; frames of one sequence are of one size"
            )
        frames.append(frame.array)
    if len(frames) == 1:
        return first
    array = np.stack(frames)
    return first.with_array(array, grid=Grid(array.shape[:3], "tyx"))


def _is_frame(file: Path) -> bool:
    return file.is_file() and not file.name.startswith(".")


def _in_order(file: Path) -> list[tuple[int, int, str]]:
    """Digits by their number, so that frame 10 follows frame 9."""
    return [(0, int(part), "") if part.isdigit() else (1, 0, part.lower()) for part in _DIGITS.split(file.name)]


def _sides(image: Image) -> str:
    colours = " in colour" if image.is_colour else ""
    return " x ".join(map(str, image.grid.shape)) + colours
