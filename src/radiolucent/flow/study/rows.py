"""Measure every prepared picture once: keypoint descriptors and numbers, for all classical candidates alike."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from ...learn.embedding import embedded
from ..describe import Description, described
from .question import write_json

CHUNK = 128
USUAL = Description()


def measured(
    pictures: NDArray[np.uint8],
    *,
    workers: int,
    description: Description = USUAL,
    net: Any = None,
    base: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Rows (n,) of the description for a few pictures at hand; `base` holds what a table knows of them, `net` embeds."""
    with Parallel(n_jobs=workers) as parallel:
        found = parallel(delayed(described)(np.array(picture), description.parts) for picture in pictures)
    rows = description.filled(len(pictures)) if base is None else base.copy()
    for row, (points, numbers) in enumerate(found):
        if points is not None:
            rows["descriptors"][row] = points
        rows["statistics"][row, : len(numbers)] = numbers
    if description.embedding:
        rows["statistics"][:, -description.embedding :] = embedded(net, pictures)
    return rows


def measure_all(
    pictures: NDArray[np.uint8],
    work: Path,
    *,
    workers: int,
    progress: Callable[[int], None],
    description: Description = USUAL,
    net: Any = None,
    base: NDArray[Any] | None = None,
) -> float:
    """Write work/rows.npy chunk by chunk, resuming where it stopped; gives the seconds that it took in all."""
    state_path, path = work / "rows.json", work / "rows.npy"
    state: dict[str, Any] = {"done": 0, "seconds": 0.0}
    if state_path.exists():
        state = json.loads(state_path.read_text())
    mode: Any = "r+" if state["done"] else "w+"
    rows = np.lib.format.open_memmap(path, mode=mode, dtype=description.dtype, shape=(len(pictures),))
    progress(state["done"])
    for start in range(state["done"], len(pictures), CHUNK):
        began, part = time.perf_counter(), slice(start, start + CHUNK)
        own = None if base is None else base[part]
        made = measured(pictures[part], workers=workers, description=description, net=net, base=own)
        rows[part] = made
        rows.flush()
        state = {"done": start + len(made), "seconds": state["seconds"] + time.perf_counter() - began}
        write_json(state_path, state)
        progress(len(made))
    return float(state["seconds"])
