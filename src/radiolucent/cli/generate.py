"""radiolucent generate COHORT -o RUN: a generator of a cohort's pictures, judged; or RUN/model -o OUT: draw from a kept one"""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path

from .cohort_words import add_cohort_words, add_net_words, add_run_words, asked

GO_ON = "what was trained is kept; give the same command with --resume to go on"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command line."""
    parser.add_argument(
        "source", help="a cohort as `learn` takes it, or the folder `model` of an earlier run, to draw from it"
    )
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="RUN", help="new folder for what is written")
    add_cohort_words(parser.add_argument_group("columns of the table"))
    nets = parser.add_argument_group("the generator")
    nets.add_argument(
        "--kind", choices=("wgan-gp", "dcgan"), default="wgan-gp",
        help="wgan-gp: Wasserstein with gradient penalty; dcgan: about twice as fast (default: wgan-gp)",
    )  # fmt: skip
    add_net_words(nets, steps="training", again="pictures")
    drawn = parser.add_argument_group("what is drawn, and what is measured")
    drawn.add_argument("--draw", type=int, default=100, metavar="N", help="pictures to write (default: 100)")
    drawn.add_argument("--label", metavar="CLASS", help="from a kept generator: draw this class alone")
    drawn.add_argument(
        "--form", choices=("png", "dicom", "npz"), default="png",
        help="how they are written; each form bears the mark that they are synthetic (default: png)",
    )  # fmt: skip
    drawn.add_argument(
        "--seeds", type=int, default=5, metavar="N",
        help="seeds of the downstream test, four classifiers each; 0 leaves it out (default: 5)",
    )  # fmt: skip
    drawn.add_argument(
        "--synthetic", type=float, default=1.0, metavar="SHARE",
        help="generated pictures for each real one in the downstream test (default: 1.0)",
    )  # fmt: skip
    add_run_words(parser)


def run(given: argparse.Namespace) -> int:
    """Train and judge a generator, or draw from a kept one, and say what came of it."""
    flow = import_module("radiolucent.flow.generating")
    if flow.known_model(Path(given.source)):
        rows = flow.drawn(
            Path(given.source), given.out, n=given.draw, seed=given.seed, form=given.form, label=given.label
        )
        print(f"{len(rows)} synthetic pictures, marked as such: {given.out / 'manifest.csv'}")
        return 0
    told = flow.generate(
        asked(flow.Asked, vars(given)), given.out, threads=given.threads, resume=given.resume, shown=not given.quiet
    )
    print(flow.sentence(told, given.out))
    return 0
