"""Keypoints beside OpenCV's own objects, SURF beside mahotas, words of 1,000 pictures by one worker and by two."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import cv2
import numpy as np
from joblib import Parallel, delayed
from mahotas.features.surf import surf as mahotas_surf
from numpy.typing import NDArray
from side_by_side import Pair, main

from radiolucent.core import Grid, Image
from radiolucent.flow.similar import described
from radiolucent.measure import akaze, brisk, kaze, orb, sift, surf

PICTURES = 1000


def scene(side: int, seed: int = 0) -> NDArray[np.uint8]:
    """Ellipses of many sizes: structure at every scale."""
    random = np.random.default_rng(seed)
    picture = np.full((side, side), 60, np.uint8)
    for _ in range(side // 2):
        y, x = random.integers(0, side, 2)
        axes = tuple(int(a) for a in random.integers(2, side // 24 + 4, 2))
        cv2.ellipse(
            picture, (int(x), int(y)), axes, float(random.integers(180)), 0, 360, int(random.integers(80, 255)), -1
        )
    return cv2.GaussianBlur(picture, (0, 0), 1.2)


def in_parallel(pictures: NDArray[np.uint8], workers: int) -> None:
    Parallel(n_jobs=workers, batch_size=50)(delayed(described)(picture) for picture in pictures)


def rows() -> Iterator[Pair]:
    picture = scene(512)
    image = Image(picture, Grid(picture.shape, "yx"))
    more = cv2.xfeatures2d if hasattr(cv2.xfeatures2d, "AKAZE") else cv2
    peers = {
        "SIFT": (sift, cv2.SIFT.create(nfeatures=500, enable_precise_upscale=True)),
        "ORB": (orb, cv2.ORB.create(nfeatures=500)),
        "BRISK": (brisk, more.BRISK.create()),
        "AKAZE": (akaze, more.AKAZE.create()),
        "KAZE": (kaze, more.KAZE.create()),
    }
    for name, (ours, theirs) in peers.items():
        peer = partial(theirs.detectAndCompute, picture, None)
        yield Pair(f"{name}, 512 x 512, 500 points", partial(ours, image), "OpenCV", peer, 0.9)
    yield Pair("SURF, 512 x 512, 500 points", partial(surf, image), "mahotas",
               partial(mahotas_surf, picture, max_points=500), 0.9)  # fmt: skip
    pictures = np.stack([scene(128, seed) for seed in range(PICTURES)])
    in_parallel(pictures[:100], 2)  # start the workers
    yield Pair("words of 1,000 pictures, 2 workers", partial(in_parallel, pictures, 2), "1 worker",
               partial(in_parallel, pictures, 1), 1.7)  # fmt: skip


if __name__ == "__main__":
    main(rows, __doc__ or "")
