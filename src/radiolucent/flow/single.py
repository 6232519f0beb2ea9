"""The one image that a file or folder is asked for."""

from __future__ import annotations

from pathlib import Path

from ..core import Image, InputError, unknown
from .load import Spacing, load


def single_image(
    source: Path | str, *, name: str | None = None, spacing_mm: Spacing = None, allow_blocked: bool = False
) -> Image:
    """The image called `name`, or the only one there is; what its checks block is refused unless that is allowed."""
    cases = load(source, spacing_mm=spacing_mm, allow_blocked=allow_blocked)
    if len(cases) != 1:
        raise InputError(f"{source} holds {len(cases)} cases, one is wanted; name the file or folder of one")
    images = cases[0].images
    if not images:
        raise InputError(f"{source} holds no image")
    if name is not None and name not in images:
        raise unknown("image", name, images)
    if name is None and len(images) > 1:
        raise InputError(f"{source} holds {len(images)} images; choose with --image: {', '.join(images)}")
    return images[name or next(iter(images))]
