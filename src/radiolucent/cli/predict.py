"""radiolucent predict RUN/model INPUT -o OUT"""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path

from .threads import add_threads


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command line."""
    parser.add_argument("model", type=Path, help="folder of a saved model, such as RUN/model")
    parser.add_argument("input", help="an image, a folder of images, or a glob in quotes")
    parser.add_argument(
        "-o", "--out", type=Path, required=True, help="folder for predictions.csv and heat maps; must be new"
    )
    parser.add_argument("--no-heat", action="store_true", help="draw no heat maps")
    add_threads(parser)
    parser.add_argument("--quiet", action="store_true", help="show no progress")


def run(given: argparse.Namespace) -> int:
    """Judge the images and say where the table is."""
    flow = import_module("radiolucent.flow.predict")
    print(
        flow.predict(
            given.model, given.input, given.out, threads=given.threads, heat=not given.no_heat, shown=not given.quiet
        )
    )
    return 0
