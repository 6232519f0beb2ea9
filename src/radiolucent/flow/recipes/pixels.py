"""Labelling a picture by a pixel classifier that was learned before."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from ...core import InputError
from ...learn.model import load
from ..pixels import classified
from ..save import check_suffix, save_part
from ..single import single_image
from .parameters import AllowBlocked, Overwrite, SpacingMm


def pixels(
    source: Annotated[Path, Field(description="the picture to label: a file, or a folder of one series")],
    *,
    out: Annotated[Path, Field(description="mask to write; the suffix chooses the form")],
    model: Annotated[Path, Field(description="folder that `radiolucent segment learn-pixels` wrote")],
    spacing_mm: SpacingMm = None,
    overwrite: Overwrite = False,
    allow_blocked: AllowBlocked = False,
) -> str:
    """Label each pixel of a picture by a classifier learned from masks.

    The mask has the labels and names of the masks that it was learned from.
    """
    check_suffix(out)
    found = load(model)
    if found.manifest.get("what") != "pixels":
        raise InputError(f"{model} is no pixel classifier; learn one with `radiolucent segment learn-pixels`")
    picture = single_image(source, spacing_mm=spacing_mm, allow_blocked=allow_blocked)
    mask = classified(picture, found.estimator, found.manifest)
    save_part(mask, out, overwrite=overwrite)
    shares = [f"{mask.names.get(k, k)} {(mask.array == k).mean():.1%}" for k in found.manifest["labels"] if k]
    return f"{', '.join(shares)} of the picture: {out}"
