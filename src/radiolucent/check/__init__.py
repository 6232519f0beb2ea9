"""Headers, Image -> Findings: what is wrong with the data before anyone computes on it."""

from radiolucent.core import Finding, Waiver
from radiolucent.dicom import Header

from . import agreement, dates, header, series

SERIES_CHECKS = (*series.CHECKS, *agreement.CHECKS, *header.CHECKS, *dates.CHECKS)
"""Every check of headers: a function of the headers of one series -> Findings."""

OPS = ()
WAIVERS: tuple[Waiver, ...] = ()


def check_series(headers: tuple[Header, ...]) -> tuple[Finding, ...]:
    """All findings about the headers of one series, the gravest first."""
    found = [finding for check in SERIES_CHECKS for finding in check(headers)] if headers else []
    return tuple(sorted(found, key=lambda finding: ("block", "warn", "info").index(finding.severity)))


__all__ = ["OPS", "SERIES_CHECKS", "WAIVERS", "check_series"]
