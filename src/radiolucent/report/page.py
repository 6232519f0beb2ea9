"""A study as one self-contained HTML page."""

from __future__ import annotations

from .problems import what_is_wrong
from .reading import Reading, read
from .sections import sections
from .sentences import answer, how_sure, leaky, what_it_beats
from .shell import rendered
from .study import Study


def study_page(study: Study, *, language: str = "en") -> str:
    """The whole report as one HTML file: no request leaves it, and it reads without script.

    Everything that comes from the study is escaped; the page's own policy forbids any script but the one that copies
    tables, and any picture but those inside the file.
    """
    reading = read(study, language)
    values = {
        "title": study.title or reading.target,
        "answer": answer(reading),
        "leaky": leaky(reading),
        "sure": how_sure(reading),
        "wrong": what_is_wrong(reading),
        "beats": what_it_beats(reading),
        "sections": sections(reading),
        "made": _made(reading),
    }
    return rendered("page.html", reading.say, values)


def _made(reading: Reading) -> str:
    made = reading.say("page.made", {"version": reading.metrics.get("radiolucent", "")})
    finished = reading.study.provenance.get("finished")
    return f"{made}, {finished}" if finished else made
