"""Parameters that several recipes take, each with its bounds and its words."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from ...core import InputError

Page = Annotated[Path, Field(description="page to write (.html)")]
Overwrite = Annotated[bool, Field(description="replace OUT if it exists")]
Threads = Annotated[int | None, Field(ge=1, description="cores to use; none: all")]
Quiet = Annotated[bool, Field(description="show no progress")]
AllowBlocked = Annotated[bool, Field(description="go on with images in which the checks found what spoils results")]
SpacingMm = Annotated[float | None, Field(gt=0, description="spacing of pictures that do not know their own [mm]")]
SpacingsMm = Annotated[
    float | tuple[float, ...] | None, Field(description="spacing of pictures that do not know their own [mm]")
]
Label = Annotated[int | None, Field(ge=1, description="label to measure; none: every label of the mask")]
Filters = Annotated[
    tuple[str, ...], Field(description="measure on these responses too: log:sigma_mm=3 wavelet:wavelet=coif1 ...")
]


def check_page(out: Path) -> None:
    """Refuse a suffix that no page has, before anything is computed."""
    if out.suffix != ".html":
        raise InputError(f"{out.name}: the page is HTML; give a name that ends in .html")
