"""Whether age and dates can be true together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from radiolucent.core import Finding
from radiolucent.dicom import Header

from .limits import broken, named

Headers = tuple[Header, ...]

MOST_YEARS = 120.0
AGE_YEARS = 1.5
"""Age in whole years and the one from the dates may differ by this much."""
EARLIEST = date(1970, 1, 1)
YEARS = {"D": 1 / 365.25, "W": 7 / 365.25, "M": 1 / 12, "Y": 1.0}
DATES = ("StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate")


def age(headers: Headers) -> tuple[Finding, ...]:
    """An age that birth and study date deny, or that nobody reaches."""
    away = {h.file: _age_difference(h) for h in headers}
    odd = [h for h in headers if away[h.file] > AGE_YEARS]
    if not odd:
        return ()
    says = "Age, birth date and study date contradict each other, or the age cannot be."
    limit = f"within {AGE_YEARS} years of each other, 0 to {MOST_YEARS:g} years"
    return broken("header.age", says, limit, value=max(away.values()), unit="years", where=named(odd))


def _age_difference(header: Header) -> float:
    """Years between the stated age and that from the dates; beyond the bounds of a life, the years beyond."""
    born, seen = day(header, "PatientBirthDate"), day(header, "StudyDate")
    lived = (seen - born).days / 365.25 if born and seen else None
    stated = _stated_years(header.word("PatientAge"))
    beyond = [max(0.0, -years) + max(0.0, years - MOST_YEARS) for years in (lived, stated) if years is not None]
    apart = abs(lived - stated - 0.5) if lived is not None and stated is not None else 0.0
    return max([apart, *(AGE_YEARS + years for years in beyond if years)])


def _stated_years(text: str) -> float | None:
    number, unit = text[:-1], text[-1:]
    return int(number) * YEARS[unit] if number.isdigit() and unit in YEARS else None


def order(headers: Headers) -> tuple[Finding, ...]:
    """Series, acquisition or content dated before the study, more than a year apart, or dated before digital imaging."""
    odd = [h for h in headers if _days_wrong(h) > 1]
    if not odd:
        return ()
    worst = max(_days_wrong(h) for h in odd)
    says = "Dates of study, series, acquisition and content contradict each other."
    limit = f"no more than 1 day before the study, none before {EARLIEST.year}"
    return broken("header.dates", says, limit, value=worst, unit="days", where=named(odd))


def _days_wrong(header: Header) -> int:
    days = [found for found in (day(header, word) for word in DATES) if found]
    early = max(((EARLIEST - one).days for one in days), default=0)
    study = day(header, "StudyDate")
    before = max(((study - one).days for one in days), default=0) if study else 0
    return max(0, early, before)


def unreadable_date(headers: Headers) -> tuple[Finding, ...]:
    """A date that no calendar has."""
    odd = [h for h in headers if any(h.word(word) and not day(h, word) for word in (*DATES, "PatientBirthDate"))]
    if not odd:
        return ()
    says = f"{len(odd)} files state a date that is none."
    return broken("header.unreadable_date", says, "YYYYMMDD", value=len(odd), unit="files", where=named(odd))


def day(header: Header, keyword: str) -> date | None:
    """A date of the header, or `None`."""
    text = header.word(keyword).replace(".", "").replace("-", "")
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8])) if len(text) == 8 else None
    except ValueError:
        return None


CHECKS: tuple[Callable[[Headers], tuple[Finding, ...]], ...] = (age, order, unreadable_date)
"""Time, each a function of the headers of one series."""
