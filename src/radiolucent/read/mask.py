"""Masks out of any file that holds labels, with the names that 3D Slicer and ITK-SNAP give them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np

from radiolucent.core import Image, Mask, UnreadableError

from .readers import read

_LINE = re.compile(r'\s*(\d+)\s+\d+\s+\d+\s+\d+\s+[\d.]+\s+\d+\s+\d+\s+"(.*)"\s*')
_TITLE = "ITK-SnAP Label Description File"
_NO_KEY = b"\0" * 32


def masks(path: str | Path, *, labels: str | Path | None = None) -> dict[str, Mask]:
    """All masks of a file by name (overlapping segments are several masks); a picture of whole numbers is one.

    `labels` is an ITK-SNAP label file; one of the same name beside the mask (.txt, .label) is found by itself.
    """
    path = Path(path)
    cases = read(path, key=_NO_KEY)
    found = {name: one for case in cases for name, one in case.masks.items()}
    if not found:
        images = [image for case in cases for image in case.images.values()]
        if len(images) != 1:
            raise UnreadableError(f"{path} holds {len(images)} images, one is needed for a mask")
        found = {"mask": as_mask(images[0], path)}
    file = Path(labels) if labels is not None else _beside(path)
    if file is None:
        return found
    names = label_names(file)
    return {name: replace(one, names={**one.names, **_present(names, one)}) for name, one in found.items()}


def mask(path: str | Path, *, labels: str | Path | None = None) -> Mask:
    """As `masks`, for a file that holds one."""
    found = masks(path, labels=labels)
    if len(found) != 1:
        raise UnreadableError(f"{path} holds {len(found)} masks that overlap; one is needed: read them by read.masks")
    return next(iter(found.values()))


def label_names(path: str | Path) -> dict[int, str]:
    """Names by label out of an ITK-SNAP label description file."""
    path = Path(path)
    if not path.is_file():
        raise UnreadableError(f"{path} does not exist")
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    names = {int(found[1]): found[2] for line in lines if (found := _LINE.fullmatch(line)) and int(found[1])}
    if not names:
        raise UnreadableError(f"{path} is no ITK-SNAP label file: no line states a label, its colour and its name")
    return names


def as_mask(image: Image, path: str | Path = "this picture") -> Mask:
    """Labels out of a picture of whole numbers; black and white (0 and 255) becomes 0 and 1."""
    if image.is_colour:
        raise UnreadableError(f"{path}: a mask holds one label in each pixel, this picture is in colour")
    labels = np.asarray(image.array)
    if labels.dtype.kind not in "iub":
        rounded = np.rint(labels)
        if not np.array_equal(rounded, labels):
            raise UnreadableError(f"{path}: a mask holds whole numbers (labels), this picture has fractions")
        labels = rounded.astype(np.int32)
    if labels.max(initial=0) == 255 and not np.any((labels != 0) & (labels != 255)):
        labels = (labels == 255).astype(np.uint8)
    return Mask(labels, image.grid)


def _beside(path: Path) -> Path | None:
    stem = path.name
    for suffix in (".gz", ".nii", ".nrrd", ".seg", ".mha", ".mhd"):
        stem = stem.removesuffix(suffix)
    for suffix in (".label", ".txt", ".lbl"):
        file = path.with_name(stem + suffix)
        if file.is_file() and _TITLE in file.read_bytes()[:400].decode("utf-8", "replace"):
            return file
    return None


def _present(names: dict[int, str], mask: Mask) -> dict[int, str]:
    there = set(np.unique(mask.array).tolist())
    return {label: name for label, name in names.items() if label in there}
