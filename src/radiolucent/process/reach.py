"""How far each operation looks that needs no more than a pixel's surroundings; a test holds blocks against the whole."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Any

from radiolucent.core import Grid
from radiolucent.core.reach import Along, Reach
from radiolucent.kernels.diffuse import steps_and_length
from radiolucent.kernels.gabor import CUTOFF
from radiolucent.kernels.smooth import TRUNCATE, odd_size

from .frequency_texture import LAWS
from .wavelet_response import discrete

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


def _lee(grid: Grid, args: Args) -> Pixels | None:
    """Without these the whole picture says what its speckle is, and where its values begin."""
    return None if args["speckle"] is None or args["zero"] is None else _box(grid, args)


def _frost(grid: Grid, args: Args) -> Pixels | None:
    """The ball has the box's width."""
    return None if args["zero"] is None else _per_axis(grid, lambda step: odd_size(args["width_mm"] / step) // 2 + 1)


def _srad(grid: Grid, args: Args) -> Pixels | None:
    """What flows rests on the variation of both pixels, and that on their neighbours."""
    known = args["speckle"] is not None and args["zero"] is not None
    return _per_axis(grid, lambda _: 2 * args["steps"]) if known else None


def _bilateral(grid: Grid, args: Args) -> Pixels | None:
    """Where nothing says how alike values must be, the noise of the whole picture does."""
    return None if args["sigma_value"] is None else _per_axis(grid, lambda step: 2 * args["sigma_mm"] / step)


def _non_local(grid: Grid, args: Args) -> Pixels | None:
    if args["noise"] is None:
        return None
    return _per_axis(grid, lambda step: args["search_mm"] / step + odd_size(args["patch_mm"] / step) // 2)


def _gabor(grid: Grid, args: Args) -> Pixels | None:
    """Slices are filtered apart, unless there are none."""
    if _wraps(args):
        return None
    reach = CUTOFF * args["sigma_mm"] * max(1.0, 1 / args["aspect"])
    alone = args["by_slice"] and len(grid.spatial_axes) == 3
    return {axis: pixels for axis, pixels in _per_axis(grid, lambda step: reach / step).items() if axis or not alone}


def _wavelet(grid: Grid, args: Args) -> Pixels | None:
    """Of all levels' filters, with zeros between the taps."""
    taps = max(len(filters) for filters in discrete(args["wavelet"]).filter_bank[:2])
    return None if _wraps(args) else dict.fromkeys(grid.spatial_axes, taps * 2 ** args["level"])


def _encoded(grid: Grid, args: Args) -> Pixels | None:
    """Lines along the encoding need the whole of it; beside each other they are apart."""
    return None if grid.axes[0] in args["along"] else {}


def _filled(grid: Grid, args: Args) -> Pixels | None:  # noqa: ARG001
    return {} if args["method"] == "value" else None


def _inverted(grid: Grid, args: Args) -> Pixels | None:  # noqa: ARG001
    return None if args["low"] is None or args["high"] is None else {}


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
    "lee": _lee,
    "frost": _frost,
    "srad": _srad,
    "bilateral": _bilateral,
    "non_local_means": _non_local,
    "gabor": _gabor,
    "wavelet_response": _wavelet,
    "unring": _encoded,
    "undersample": _encoded,
    "fill_not_finite": _filled,
    "invert": _inverted,
}
REACHES = tuple(Reach(op, along) for op, along in _DECLARED.items())
"""Beside `OPS` and `WAIVERS`."""

_FREQUENCIES = "every pixel has a part in every frequency"
_VALUES = "the values of the whole picture say what becomes of each"
_PLACES = "the result lies on another grid"
_SEVERAL = "it gives more than one picture"
WHOLE: dict[str, str] = {
    **dict.fromkeys(("low_pass", "high_pass", "band_pass", "notch", "homomorphic", "deconvolve"), _FREQUENCIES),
    **dict.fromkeys(("suppress_ringing", "simoncelli", "riesz", "inverse_fourier"), _FREQUENCIES),
    **dict.fromkeys(("equalise", "match_histogram", "gamma", "rescale", "z_score", "nyul", "white_stripe"), _VALUES),
    **dict.fromkeys(("clahe", "local_contrast", "n4"), _VALUES),
    **dict.fromkeys(("zero_fill", "crop", "crop_border", "pad", "reorient", "reorient_mask", "resize"), _PLACES),
    **dict.fromkeys(("resample", "resample_mask", "resample_like", "resample_mask_like"), _PLACES),
    **dict.fromkeys(("apply_transform", "apply_transform_mask"), _PLACES),
    **dict.fromkeys(("fourier", "wavelet_scales", "compress"), _SEVERAL),
    "wavelet_transform": "coefficients lie in the order of their scale, not at their place",
    "inverse_wavelet_transform": "coefficients lie in the order of their scale, not at their place",
    "wavelet_denoise": "thresholds rest on all coefficients of a band",
    "multiscale_enhance": "the knee rests on all detail of a scale",
    "total_variation": "it ends when the energy of the whole picture falls no more",
    "frangi": "what counts as structure, and as rounding, rests on the whole picture's range",
    "sato": "what counts as rounding rests on the whole picture's range",
}
"""The other operations, and why they cannot go slab by slab."""
