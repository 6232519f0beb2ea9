"""radiolucent demo -o RUN"""

from __future__ import annotations

import argparse
import shlex
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from .threads import add_threads

GROUPS = ("sex", "age", "site")
PATIENTS = 60


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command line."""
    parser.add_argument(
        "-o", "--out", type=Path, required=True, metavar="RUN", help="folder for the study; must be new"
    )
    parser.add_argument(
        "--cohort",
        metavar="PATH_OR_NAME",
        help="a real cohort instead: a folder with one sub-folder per class, an .npz, or medmnist:NAME "
        "(for a table use learn, which takes its columns)",
    )
    parser.add_argument("--seed", type=int, default=0, help="of the phantom and of the study (default: 0)")
    add_threads(parser)
    parser.add_argument("--quiet", action="store_true", help="show no progress")


def run(given: argparse.Namespace) -> int:
    """Draw the phantoms (or take a real cohort), run the study and print its summary."""
    study = import_module("radiolucent.flow.study.job")
    command = shlex.join(["radiolucent", *sys.argv[1:]])
    settings = {"threads": given.threads, "shown": not given.quiet, "command": command}
    if given.cohort:
        # A public split may leak (BreastMNIST's does): the demonstration shows it instead of stopping at it.
        question = study.Question(source=given.cohort, seed=given.seed, allow_leaks=True)
        print(study.learn(question, given.out, **settings))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        table = import_module("radiolucent.phantom").radiographs(
            Path(folder) / "phantoms", patients=PATIENTS, seed=given.seed
        )
        question = study.Question(
            source=str(table), target="nodule", patient="patient", groups=GROUPS, folds=3, seed=given.seed
        )
        print(study.learn(question, given.out, **settings))
    return 0
