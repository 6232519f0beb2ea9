"""radiolucent deid IN OUT --key key.json: files without what identifies, DICOM by PS3.15 Annex E, and a report of what was done."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from pathlib import Path

from ..core.errors import InputError
from .threads import add_threads

PASSPHRASE = "RADIOLUCENT_PASSPHRASE"  # noqa: S105  the name of a variable
GO_ON = "what was written is whole; give the same command to go on"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Flags of `radiolucent deid`."""
    parser.add_argument(
        "source",
        metavar="IN",
        type=Path,
        help="a file, or a folder with all that is in it: DICOM, NIfTI, NRRD, "
        "MetaImage, PNG, JPEG, TIFF, JSON side-cars, CSV and XLSX tables",
    )
    parser.add_argument("out", metavar="OUT", type=Path, help="a new folder, or one that this command was stopped in")
    parser.add_argument(
        "--key", type=Path, required=True, metavar="FILE", help="your key file; made where there is none: keep it"
    )
    parser.add_argument(
        "--profile", choices=("basic",), default="basic", help="of DICOM PS3.15 Annex E (default: basic)"
    )
    parser.add_argument(
        "--keep", nargs="+", default=[], metavar="WHAT",
        help="full-dates, modified-dates, patient-characteristics, device, uids, safe-private, institution",
    )  # fmt: skip
    parser.add_argument(
        "--clean", nargs="+", default=[], metavar="WHAT",
        help="instead of removing: descriptors, structured-content, graphics; or as well: pixels, faces (of head CT and MR)",
    )  # fmt: skip
    parser.add_argument(
        "--second-opinion", action="store_true", help="with --clean pixels: make black what Tesseract reads, too"
    )
    parser.add_argument(
        "--map", type=Path, metavar="FILE",
        help=f"write who is who, encrypted, opened by the key (or by the passphrase in {PASSPHRASE})",
    )  # fmt: skip
    parser.add_argument(
        "--open-map", action="store_true", help="IN is a sealed map: write who is who to OUT (.csv), and nothing else"
    )
    parser.add_argument("--verify", action="store_true", help="search the output for every identifier of the input")
    parser.add_argument(
        "--verify-pixels", action="store_true",
        help="the same, and let Tesseract read the pixels for what their own header tells (a third of a second a file)",
    )  # fmt: skip
    add_threads(parser)
    parser.add_argument("--quiet", action="store_true", help="print the last line only")


def run(given: argparse.Namespace) -> int:
    """De-identify, and say in one line what came of it; the exit code is 1 where files were left out."""
    flow = import_module("radiolucent.flow.deid")
    passphrase = os.environ.get(PASSPHRASE) or None
    if given.open_map:
        print(f"{flow.open_map(given.source, given.out, given.key, passphrase)} lines; {given.out}")
        return 0
    job = flow.Job(
        given.source, given.out, given.key, tuple(_words(given.keep)), tuple(_words(given.clean)), given.map,
        passphrase, given.threads, given.verify, given.second_opinion, given.verify_pixels,
    )  # fmt: skip
    told = flow.deidentify_folder(job, None if given.quiet else _progress)
    n = told["files"]
    left = n.get("damaged", 0) + n.get("refused", 0)
    print(
        f"{n.get('done', 0)} files of {told['patients']} patients written; {left} damaged or refused, "
        f"{n.get('other', 0)} of another kind and not copied; {given.out / flow.PAGE}"
    )
    if told["mixed"]:
        print(
            f"patient IDs that bear several names or birth dates: {len(told['mixed'])}; see the report", file=sys.stderr
        )
    return 1 if left else 0


def _words(given: list[str]) -> list[str]:
    words = [word for part in given for word in part.split(",") if word]
    if len(set(words)) < len(words):
        raise InputError("an option is named twice")
    return words


def _progress(done: int, of: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done:,} of {of:,} files", end="\n" if done >= of else "", file=sys.stderr, flush=True)
