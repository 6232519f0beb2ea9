"""radiolucent export RUN/model -o NAME.onnx"""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path

from .output import refuse_existing


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command line."""
    parser.add_argument("model", type=Path, help="folder of a saved net, such as RUN/model")
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="NAME.onnx", help="file to write")
    parser.add_argument("--overwrite", action="store_true", help="replace the file if it is there")


def run(given: argparse.Namespace) -> int:
    """Write the file and say what is in it."""
    refuse_existing(given.out, overwrite=given.overwrite)
    flow = import_module("radiolucent.flow.export")
    print(flow.export(given.model, given.out, overwrite=given.overwrite))
    return 0
