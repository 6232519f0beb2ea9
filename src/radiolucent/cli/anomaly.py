"""radiolucent anomaly COHORT --normal CLASS -o RUN: learn what is normal; or IMAGES --model RUN/model -o OUT: score images"""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path

from ..core.errors import InputError
from .cohort_words import add_cohort_words, add_net_words, add_run_words, asked

GO_ON = "what was trained is kept; give the same command with --resume to go on"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command line."""
    parser.add_argument(
        "source",
        help="with --normal: a cohort as `learn` takes it; with --model: an image, a folder or a glob to score",
    )
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="RUN", help="new folder for what is written")
    parser.add_argument("--normal", metavar="CLASS", help="learn: the class of normal pictures")
    parser.add_argument("--model", type=Path, metavar="DIR", help="score: the folder `model` of an earlier run")
    parser.add_argument("--no-heat", action="store_true", help="score: write no heat maps")
    add_cohort_words(parser.add_argument_group("columns of the table"))
    nets = parser.add_argument_group("the detector")
    add_net_words(nets, steps="the generator", again="scores")
    nets.add_argument("--encoder-steps", type=int, default=2000, help="steps of the encoder (default: 2000)")
    add_run_words(parser)


def run(given: argparse.Namespace) -> int:
    """Learn what is normal, or score images, and say what came of it."""
    if (given.normal is None) == (given.model is None):
        raise InputError("give --normal CLASS to learn from a cohort, or --model RUN/model to score images")
    shown = not given.quiet
    if given.model is not None:
        flow = import_module("radiolucent.flow.unusual")
        print(flow.unusual(given.model, given.source, given.out, heat=not given.no_heat, shown=shown))
        return 0
    flow = import_module("radiolucent.flow.anomalies")
    told = flow.learn_normal(
        asked(flow.Asked, vars(given)), given.out, threads=given.threads, resume=given.resume, shown=shown
    )
    auc = told["scores"]["f_anogan"]
    print(
        f"AUC {auc['value']:.3f} [{auc['low']:.3f}, {auc['high']:.3f}] on {told['n']['test']} pictures: "
        f"{given.out / 'report.html'}"
    )
    return 0
