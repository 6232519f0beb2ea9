"""radiolucent evaluate PREDICTIONS --target COLUMN --score COLUMN -o OUT"""

from __future__ import annotations

import argparse
import shlex
import sys
from importlib import import_module
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command line."""
    parser.add_argument("predictions", type=Path, help="a table (CSV, XLSX, Parquet) with one row per image")
    parser.add_argument(
        "-o", "--out", type=Path, help="folder for report.html and metrics.json; must be new (default: NAME-audit)"
    )
    parser.add_argument("--target", metavar="COLUMN", required=True, help="the truth")
    parser.add_argument(
        "--score",
        metavar="COLUMN",
        action="append",
        required=True,
        help="probability of the positive class; repeatable, the first is compared with the others; "
        "for more classes a pattern such as 'p_{class}'",
    )
    parser.add_argument(
        "--group", metavar="COLUMN", action="append", default=[], help="a subgroup to audit; repeatable"
    )
    parser.add_argument("--patient", metavar="COLUMN", help="identifies the patient, whose images are drawn together")
    parser.add_argument(
        "--fold", metavar="COLUMN", help="the fold that tested the row; figures are also given per fold"
    )
    parser.add_argument("--positive", metavar="CLASS", help="the positive class of two (default: the last in order)")
    parser.add_argument("--threshold", type=float, help="operating point, chosen elsewhere (default: 0.5, and said so)")
    parser.add_argument("--seed", type=int, default=0, help="of the bootstrap (default: 0)")
    parser.add_argument("--replicates", type=int, default=1000, help="bootstrap replicates (default: 1000)")


def run(given: argparse.Namespace) -> int:
    """Audit the table and print the summary."""
    flow = import_module("radiolucent.flow.evaluate")
    print(
        flow.evaluate(
            given.predictions,
            given.out or Path(f"{given.predictions.stem}-audit"),
            target=given.target,
            scores=tuple(given.score),
            groups=tuple(given.group),
            patient=given.patient,
            fold=given.fold,
            positive=given.positive,
            threshold=given.threshold,
            seed=given.seed,
            replicates=given.replicates,
            command=shlex.join(["radiolucent", *sys.argv[1:]]),
        )
    )
    return 0
