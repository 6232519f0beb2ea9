"""The flag for what changes speed only."""

from __future__ import annotations

import argparse

from ..core.cores import cores


def add_threads(parser: argparse.ArgumentParser) -> None:
    """Add ``--threads``; the default is every core that this process may use."""
    parser.add_argument(
        "--threads", type=at_least_one, default=cores(), metavar="N", help="cores to use (default: all)"
    )


def at_least_one(word: str) -> int:
    """A number of cores, from 1."""
    number = int(word)
    if number < 1:
        raise argparse.ArgumentTypeError(f"at least 1 core is needed, got {number}")
    return number
