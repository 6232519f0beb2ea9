"""Flags of what is read: the spacing of pictures that do not know their own, and data that the checks refuse."""

from __future__ import annotations

import argparse
from collections.abc import Sequence


def add_spacing(group: argparse._ActionsContainer, flag: str = "--spacing-mm", *, dest: str = "spacing_mm") -> None:
    """Add the flag: one number for all axes, or one for each."""
    group.add_argument(
        flag,
        dest=dest,
        nargs="+",
        type=float,
        metavar="MM",
        help="spacing of a picture that does not know its own [mm]: one number, or one for each axis (z y x)",
    )


def add_allow_blocked(group: argparse._ActionsContainer) -> None:
    """Add the flag for going on with what the checks refuse."""
    group.add_argument(
        "--allow-blocked", action="store_true", help="go on with data in which the checks found what spoils results"
    )


def spacing(given: Sequence[float] | None) -> float | tuple[float, ...] | None:
    """What `load` takes."""
    if not given:
        return None
    return given[0] if len(given) == 1 else tuple(given)
