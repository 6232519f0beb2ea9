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
    return tuple(Section(key, r.say(f"section.{key}"), write(r)) for key, write in WRITERS.items())


__all__ = ["WRITERS", "sections"]
