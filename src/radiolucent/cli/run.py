"""radiolucent run PLAN IN -o DIR: a plan on a case, or a history again."""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path

from .spacing import add_allow_blocked, add_spacing


def arguments(parser: argparse.ArgumentParser) -> None:
    """Flags of `radiolucent run`."""
    parser.add_argument("plan", type=Path, metavar="PLAN", help="a plan (.toml, .json), or the history.json of a run")
    parser.add_argument(
        "source",
        nargs="?",
        metavar="IN",
        help="file or folder to run it on; for a history: where its file lies now, if it was moved",
    )
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="DIR", help="folder for what is made")
    add_spacing(parser)
    add_allow_blocked(parser)
    parser.add_argument("--suffix", default=".nii.gz", help="form of images and masks (default: .nii.gz)")
    parser.add_argument(
        "--block-mb",
        type=float,
        metavar="MB",
        help="slabs for what can be done in slabs (default: where memory would not do)",
    )
    parser.add_argument("--overwrite", action="store_true", help="replace DIR if it exists")
    parser.add_argument("--quiet", action="store_true", help="show no progress")


def run(given: argparse.Namespace) -> int:
    """Run the plan on every case of IN, or the history again, and write what was made."""
    return import_module(f"{__package__}.carry").carry_out(given)
