"""Bring files into cases, each with the Step that says which file it was and what was in it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from .. import __version__
from ..core import Case, Image, InputError, Mask, Step
from ..core.geometry import difference
from ..read import mask, read

Spacing = float | tuple[float, ...] | None


def load(path: Path | str, *, spacing_mm: Spacing = None) -> tuple[Case, ...]:
    """Read a file or folder into cases, one for each examination in it.

    `spacing_mm` [mm; one for all axes, or one for each in array order] is for pictures that do not know their own.
    Each case's history begins with the Step `read.load`, which keeps the path as it was given and the hash of the
    content.
    """
    digest = content_hash(path)
    cases = read(Path(path), spacing_mm=spacing_mm)
    if not cases:
        raise InputError(f"{path}: there is no image in it")
    return tuple(_begun(case, path, spacing_mm, number, digest) for number, case in enumerate(cases))


def reload(step: Step, *, path: Path | str | None = None) -> Case:
    """The case that a `read.load` Step was written for; changed content is refused. `path` is where it lies now."""
    args = step.args
    _check_arguments(step)
    place = path if path is not None else named_path(step)
    digest = content_hash(place)
    _same_content(step, digest, place)
    cases = read(Path(place), spacing_mm=args.get("spacing_mm"))
    number = args.get("case") or 0
    if number >= len(cases):
        raise InputError(f"{place}: the history began with case {number}, there are {len(cases)}")
    return _begun(cases[number], place, args.get("spacing_mm"), number, digest)


def named_path(step: Step) -> str:
    """The path that a reading step names."""
    path = step.args.get("path")
    if not isinstance(path, str) or not path:
        raise InputError(f"{step.op}: `path` must name a file or folder, got {path!r}")
    return path


def include(case: Case, path: Path | str, *, kind: str, into: str, hashes: Mapping[str, str] | None = None) -> Case:
    """Add one image or mask from a file to a case; `kind` is ``"image"`` or ``"mask"``, `into` its name there.

    A mask that lies on the grid of an image of the case takes over that very grid, so that rounding in a file header
    does not tell them apart.
    """
    step = Step(f"read.{kind}", {"path": str(path)}, into=into, version=__version__, hashes=hashes or {})
    digest = content_hash(path)
    _same_content(step, digest, path)
    parts: Mapping[str, Image | Mask] = case.images if kind == "image" else case.masks
    if into in parts:
        raise InputError(f"the case already has the {kind} {into!r}; choose another name")
    done = replace(case, history=(*case.history, replace(step, hashes={"path": digest})))
    if kind == "image":
        image = only_image(read(Path(path), spacing_mm=None), path)
        return replace(done, images={**case.images, into: image})
    return replace(done, masks={**case.masks, into: _on_the_grid_of(mask(path), case)})


def only_image(cases: tuple[Case, ...], path: Path | str) -> Image:
    """The one image that was read from a file."""
    images = [(name, image) for case in cases for name, image in case.images.items()]
    if len(images) != 1:
        raise InputError(f"{path}: one image is wanted, there are {len(images)}: {[name for name, _ in images]}")
    return images[0][1]


def content_hash(path: Path | str) -> str:
    """SHA-256 of a file's bytes, or of the names and bytes of all files in a folder."""
    path = Path(path)
    if path.is_file():
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    if not path.is_dir():
        raise InputError(f"{path}: there is no such file or folder")
    digest = hashlib.sha256()
    for file in sorted(item for item in path.rglob("*") if item.is_file()):
        digest.update(f"{file.relative_to(path).as_posix()}\0{content_hash(file)}\n".encode())
    return digest.hexdigest()


def _begun(case: Case, path: Path | str, spacing_mm: Spacing, number: int, digest: str) -> Case:
    args = {"path": str(path), "spacing_mm": spacing_mm, "case": number}
    step = Step("read.load", args, version=__version__, hashes={"path": digest})
    return replace(case, history=(step, *case.history))


def _check_arguments(step: Step) -> None:
    """A history may have been written by hand."""
    given = step.args.get("spacing_mm")
    numbers = given if isinstance(given, tuple) else () if given is None else (given,)
    if not all(isinstance(number, int | float) for number in numbers):
        raise InputError(f"{step.op}: spacing_mm must be numbers in mm, got {given!r}")
    if not isinstance(step.args.get("case") or 0, int):
        raise InputError(f"{step.op}: case must be a whole number, got {step.args['case']!r}")


def _same_content(step: Step, digest: str, path: Path | str) -> None:
    wanted = step.hashes.get("path")
    if wanted is not None and wanted != digest:
        raise InputError(
            f"{path}: the content is not what the history was made from (SHA-256 {digest[:12]}… instead of "
            f"{wanted[:12]}…); give the original"
        )


def _on_the_grid_of(mask: Mask, case: Case) -> Mask:
    same = (image.grid for image in case.images.values() if difference(image.grid, mask.grid) is None)
    return replace(mask, grid=next(same, mask.grid))
