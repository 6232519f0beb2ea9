"""A kept U-Net applied to one image."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from ...write import write
from ..outlining import outlined
from ..single import single_image
from .parameters import AllowBlocked, Overwrite


def unet(
    image: Annotated[Path, Field(description="the image: a file, or a folder of one series")],
    *,
    model: Annotated[Path, Field(description="folder `model` of a study of `radiolucent segment learn`")],
    out: Annotated[Path, Field(description="mask to write; the suffix chooses the form")],
    unsure: Annotated[
        Path | None,
        Field(description="picture of uncertainty to write (0 sure, 1 all labels alike), on the net's grid"),
    ] = None,
    overwrite: Overwrite = False,
    allow_blocked: AllowBlocked = False,
) -> str:
    """Segment an image with a U-Net that was learned before."""
    mask, entropy = outlined(single_image(image, allow_blocked=allow_blocked), model)
    write(mask, out, overwrite=overwrite)
    if unsure is not None:
        write(entropy, unsure, overwrite=overwrite)
    found = {name: int((mask.array == label).sum()) for label, name in mask.names.items()}
    told = ", ".join(f"{name} {n} pixels" for name, n in found.items())
    return f"{told}: {out}" if any(found.values()) else f"nothing was found; the mask is empty: {out}"
