"""The flag for what changes speed only."""

from __future__ import annotations

import argparse
import os


def add_threads(parser: argparse.ArgumentParser) -> None:
    """Add ``--threads``; the default is every core that this process may use."""
    parser.add_argument(
        "--threads", type=at_least_one, default=cores(), metavar="N", help="cores to use (default: all)"
    )


def at_least_one(word: str) -> int:
    number = int(word)
    if number < 1:
        raise argparse.ArgumentTypeError(f"at least 1 core is needed, got {number}")
    return number


def cores() -> int:
    """The number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
