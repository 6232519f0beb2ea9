"""The page that is written when a given split leaks and the study stops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from .study import Gallery


def leaks_page(leaks: Sequence[Mapping[str, Any]], galleries: Sequence[Gallery]) -> str:
    """What leaks, with the picture pairs, as one HTML file."""
    return "".join(f"<p>{escape(leak['says'])}</p>" for leak in leaks)
