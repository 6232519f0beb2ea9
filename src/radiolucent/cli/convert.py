"""radiolucent convert IN OUT: from any form that can be read to any that can be written."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path

from ..core.errors import InputError
from .output import refuse_existing, whole_folder
from .spacing import add_spacing, spacing


def arguments(parser: argparse.ArgumentParser) -> None:
    """Flags of `radiolucent convert`."""
    parser.add_argument(
        "source",
        metavar="IN",
        type=Path,
        help="a file (DICOM, NIfTI, NRRD, MetaImage, picture, video, zip) or a folder",
    )
    parser.add_argument(
        "out",
        metavar="OUT",
        type=Path,
        help=".nii.gz, .nii, .nrrd, .png, .tif or .dcm (a mask: SEG); without suffix a DICOM series",
    )
    parser.add_argument("--image", dest="name", metavar="NAME", help="which image or mask, where IN holds several")
    parser.add_argument(
        "--like",
        type=Path,
        metavar="DICOM",
        help="take patient and study from this file, for a mask from this folder (default: IN, if it is DICOM)",
    )
    parser.add_argument(
        "--codec", metavar="CODEC", help="compress DICOM: j2k, htj2k, jpegls, rle or deflate (jpeg with --ratio)"
    )
    parser.add_argument(
        "--ratio",
        type=float,
        metavar="R",
        help="least ratio of stored to coded size, lossy where it must be (marked so)",
    )
    parser.add_argument("--mask", dest="as_mask", action="store_true", help="IN holds labels: write it as a mask")
    add_spacing(parser)
    parser.add_argument("--overwrite", action="store_true", help="replace OUT if it exists")


def run(given: argparse.Namespace) -> int:
    """Convert, and say what was remarked in reading."""
    flow = import_module("radiolucent.flow.convert")
    if given.ratio is not None and not given.ratio >= 1:
        raise InputError(f"a ratio of stored to coded size is at least 1, got {given.ratio:g}")
    refuse_existing(given.out, overwrite=given.overwrite)
    options = {"name": given.name, "like": given.like, "spacing_mm": spacing(given.spacing_mm)}
    options |= {"codec": given.codec, "ratio": given.ratio, "as_mask": given.as_mask}
    if given.out.suffix:
        remarks = flow.convert(given.source, given.out, overwrite=given.overwrite, **options)
    else:
        with whole_folder(given.out) as folder:
            remarks = flow.convert(given.source, folder, **options)
    for remark in remarks:
        print(remark, file=sys.stderr)
    print(given.out)
    return 0
