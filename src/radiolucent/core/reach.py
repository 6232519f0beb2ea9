"""How far an operation looks: the record that lets a volume larger than memory be worked on block by block."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .types import Grid

Along = Callable[[Grid, Mapping[str, Any]], Mapping[int, int] | None]


@dataclass(frozen=True)
class Reach:
    """An operation (by its function's name) whose result at a pixel rests on near pixels only.

    `along` takes the grid and all arguments, and gives how many pixels away along each axis (axes left out: none), or
    `None` where these arguments need the whole picture.
    """

    op: str
    along: Along
