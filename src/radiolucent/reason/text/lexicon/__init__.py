"""The words themselves, as data: what reports name, how they deny and doubt it, how their sections are headed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def lexicon(name: str) -> Mapping[str, Any]:
    """A TOML file of this folder as it is written."""
    return tomllib.loads((files(__package__) / f"{name}.toml").read_text(encoding="utf-8"))
