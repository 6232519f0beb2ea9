"""radiolucent recognise PATH [-o FILE.json]: what am I looking at; and the operations and recipes of the stage."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from ..flow.ops import stage_operations
from ..flow.recipes import recipes_of
from .operation import run_stage as run_operation
from .output import refuse_existing
from .parser import Parser


def run_stage(stage: str, words: Sequence[str]) -> int:
    """An operation or recipe by its name; any other first word is a path."""
    first = words[0] if words else ""
    known = {name.partition(".")[2] for name in stage_operations(stage)} | set(recipes_of(stage))
    if first in ("", "-h", "--help"):
        look_parser().print_help()
        print()
        return run_operation(stage, ["--help"])
    if {first.replace("-", "_"), first.replace("_", "-")} & known and not Path(first).exists():
        return run_operation(stage, words)
    return _look(look_parser().understood(words))


def look_parser() -> Parser:
    """The words of `radiolucent recognise PATH`."""
    text = (
        "Say what scans show: machine, body part, plane, side, each with what it rests on; and what speaks against it."
    )
    parser = Parser(prog="radiolucent recognise", description=text)
    parser.add_argument("path", metavar="PATH", type=Path, help="a file, or a folder")
    parser.add_argument(
        "--model", type=Path, metavar="DIR", help="model of `recognise learn-pictures` (default: your cache's)"
    )
    parser.add_argument("-o", "--out", type=Path, metavar="FILE", help="write the findings as .json")
    parser.add_argument("--overwrite", action="store_true", help="replace FILE if it exists")
    return parser


def _look(given: argparse.Namespace) -> int:
    if given.out is not None:
        refuse_existing(given.out, overwrite=given.overwrite)
    flow = import_module("radiolucent.flow.recognise")
    seen = flow.recognise(given.path, model=given.model)
    if given.out is not None:
        flow.save_json(seen, given.out, overwrite=given.overwrite)
    for one in seen:
        print(one.name)
        for finding in one.findings:
            mark = "warn" if finding.severity == "warn" else "    "
            share = f" ({finding.probability:.2f})" if finding.probability is not None else ""
            where = f" [{finding.where}]" if finding.where else ""
            print(f"  {mark} {finding.says.rstrip('.')}{share}{where}: {'; '.join(finding.because)}".rstrip(": "))
    warned = sum(finding.severity == "warn" for one in seen for finding in one.findings)
    print(f"{len(seen)} image{'s' * (len(seen) != 1)}, {warned} contradiction{'s' * (warned != 1)}; not for diagnosis")
    return 0
