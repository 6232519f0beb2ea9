"""Lung ultrasound videos of many devices and programs (POCUS): every one opens as frames in time."""

import cv2
import numpy as np
import pytest
from shared import shared

from radiolucent.read import read

SUFFIXES = (".mp4", ".mov", ".avi", ".mpeg", ".gif")


@pytest.mark.parametrize("probe", ["convex", "linear"])
def test_every_video_is_frames_with_times_that_grow(probe):
    files = [
        f for f in sorted(shared("data/pocus-lus-videos").joinpath(probe).iterdir()) if f.suffix.lower() in SUFFIXES
    ]
    assert files
    for file in files:
        (case,) = read(file, key=b"k" * 32)
        image = case.images["image"]
        assert image.grid.axes == "tyx", file.name
        assert image.grid.times_s is not None, file.name
        assert np.diff(image.grid.times_s).min() > 0, file.name
        if file.suffix.lower() != ".gif":
            there, first = cv2.VideoCapture(str(file)).read()
            ours = image.array[0] if image.is_colour else np.repeat(image.array[0][..., None], 3, axis=-1)
            assert there
            np.testing.assert_array_equal(ours[..., ::-1], first)
