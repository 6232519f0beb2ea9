"""The page that is written when a given split leaks and the study stops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .blocks import Block, Pictures
from .sections.leaks import leak_table
from .shell import rendered
from .study import Gallery
from .texts import texts


def leaks_page(leaks: Sequence[Mapping[str, Any]], galleries: Sequence[Gallery], *, language: str = "en") -> str:
    """What leaks, with the picture pairs, as one HTML file; `leaks` as in metrics.json."""
    say = texts(language)
    blocks: list[Block] = [leak_table(say, leaks), *(Pictures(gallery) for gallery in galleries)]
    values = {
        "title": say("leaks.stopped"),
        "next": say("leaks.stopped_next"),
        "blocks": blocks,
        "made": say("page.made", {"version": ""}).strip(),
    }
    return rendered("leaks.html", say, values)
