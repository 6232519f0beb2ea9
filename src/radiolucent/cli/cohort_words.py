"""The flags of commands that learn to draw or to know a cohort's pictures: its columns, the nets, the run."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from .spacing import add_allow_blocked
from .threads import add_threads


def add_cohort_words(columns: argparse._ArgumentGroup) -> None:
    """Add ``--image``, ``--target``, ``--patient``, ``--split`` and ``--image-root``."""
    columns.add_argument("--image", metavar="COLUMN", help="names the image files")
    columns.add_argument("--target", metavar="COLUMN", help="holds the classes")
    columns.add_argument("--patient", metavar="COLUMN", help="identifies the patient; every split obeys it")
    columns.add_argument("--split", metavar="COLUMN", help="an official split: train, val, test")
    columns.add_argument(
        "--image-root", metavar="DIR", help="folder that image paths are relative to (default: the table's)"
    )


def add_net_words(nets: argparse._ArgumentGroup, *, steps: str, again: str) -> None:
    """Add ``--size``, ``--steps``, ``--width``, ``--batch`` and ``--seed``; `steps` and `again` say what of."""
    nets.add_argument(
        "--size", type=int, choices=(28, 32, 64), metavar="PIXELS",
        help="side of the pictures: 28, 32 or 64 (default: the least that holds the source's)",
    )  # fmt: skip
    nets.add_argument("--steps", type=int, default=3000, help=f"steps of {steps} (default: 3000)")
    nets.add_argument("--width", type=int, default=24, help="filters at the finest scale (default: 24)")
    nets.add_argument("--batch", type=int, default=32, help="pictures in a step (default: 32)")
    nets.add_argument("--seed", type=int, default=0, help=f"the same seed gives the same {again} again (default: 0)")


def add_run_words(parser: argparse.ArgumentParser) -> None:
    """Add what is done with unreadable and blocked images, ``--threads``, ``--resume`` and ``--quiet``."""
    parser.add_argument("--skip-unreadable", action="store_true", help="leave unreadable images out and count them")
    add_allow_blocked(parser)
    add_threads(parser)
    parser.add_argument("--resume", action="store_true", help="continue an interrupted run in the same folder")
    parser.add_argument("--quiet", action="store_true", help="show no progress")


def asked(kind: Any, given: Mapping[str, Any]) -> Any:
    """The dataclass `kind` of what the flags of its fields' names hold."""
    return kind(**{item.name: given[item.name] for item in fields(kind) if item.name in given})
