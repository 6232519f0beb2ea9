"""A report's text as Findings: the one form in which it enters a Case."""

from __future__ import annotations

from radiolucent.core import Finding

from .labels import VALUES
from .report import Observation, Reading, read_report

STATES = {"present": "present", "possible": "possible", "absent": "absent"}


def findings(text: str) -> tuple[Finding, ...]:
    """What a report states, doubts and denies, each with its sentence; or the one Finding that says why nothing was read.

    `code` is `text.` and the concept, `value` the largest diameter [mm] where one is given, `where` side, place and section.
    """
    reading = read_report(text)
    if reading.problem is not None:
        return (reading.problem,)
    return tuple(_finding(reading, one) for one in reading.observations)


def status_of(one: Observation) -> str:
    """Present, possible or absent, and whether it is of the past, only feared, or of somebody else."""
    words = [STATES[one.mention.status]]
    if one.mention.context.time != "present":
        words.append(one.mention.context.time)
    if one.mention.context.experiencer != "patient":
        words.append("not the patient's")
    return ", ".join(words)


def value_of(one: Observation) -> int | None:
    """The label's value of one mention; `None` where it tells nothing of this patient now."""
    return VALUES[one.mention.status] if one.mention.counts else None


def where_of(one: Observation) -> str:
    """Side and place."""
    return ", ".join(part for part in (one.side, one.place.replace("_", " ")) if part)


def _finding(reading: Reading, one: Observation) -> Finding:
    size, name = one.size, one.mention.concept.replace("_", " ")
    because = [f'"{reading.quoted(one)}"', *(f"trigger: {word}" for word in one.mention.context.because)]
    if size is not None and size.before_mm is not None:
        because.append(f"{size.change} from {size.before_mm:g} mm to {size.largest_mm:g} mm")
    return Finding(
        says=f"{name}: {status_of(one)}",
        code=f"text.{one.mention.concept}",
        value=None if size is None else size.largest_mm,
        unit="" if size is None else "mm",
        because=tuple(because),
        where="; ".join(part for part in (where_of(one), one.section) if part),
    )
