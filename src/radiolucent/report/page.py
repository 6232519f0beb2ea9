"""A study as one self-contained HTML page."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from .blocks import NUMBERS
from .reading import Reading
from .sections import sections
from .sentences import answer, how_sure, leaky, what_is_wrong, what_it_beats
from .study import Study, media_type
from .texts import texts


def study_page(study: Study, *, language: str = "en") -> str:
    """The whole report as one HTML file: no request leaves it, and it reads without script.

    Everything that comes from the study is escaped; the page's own policy forbids any script but the one that copies
    tables, and any picture but those inside the file.
    """
    reading = Reading(study, texts(language))
    script = _resource("copy.js")
    return (
        _environment()
        .get_template("page.html")
        .render(
            say=reading.say,
            numbers=NUMBERS,
            data_uri=data_uri,
            title=study.title or reading.target,
            answer=answer(reading),
            leaky=leaky(reading),
            sure=how_sure(reading),
            wrong=what_is_wrong(reading),
            beats=what_it_beats(reading),
            sections=sections(reading),
            made=_made(reading),
            style=Markup(_resource("style.css")),  # noqa: S704  our own file
            script=Markup(script),  # noqa: S704  our own file
            script_hash=b64encode(sha256(script.encode()).digest()).decode(),
        )
    )


def data_uri(content: bytes) -> str:
    """A picture inside the page."""
    return f"data:{media_type(content)};base64,{b64encode(content).decode()}"


def _made(reading: Reading) -> str:
    made = reading.say("page.made", {"version": reading.metrics.get("radiolucent", "")})
    finished = reading.study.provenance.get("finished")
    return f"{made}, {finished}" if finished else made


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("radiolucent.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _resource(name: str) -> str:
    return (files("radiolucent.report") / "templates" / name).read_text(encoding="utf-8")
