"""radiolucent check PATH [-o report.html|report.json]"""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path

from .output import refuse_existing

WORDS = {"block": "BLOCK", "warn": "warn ", "info": "info "}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command line."""
    parser.add_argument("path", metavar="PATH", type=Path, help="a file, or a folder with all that is in it")
    parser.add_argument(
        "-o", "--out", type=Path, metavar="FILE", help="report to write: .html for people, .json for programs"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace the report if it exists")
    parser.add_argument("--quiet", action="store_true", help="print the last line only")


def run(given: argparse.Namespace) -> int:
    """Print the findings, gravest first; the exit code is 1 where one of them is serious enough to stop a study."""
    if given.out is not None:
        refuse_existing(given.out, overwrite=given.overwrite)
    flow, page = import_module("radiolucent.flow.check"), import_module("radiolucent.report.check")
    series = flow.check(given.path)
    if given.out is not None:
        flow.save_check(series, given.out, overwrite=given.overwrite)
    for one in series if not given.quiet else ():
        print(f"{one.name} ({one.files} file{'s' * (one.files != 1)})")
        for finding in one.findings:
            where = f" [{finding.where}]" if finding.where else ""
            print(f"  {WORDS[finding.severity]} {finding.code}: {finding.says}{where}")
    n = page.counted(series)
    written = f"; {given.out}" if given.out is not None else ""
    print(f"{len(series)} series: {n['block']} serious, {n['warn']} warnings, {n['info']} remarks{written}")
    return 1 if n["block"] else 0
