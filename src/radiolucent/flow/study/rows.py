"""Measure every prepared picture once: keypoint descriptors and statistics, for all classical candidates alike."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from ...measure.rows import STATISTICS, descriptors, statistics
from .question import write_json

MOST = 200
"""Keypoints kept of one picture, the strongest first."""
DTYPE = np.dtype([("descriptors", np.uint8, (MOST, 128)), ("statistics", np.float32, (len(STATISTICS),))])
CHUNK = 128


def measured(pictures: NDArray[np.uint8], *, workers: int) -> NDArray[Any]:
    """Rows (n,) of `DTYPE` for a few pictures at hand."""
    with Parallel(n_jobs=workers) as parallel:
        return np.array(parallel(delayed(_row)(picture) for picture in pictures), DTYPE)


def measure_all(pictures: NDArray[np.uint8], work: Path, *, workers: int, progress: Callable[[int], None]) -> float:
    """Write work/rows.npy chunk by chunk, resuming where it stopped; gives the seconds that it took in all."""
    state_path, path = work / "rows.json", work / "rows.npy"
    state: dict[str, Any] = {"done": 0, "seconds": 0.0}
    if state_path.exists():
        state = json.loads(state_path.read_text())
    rows = np.lib.format.open_memmap(path, mode="r+" if state["done"] else "w+", dtype=DTYPE, shape=(len(pictures),))
    progress(state["done"])
    with Parallel(n_jobs=workers) as parallel:
        for start in range(state["done"], len(pictures), CHUNK):
            began = time.perf_counter()
            chunk = pictures[start : start + CHUNK]
            for row, values in enumerate(parallel(delayed(_row)(np.array(p)) for p in chunk), start):
                rows[row] = values
            rows.flush()
            state = {"done": start + len(chunk), "seconds": state["seconds"] + time.perf_counter() - began}
            write_json(state_path, state)
            progress(len(chunk))
    return float(state["seconds"])


def _row(picture: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    cv2.setNumThreads(1)  # the workers are as many as the cores already
    return descriptors(picture, most=MOST), statistics(picture)
