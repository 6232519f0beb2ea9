"""What every page shares: one file, no request, a policy that forbids foreign script, and the two themes."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from .blocks import NUMBERS
from .study import media_type
from .texts import Texts


def rendered(template: str, say: Texts, values: Mapping[str, Any]) -> str:
    """A page from `template`; everything in `values` is escaped unless it is Markup of our own making."""
    script = _resource("copy.js")
    shared = {
        "say": say,
        "numbers": NUMBERS,
        "data_uri": data_uri,
        "style": Markup(_resource("style.css")),  # noqa: S704  our own file
        "script": Markup(script),  # noqa: S704  our own file
        "script_hash": b64encode(sha256(script.encode()).digest()).decode(),
    }
    return _environment().get_template(template).render(shared | dict(values))


def data_uri(content: bytes) -> str:
    """A picture inside the page."""
    return f"data:{media_type(content)};base64,{b64encode(content).decode()}"


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
