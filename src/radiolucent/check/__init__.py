"""Headers, Image -> Findings: what is wrong with the data before anyone computes on it."""

from collections.abc import Mapping

from radiolucent.core import Finding, Grid, Image, Waiver
from radiolucent.dicom import Header

from . import agreement, dates, series
from . import header as header_checks
from .finite import not_finite
from .intensity import (
    constant_planes,
    ct_air,
    cut_off,
    dead_lines,
    overlay,
    plane_jumps,
    saturation,
    wrapped,
)
from .lettering import lettering
from .planes import MOST_SAMPLES, as_grey
from .quality import judged, quality, quality_limits

SERIES_CHECKS = (*series.CHECKS, *agreement.CHECKS, *header_checks.CHECKS, *dates.CHECKS)
"""Every check of headers: a function of the headers of one series -> Findings."""

IMAGE_CHECKS = (
    not_finite, saturation, dead_lines, constant_planes, plane_jumps, wrapped, ct_air, cut_off, overlay, lettering,
    quality_limits,
)  # fmt: skip
"""Every check of pixels: an operation Image -> Findings."""

PICTURE_CHECKS = tuple(check for check in IMAGE_CHECKS if check not in (quality_limits, lettering))
"""Every check of pixels that takes no more time than reading the picture did."""

IN_COLOUR = (not_finite, overlay, saturation, dead_lines)
"""Checks to which colour says something."""

OPS = (quality, *IMAGE_CHECKS)
WAIVERS = (
    Waiver(
        "quality", "swaps", "slices lie in axis 0 and are seldom as thick as pixels are wide: figures are of planes"
    ),
    Waiver("quality_limits", "swaps", "slices lie in axis 0: figures are of planes"),
    Waiver("dead_lines", "flips", "it names rows and columns by their number"),
    Waiver("dead_lines", "swaps", "it names rows, columns and planes, which lie in axis 0"),
    Waiver("constant_planes", "flips", "it names planes by their number"),
    Waiver("constant_planes", "swaps", "planes lie in axis 0"),
    Waiver("plane_jumps", "flips", "it names planes by their number"),
    Waiver("plane_jumps", "swaps", "planes lie in axis 0"),
    Waiver("lettering", "flips", "a net that learned to read the right way round names the rows and columns of text"),
    Waiver("lettering", "swaps", "planes lie in axis 0, and it names the rows and columns of text"),
    Waiver("cut_off", "swaps", "planes lie in axis 0, and only their border is looked at"),
)


def check_series(headers: tuple[Header, ...]) -> tuple[Finding, ...]:
    """All findings about the headers of one series, the gravest first."""
    return _gravest_first([finding for check in SERIES_CHECKS for finding in check(headers)] if headers else [])


def check_image(image: Image, figures: Mapping[str, float] | None = None) -> tuple[Finding, ...]:
    """All findings about the pixels of one image, the gravest first; `figures` are those of `quality`, if at hand."""
    grey = as_grey(image)
    known = judged(quality(grey) if figures is None else figures, image)
    checks = [check for check in IMAGE_CHECKS if check is not quality_limits]
    found = [said for check in checks for said in check(image if check in IN_COLOUR else grey)]
    return _gravest_first([*found, *known])


def check_usable(image: Image) -> tuple[Finding, ...]:
    """What stands in the way of computing on an image: the checks of pixels that can block, on planes spread over it."""
    some = image if image.array.dtype.kind in "fc" else _spread(image)
    found = [*not_finite(some), *(finding for check in (wrapped, ct_air) for finding in check(_spread(image)))]
    return _gravest_first(found)


def _spread(image: Image) -> Image:
    """Every second (third, ...) plane of a large volume; a picture as it is."""
    step = max(1, -(-image.array.size // MOST_SAMPLES)) if len(image.grid.shape) > 2 else 1
    if step == 1:
        return image
    array = image.array[::step]
    return image.with_array(array, grid=Grid(array.shape[: len(image.grid.shape)], image.grid.axes))


def check_picture(image: Image, headers: tuple[Header, ...] = ()) -> tuple[Finding, ...]:
    """What can be said at the cost of reading it about a picture that is no part of a volume, the gravest first."""
    found = [finding for check in PICTURE_CHECKS for finding in check(image)]
    checks = (*header_checks.CHECKS, *dates.CHECKS) if headers else ()
    return _gravest_first([*found, *(finding for check in checks for finding in check(headers))])


def _gravest_first(found: list[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(found, key=lambda finding: ("block", "warn", "info").index(finding.severity)))


__all__ = [
    "IMAGE_CHECKS",
    "OPS",
    "PICTURE_CHECKS",
    "SERIES_CHECKS",
    "WAIVERS",
    "check_image",
    "check_picture",
    "check_series",
    "check_usable",
    "quality",
]
