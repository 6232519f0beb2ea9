"""Pictures of a cohort that look like one picture: keypoints, visual words, cosine of two rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import cv2
import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from ..core import Image, InputError, UnreadableError
from ..measure.fisher import Fisher
from ..measure.rows import descriptors
from ..measure.vlad import Vlad
from ..measure.words import Words
from ..read import pixels, prepare

By = Literal["vlad", "fisher", "words"]

MOST = 200
"""Keypoints of one picture that count, the strongest first."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """The pictures (n, S, S) that could be read, their descriptors, their rows in the cohort, and what failed."""

    pictures: NDArray[np.uint8]
    descriptors: NDArray[np.uint8]
    rows: NDArray[np.intp]
    failed: tuple[str, ...]


def prepared(references: Sequence[str], *, size: int, workers: int) -> Prepared:
    """Read and describe every picture; those that cannot be read are left out and told by their row."""
    made = Parallel(n_jobs=workers)(delayed(_one)(reference, size) for reference in references)
    rows = np.array([row for row, one in enumerate(made) if not isinstance(one, str)], np.intp)
    if not len(rows):
        raise InputError(f"none of the {len(references)} pictures of the cohort could be read; the first: {made[0]}")
    failed = tuple(f"row {row + 1}: {one}" for row, one in enumerate(made) if isinstance(one, str))
    kept = [made[row] for row in rows]
    return Prepared(np.stack([one[0] for one in kept]), np.stack([one[1] for one in kept]), rows, failed)


def nearest(
    query: Image, cohort: Prepared, *, by: By, most: int, size: int, seed: int = 0
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Which pictures of the cohort are most like the query, and how much: the cosine of their rows (1: alike)."""
    kinds: dict[str, Any] = {"vlad": Vlad, "fisher": Fisher, "words": Words}
    asked = described(prepare(query, size=size))
    if not asked.any():
        raise InputError("no keypoint was found in the picture, so nothing can be like it; it may be empty or flat")
    words = kinds[by](seed=seed).fit(cohort.descriptors)
    likeness = words.transform(cohort.descriptors) @ words.transform(asked[np.newaxis])[0]
    order = np.lexsort((cohort.rows, -likeness))[:most]
    return order, likeness[order]


def described(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The descriptors of one prepared picture."""
    cv2.setNumThreads(1)  # the workers are as many as the cores already
    return descriptors(picture, most=MOST)


def _one(reference: str, size: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]] | str:
    try:
        picture = prepare(pixels(reference), size=size)
    except (InputError, UnreadableError) as error:
        return str(error).replace(reference, "the file")
    return picture, described(picture)
