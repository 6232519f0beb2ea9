"""Finding burnt-in text beside OpenCV's stable regions (MSER), which only propose strokes; no bar was asked, 0.1 is a guard."""

import cv2
import numpy as np
from side_by_side import Pair, main

from radiolucent.kernels.lettering import still_text_boxes, text_boxes


def pictures(frames: int, side: int) -> np.ndarray:
    """Smooth shades with noise and a line of text."""
    rng = np.random.default_rng(0)
    made = np.stack([cv2.GaussianBlur(rng.normal(size=(side, side)), (0, 0), 6) * 600 + 110 for _ in range(frames)])
    made = (made + rng.normal(0, 4, made.shape)).clip(0, 255).astype(np.uint8)
    for frame in made:
        cv2.putText(frame, "DOE^JANE 1951-02-03", (side // 8, side // 4), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 255, 1)
    return made


def stable_regions(frames: np.ndarray) -> int:
    """What MSER gives, without telling letters from anatomy."""
    return sum(len(cv2.MSER_create().detectRegions(frame)[1]) for frame in frames)


def pairs():
    one, clip = pictures(1, 512), pictures(30, 512)
    yield Pair("text in one picture, 512^2", lambda: text_boxes(one[0]), "MSER", lambda: stable_regions(one), 0.1)
    yield Pair("text in a clip, 30 x 512^2", lambda: still_text_boxes(clip), "MSER", lambda: stable_regions(clip), 0.1)


if __name__ == "__main__":
    main(pairs, __doc__ or "")
