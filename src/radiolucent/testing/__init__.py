"""The promises that every operation keeps, as checks that other packages can run on theirs.

In a test of your package::

    def test_sharpen_keeps_the_promises():
        check_op(sharpen, stage="process", waivers=(Waiver("sharpen", "flips", "it looks to the left"),))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..core import Waiver
from ..flow.ops import describe
from .promises import CHECKS
from .specimen import ball, constant, specimen

__all__ = ["CHECKS", "Waiver", "ball", "check_op", "constant", "specimen"]


def check_op(function: Callable[..., Any], *, stage: str = "process", waivers: Iterable[Waiver] = ()) -> None:
    """Run every promise on one operation; the `AssertionError` lists each that is broken and not waived."""
    op = describe(function, stage=stage)
    waived = {waiver.promise for waiver in waivers if waiver.op in (op.name, op.short)}
    broken = [f"{name}: {problem}" for name, check in CHECKS.items() if name not in waived and (problem := check(op))]
    if broken:
        raise AssertionError("\n  ".join([f"{op.name} breaks {len(broken)} of {len(CHECKS)} promises", *broken]))
