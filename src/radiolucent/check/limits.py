"""A finding that says what was measured and which limit it broke."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from radiolucent.core import Finding, Severity
from radiolucent.dicom import Header

MOST_NAMED = 5
"""So many files are named in a finding; the rest is counted."""


def broken(
    code: str,
    says: str,
    limit: str,
    *,
    severity: Severity = "warn",
    value: float | None = None,
    unit: str = "",
    where: str = "",
) -> tuple[Finding, ...]:
    """One finding of the rule `code`; the limit stands in `because`."""
    rounded = None if value is None else float(f"{value:.4g}")
    return (
        Finding(
            says=says, code=code, value=rounded, unit=unit, because=(f"limit: {limit}",), where=where, severity=severity
        ),
    )


def named(headers: Iterable[Header]) -> str:
    """The files that a finding is about."""
    return listed([header.file for header in headers])


def listed(names: Sequence[str]) -> str:
    """A few names, and how many more there are."""
    shown = ", ".join(names[:MOST_NAMED])
    return shown + (f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else "")
