"""Headers, Image -> Findings: what is wrong with the data before anyone computes on it."""

from radiolucent.core import Finding, Image, Waiver
from radiolucent.dicom import Header

from . import agreement, dates, header, series
from .intensity import (
    constant_planes,
    ct_air,
    cut_off,
    dead_lines,
    not_finite,
    overlay,
    plane_jumps,
    saturation,
    wrapped,
)
from .quality import quality, quality_limits

SERIES_CHECKS = (*series.CHECKS, *agreement.CHECKS, *header.CHECKS, *dates.CHECKS)
"""Every check of headers: a function of the headers of one series -> Findings."""

IMAGE_CHECKS = (
    not_finite, saturation, dead_lines, constant_planes, plane_jumps, wrapped, ct_air, cut_off, overlay, quality_limits,
)  # fmt: skip
"""Every check of pixels: an operation Image -> Findings."""

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
    Waiver("cut_off", "swaps", "planes lie in axis 0, and only their border is looked at"),
)


def check_series(headers: tuple[Header, ...]) -> tuple[Finding, ...]:
    """All findings about the headers of one series, the gravest first."""
    return _gravest_first([finding for check in SERIES_CHECKS for finding in check(headers)] if headers else [])


def check_image(image: Image) -> tuple[Finding, ...]:
    """All findings about the pixels of one image, the gravest first."""
    return _gravest_first([finding for check in IMAGE_CHECKS for finding in check(image)])


def _gravest_first(found: list[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(found, key=lambda finding: ("block", "warn", "info").index(finding.severity)))


__all__ = [
    "IMAGE_CHECKS",
    "OPS",
    "SERIES_CHECKS",
    "WAIVERS",
    "check_image",
    "check_series",
    "quality",
]
