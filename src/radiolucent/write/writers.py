"""Write a picture or mask to a file, chosen by suffix."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from radiolucent.core import Image, InputError, Mask

from .nifti import write_nifti
from .nrrd import write_nrrd
from .picture import write_png, write_tiff
from .whole import whole_file

WRITERS: dict[str, Callable[[Any, Path], None]] = {
    ".nii.gz": write_nifti,
    ".nii": write_nifti,
    ".nrrd": write_nrrd,
    ".png": write_png,
    ".tiff": write_tiff,
    ".tif": write_tiff,
}


def write(value: Image | Mask, path: str | Path, *, overwrite: bool = False) -> Path:
    """Write `value`: .nii, .nii.gz and .nrrd keep geometry (.nrrd the names of labels too), .tif the values, .png a view.

    The file appears whole or not at all. Raises `InputError` if it exists, cannot be written or cannot hold the value.
    """
    path = Path(path)
    writer = next((WRITERS[suffix] for suffix in WRITERS if path.name.lower().endswith(suffix)), None)
    if writer is None:
        raise InputError(f"{path.name}: no writer for this suffix; use one of {', '.join(WRITERS)}")
    with whole_file(path, overwrite=overwrite) as draft:
        writer(value, draft)
    return path
