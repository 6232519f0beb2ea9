"""Case -> Findings: guidelines as rules, a knowledge graph, the language of reports."""

from collections.abc import Callable
from typing import Any

from radiolucent.core.promises import Waiver

from .graph.consistency import consistency
from .rules import guideline

OPS: tuple[Callable[..., Any], ...] = (guideline, consistency)
WAIVERS: tuple[Waiver, ...] = ()

__all__ = ["OPS", "WAIVERS", "consistency", "guideline"]
