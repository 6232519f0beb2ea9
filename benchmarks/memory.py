"""What each operation of `process` takes beside its input: the peak of resident memory, in multiples of the picture.

One process runs all operations on a volume of float32; before each the kernel's high-water mark is set back, and the C
library gives large blocks back at once, so that OpenCV, numba and ITK are counted as numpy is. The result counts, and
one array is the picture, or the result where that is larger, as float32. A first call on a small volume compiles.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np
from side_by_side import Figure, main

from radiolucent.core import Grid, Image, Mask, Transform
from radiolucent.process import OPS

SIDE = 256
MOST = 3.05
"""Three arrays, and slabs."""
MORE: dict[str, tuple[float, str]] = {
    "total_variation": (4.15, "the dual of a volume has three arrays, and the picture is the fourth"),
}
"""What may take more, and why. Other arguments than the defaults can: frequency filters on a boundary of zeros or repeated
edges widen the picture to twice along each axis, and steering takes the tensor of every pixel."""
GIVEN: dict[str, dict[str, Any]] = {
    "non_local_means": {"patch_mm": 3.0, "search_mm": 1.0},
    "n4": {"iterations": 1, "levels": 1, "shrink": 16},
    "resample_mask": {"interpolation": "linear", "spacing_mm": 1.2},
    "resample": {"spacing_mm": 1.2},
    "resize": {"size_px": 200},
    "total_variation": {"most_steps": 5},
    "srad": {"steps": 3},
    "perona_malik": {"sigma_mm": 0.7},
    "curvature_flow": {"sigma_mm": 0.7},
    "frangi": {"sigmas_mm": (1.0, 2.0)},
    "sato": {"sigmas_mm": (1.0, 2.0)},
}
"""Arguments beside the defaults: fewer steps, which hold no less."""


def image(side: int, dtype: str = "float32") -> Image:
    values = np.random.default_rng(0).normal(1000, 200, (side,) * 3).clip(1, 4000).astype(dtype)
    place = {"origin_mm": (0.0, 0.0, 0.0), "direction": ((0.0, 0.0, 1.0), (0.0, 1.0, 0.0), (1.0, 0.0, 0.0))}
    return Image(values, Grid(values.shape, "zyx", (1.0, 1.0, 1.0), **place), "CT", "HU")


def inputs(name: str, picture: Image) -> tuple[Any, ...]:
    """What the operation is called with beside its arguments."""
    labels = Mask((np.asarray(picture.array) > 1000).astype(np.uint8), picture.grid, {1: "bright"})
    finer = Grid(picture.grid.shape, "zyx", (0.9,) * 3, None, picture.grid.origin_mm, picture.grid.direction)
    other = Image(picture.array, finer, "CT", "HU")
    step = Transform(picture.grid, picture.grid, np.eye(4) + 0.01 * np.eye(4, k=1))
    return {
        "match_histogram": (picture, picture),
        "inverse_fourier": (picture, picture),
        "crop": (picture, labels),
        "resample_like": (picture, other),
        "resample_mask_like": (labels, other),
        "resample_mask": (labels,),
        "reorient_mask": (labels,),
        "apply_transform": (picture, step),
        "apply_transform_mask": (labels, step),
        "temporal": (Image(picture.array, Grid(picture.grid.shape, "tyx", (1.0, 1.0)), "US"),),
    }.get(name, (picture,))


def held(name: str) -> int:
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))


def arrays(op: Callable[..., Any], side: int, dtype: str = "float32") -> float:
    """Peak over what was held before, in arrays."""
    given = GIVEN.get(op.__name__, {})
    op(*inputs(op.__name__, image(32, dtype)), **given)
    args = inputs(op.__name__, image(side, dtype))
    with open("/proc/self/clear_refs", "w") as mark:  # the high-water mark begins anew
        mark.write("5")
    before = held("VmRSS")
    result = op(*args, **given)
    peak = held("VmHWM") - before
    parts = list(result.values()) if isinstance(result, Mapping) else [result]
    sizes = sum(4 * part.array.size for part in parts if isinstance(part, Image | Mask))
    return peak / max(4 * side**3, sizes)


def inside(names: str, side: int, dtype: str) -> None:
    for op in OPS:
        if not names or op.__name__ in names.split(","):
            print(op.__name__, f"{arrays(op, side, dtype):.3f}", flush=True)


def measured(names: str, side: int, dtype: str = "float32") -> dict[str, float]:
    """The figures of a fresh process, by operation; `names` are separated by commas, none are all."""
    words = [sys.executable, __file__, "--inside", names, str(side), dtype]
    steady = {"MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_TRIM_THRESHOLD_": "65536"}
    done = subprocess.run(words, check=True, text=True, capture_output=True, env=os.environ | ONE_THREAD | steady)
    return {name: float(value) for name, value in (line.split() for line in done.stdout.splitlines())}


ONE_THREAD = {"OMP_NUM_THREADS": "1", "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS": "1"}


def figures() -> Iterator[Figure]:
    for op in OPS:
        name = op.__name__
        bar = MORE[name][0] if name in MORE else MOST
        yield Figure(f"memory of {name}, {SIDE}^3 float32", partial(_one, name), "arrays", bar)


def _one(name: str) -> float:
    return round(measured(name, SIDE)[name], 2)


if __name__ == "__main__":
    if "--inside" in sys.argv:
        inside(sys.argv[2], int(sys.argv[3]), sys.argv[4])
    else:
        main(figures, __doc__ or "")
