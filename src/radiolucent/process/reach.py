"""How far each operation looks that needs no more than a pixel's surroundings; a test holds blocks against the whole."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Any

from radiolucent.core import Grid
from radiolucent.core.reach import Along, Reach
from radiolucent.kernels.diffuse import steps_and_length
from radiolucent.kernels.smooth import TRUNCATE, odd_size

from .frequency_texture import LAWS

Args = Mapping[str, Any]
Pixels = dict[int, int]


def _nowhere(grid: Grid, args: Args) -> Pixels:  # noqa: ARG001
    return {}


def _given_window(grid: Grid, args: Args) -> Pixels | None:  # noqa: ARG001
    """A window that is not named is the whole picture's percentiles."""
    return None if args["preset"] is None and args["center"] is None else {}


def _wraps(args: Args) -> bool:
    """Whether what lies beyond one edge is the other edge."""
    return args.get("boundary") == "wrap"


def _gaussian(grid: Grid, args: Args) -> Pixels | None:
    cutoff = args.get("cutoff", TRUNCATE)
    return None if _wraps(args) else _per_axis(grid, lambda step: int(cutoff * args["sigma_mm"] / step + 0.5))


def _box(grid: Grid, args: Args) -> Pixels | None:
    return None if _wraps(args) else _per_axis(grid, lambda step: odd_size(args["width_mm"] / step) // 2)


def _opened(grid: Grid, args: Args) -> Pixels:
    """Least and then greatest of a box, or the other way round."""
    return _per_axis(grid, lambda step: 2 * (odd_size(args["width_mm"] / step) // 2))


def _laws(grid: Grid, args: Args) -> Pixels | None:
    kernel = max(len(taps) for taps in LAWS.values()) // 2
    energy_mm = args["energy_mm"] or 0.0
    if _wraps(args):
        return None
    return _per_axis(grid, lambda step: kernel + (odd_size(energy_mm / step) // 2 if energy_mm else 0))


def _diffused(grid: Grid, args: Args) -> Pixels | None:
    """A pixel a step, if the edge does not rest on the whole picture."""
    return None if args["edge"] is None else _steps(grid, args, 1)


def _curved(grid: Grid, args: Args) -> Pixels:
    """Slopes of slopes: two pixels a step."""
    return _steps(grid, args, 2)


def _frames(grid: Grid, args: Args) -> Pixels:  # noqa: ARG001
    return {0: args["frames"] // 2}


def _steps(grid: Grid, args: Args, each: int) -> Pixels:
    steps, _ = steps_and_length(args["sigma_mm"] ** 2 / 2, grid.known_spacing_mm())
    return _per_axis(grid, lambda _: each * steps)


def _per_axis(grid: Grid, pixels: Any) -> Pixels:
    spacing = zip(grid.spatial_axes, grid.known_spacing_mm(), strict=True)
    return {axis: ceil(pixels(step)) for axis, step in spacing}


_DECLARED: dict[str, Along] = {
    "gaussian": _gaussian,
    "mean": _box,
    "median": _box,
    "unsharp_mask": _gaussian,
    "white_top_hat": _opened,
    "black_top_hat": _opened,
    "laplacian_of_gaussian": _gaussian,
    "laws": _laws,
    "perona_malik": _diffused,
    "curvature_flow": _curved,
    "temporal": _frames,
    "hu_clip": _nowhere,
    "window": _given_window,
}
REACHES = tuple(Reach(op, along) for op, along in _DECLARED.items())
"""Beside `OPS` and `WAIVERS`."""
