"""The flag for what changes speed only."""

from __future__ import annotations

import argparse
import os


def add_threads(parser: argparse.ArgumentParser) -> None:
    """Add ``--threads``; the default is every core that this process may use."""
    parser.add_argument("--threads", type=int, default=cores(), metavar="N", help="cores to use (default: all)")


def cores() -> int:
    """The number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
