"""The flags that name a cohort's columns, for commands that learn from pictures and one target."""

from __future__ import annotations

import argparse


def add_cohort_words(columns: argparse._ArgumentGroup) -> None:
    """Add ``--image``, ``--target``, ``--patient``, ``--split`` and ``--image-root``."""
    columns.add_argument("--image", metavar="COLUMN", help="names the image files")
    columns.add_argument("--target", metavar="COLUMN", help="holds the classes")
    columns.add_argument("--patient", metavar="COLUMN", help="identifies the patient; every split obeys it")
    columns.add_argument("--split", metavar="COLUMN", help="an official split: train, val, test")
    columns.add_argument(
        "--image-root", metavar="DIR", help="folder that image paths are relative to (default: the table's)"
    )
