"""Nine sections in the order in which a reader asks; each turns a study into blocks."""

from __future__ import annotations

from ..blocks import Section
from ..reading import Reading
from .calibration import calibration
from .candidates import candidates
from .checklist import checklist
from .leaks import leaks
from .looks import looks
from .methods import methods
from .operating import operating
from .subgroups import subgroups
from .who import who

WRITERS = {
    "who": who,
    "leaks": leaks,
    "candidates": candidates,
    "operating": operating,
    "calibration": calibration,
    "subgroups": subgroups,
    "looks": looks,
    "methods": methods,
    "checklist": checklist,
}


def sections(r: Reading) -> tuple[Section, ...]:
    """All sections, always the same nine: one that has nothing to show says why."""
    return tuple(Section(key, _title(r, key), write(r)) for key, write in WRITERS.items())


def _title(r: Reading, key: str) -> str:
    """A number has no operating point: its sections are called otherwise."""
    if r.kind == "number" and key == "operating":
        return r.say("number.section")
    return r.say("number.calibration" if r.kind == "number" and key == "calibration" else f"section.{key}")


__all__ = ["WRITERS", "sections"]
