"""radiolucent learn COHORT -o RUN"""

from __future__ import annotations

import argparse
import shlex
import sys
from importlib import import_module
from pathlib import Path

from ..core import InputError
from .cohort_words import asked
from .spacing import add_allow_blocked
from .threads import add_threads

UNITS = {"s": 1, "m": 60, "h": 3600}
GO_ON = "every finished fold is kept; give the same command with --resume to go on"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command line."""
    parser.add_argument(
        "cohort",
        help="a table (CSV, XLSX, Parquet), a folder with one sub-folder per class, a MedMNIST-form .npz, or medmnist:NAME",
    )
    parser.add_argument(
        "-o", "--out", type=Path, required=True, metavar="RUN", help="folder for the study; must be new"
    )
    _columns(parser.add_argument_group("columns of the table"))
    _design(parser.add_argument_group("design of the study"))
    _classical(parser.add_argument_group("classical candidates"))
    add_threads(parser)
    parser.add_argument("--resume", action="store_true", help="continue an interrupted run in the same folder")
    parser.add_argument("--quiet", action="store_true", help="show no progress")


def _design(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--candidates",
        metavar="NAMES",
        help="comma-separated, out of svm, forest, boosting, cnn, features, metadata (default: all of these), or resnet18, "
        "efficientnet (larger nets), fusion (cnn with the --group columns), svm_linear, logistic, elastic_net, extra_trees, "
        "lightgbm",
    )
    group.add_argument("--folds", type=int, default=5, help="patient folds where no split is given (default: 5)")
    group.add_argument("--seed", type=int, default=0, help="the same seed gives the same numbers again (default: 0)")
    group.add_argument(
        "--size", type=int, metavar="PIXELS", help="side of the prepared pictures (default: the source's, at most 256)"
    )
    group.add_argument(
        "--frames",
        type=int,
        metavar="N",
        help="learn from sequences (videos, multi-frame DICOM, volumes, folders of frames), N frames at a time; "
        "candidates: pooling, gru, lstm, bigru, convlstm, frame_voting, metadata",
    )
    group.add_argument(
        "--patience",
        type=int,
        metavar="LOOKS",
        help="stop training a net after so many looks (40 in a whole training) without gain on a fifth of its training "
        "patients, and keep the best (default: train to the end of a fixed schedule)",
    )
    group.add_argument(
        "--start",
        metavar="WEIGHTS",
        help="weights that nets on pictures start from: a local .keras, .h5 or .npz file, or the folder of a saved net; "
        "layers are matched by name and shape",
    )
    group.add_argument(
        "--replicates", type=int, default=1000, help="bootstrap replicates for each interval (default: 1000)"
    )
    group.add_argument(
        "--allow-leaks", action="store_true", help="go on although a given split leaks; marks the report"
    )
    group.add_argument("--skip-unreadable", action="store_true", help="leave unreadable images out and count them")
    add_allow_blocked(group)


def _classical(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--describe",
        metavar="PARTS",
        help="what they see, comma-separated, out of words, statistics, hog, lbp, texture, embedding, columns "
        "(those of --features) (default: words,statistics)",
    )
    group.add_argument(
        "--embed", metavar="MODEL", help="folder of a saved net whose vectors they see; not one trained on this cohort"
    )
    group.add_argument(
        "--search",
        action="store_true",
        help="look for settings and columns on inner patient folds of each training part",
    )
    group.add_argument(
        "--budget",
        type=_seconds,
        metavar="TIME",
        help="time for all searches of the study together: 90s, 10m, 2h (default: 10m)",
    )
    group.add_argument(
        "--harmonise",
        metavar="COLUMN",
        help="take the mark of this column (site, scanner) out of what they see, by ComBat",
    )


def _seconds(text: str) -> float:
    """A time such as 90s, 10m or 2h."""
    number, unit = (text[:-1], text[-1:]) if text[-1:] in UNITS else (text, "s")
    try:
        return float(number) * UNITS[unit]
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time; give for example 90s, 10m or 2h") from None


def _columns(columns: argparse._ArgumentGroup) -> None:
    columns.add_argument("--image", metavar="COLUMN", help="names the image files")
    columns.add_argument(
        "--target",
        metavar="COLUMN",
        action="append",
        help="what is to be learned; repeated, each column is a label of its own (yes or no)",
    )
    columns.add_argument(
        "--kind",
        choices=("classes", "ordinal", "number", "labels"),
        help="classes; ordinal: grades in order; number: such as age; labels: several a row, as columns or as A|B in one "
        "(default: told from the cells, and said)",
    )
    columns.add_argument("--patient", metavar="COLUMN", help="identifies the patient; every split obeys it")
    columns.add_argument(
        "--group",
        metavar="COLUMN",
        action="append",
        default=[],
        help="a subgroup to audit (sex, age, view, site); repeatable",
    )
    columns.add_argument(
        "--features",
        metavar="COLUMN",
        action="append",
        default=[],
        help="measured features to learn from, by name or pattern ('glcm_*'), as `measure radiomics` gives; repeatable",
    )
    columns.add_argument(
        "--report-column",
        metavar="COLUMN",
        help="holds the radiology report; its label is held against the target, and what differs is listed",
    )
    columns.add_argument(
        "--target-from-text",
        metavar="LABEL",
        help="learn what the reports say (pneumonia, 'pleural effusion', ...); --target is then the truth to check it by",
    )
    columns.add_argument(
        "--mask",
        metavar="COLUMN",
        help="names the mask of each image: learn to segment with a U-Net; `segment learn` does the same and has more flags",
    )
    columns.add_argument("--split", metavar="COLUMN", help="an official split: train, val, test")
    columns.add_argument(
        "--image-root", metavar="DIR", help="folder that image paths are relative to (default: the table's)"
    )
    columns.add_argument("--positive", metavar="CLASS", help="the positive class of two (default: the last in order)")


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",")) if text else ()


def run(given: argparse.Namespace) -> int:
    """Run the study and print its summary."""
    if given.mask is not None:
        return _masks(given)
    study = import_module("radiolucent.flow.study.job")
    words = {
        "source": given.cohort,
        "target": given.target[0] if given.target else None,
        "more_targets": tuple((given.target or ())[1:]),
        "groups": tuple(given.group),
        "features": tuple(given.features),
        "candidates": _names(given.candidates),
        "describe": _names(given.describe),
        "search": given.search or given.budget is not None,
        "budget_s": 600.0 if given.budget is None else given.budget,
    }
    question = asked(study.Question, vars(given) | words)
    command = shlex.join(["radiolucent", *sys.argv[1:]])
    print(
        study.learn(
            question, given.out, threads=given.threads, resume=given.resume, shown=not given.quiet, command=command
        )
    )
    return 0


def _masks(given: argparse.Namespace) -> int:
    """Learn the masks of a table; what only a study of labels has is refused."""
    others = ("target", "group", "features", "report_column", "target_from_text", "positive", "candidates", "describe",
              "embed", "search", "budget", "harmonise", "frames", "allow_leaks", "skip_unreadable", "image_root")  # fmt: skip
    if foreign := [f"--{name.replace('_', '-')}" for name in others if getattr(given, name)]:
        raise InputError(f"--mask learns masks, and {', '.join(foreign)} belong to labels; leave one or the other out")
    recipe = import_module("radiolucent.flow.recipes.learn")
    print(
        recipe.learn(
            Path(given.cohort), out=given.out, image=given.image or "image", mask=given.mask, patient=given.patient,
            split=given.split, folds=given.folds, seed=given.seed, longest_px=given.size, threads=given.threads,
            resume=given.resume, quiet=given.quiet, allow_blocked=given.allow_blocked,
        )
    )  # fmt: skip
    return 0
