"""Bring files into cases, each with the Step that says which file it was and what was in it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from .. import __version__
from ..check import check_series, check_usable
from ..core import Case, Finding, Image, InputError, Mask, Step
from ..core.geometry import difference
from ..read import Examination, content_files, examine, mask, read
from .transforms import load_transform

Spacing = float | tuple[float, ...] | None


def load(path: Path | str, *, spacing_mm: Spacing = None, allow_blocked: bool = False) -> tuple[Case, ...]:
    """Read a file or folder into cases, one for each examination in it, and check them.

    `spacing_mm` [mm; one for all axes, or one for each in array order] is for pictures that do not know their own.
    Each case's history begins with the Step `read.load`, which keeps the path as it was given and the hash of the
    content; its findings tell what the checks of headers and series and those of the pixels that can block have to say
    (`radiolucent.check` looks at more). A finding that blocks is refused unless `allow_blocked` is set.
    """
    digest = content_hash(path)
    cases = _checked(path, spacing_mm, allow_blocked=allow_blocked)
    if not cases:
        raise InputError(f"{path}: there is no image in it")
    return tuple(_begun(case, path, spacing_mm, number, digest, allow_blocked) for number, case in enumerate(cases))


def reload(step: Step, *, path: Path | str | None = None) -> Case:
    """The case that a `read.load` Step was written for; changed content is refused. `path` is where it lies now."""
    args = step.args
    _check_arguments(step)
    place = path if path is not None else named_path(step)
    digest = content_hash(place)
    _same_content(step, digest, place)
    allowed = bool(args.get("allow_blocked"))
    cases = _checked(place, args.get("spacing_mm"), allow_blocked=allowed)
    number = args.get("case") or 0
    if number >= len(cases):
        raise InputError(f"{place}: the history began with case {number}, there are {len(cases)}")
    return _begun(cases[number], place, args.get("spacing_mm"), number, digest, allowed)


def _checked(path: Path | str, spacing_mm: Spacing, *, allow_blocked: bool) -> tuple[Case, ...]:
    """The cases with what the checks found; what blocks is refused unless it is allowed."""
    cases = tuple(_with_findings(one) for one in examine(Path(path), spacing_mm=spacing_mm))
    blocking = [finding for case in cases for finding in case.findings if finding.severity == "block"]
    if blocking and not allow_blocked:
        raise InputError(refusal(path, blocking))
    return cases


def _with_findings(one: Examination) -> Case:
    case = one.case
    found = [finding for headers in one.series for finding in check_series(headers)]
    found += [replace(said, where=name) for name, image in case.images.items() for said in check_usable(image)]
    return replace(case, findings=(*case.findings, *found))


def refusal(path: Path | str, blocking: Sequence[Finding]) -> str:
    """Why something is not computed on, by rule, and how to go on."""
    told = {finding.code: finding for finding in reversed(blocking)}
    words = "; ".join(f"{code}: {said.says.rstrip('.')}{_in(said.where)}" for code, said in list(told.items())[:3])
    more = f"; and {len(told) - 3} more rules" if len(told) > 3 else ""
    return (
        f"{path} is not computed on, for its checks found what spoils results ({words}{more}); "
        "`radiolucent check` shows it; mend it, or go on with --allow-blocked (Python: allow_blocked=True)"
    )


def _in(where: str) -> str:
    return f" [{where}]" if where else ""


def named_path(step: Step) -> str:
    """The path that a reading step names."""
    path = step.args.get("path")
    if not isinstance(path, str) or not path:
        raise InputError(f"{step.op}: `path` must name a file or folder, got {path!r}")
    return path


def include(case: Case, path: Path | str, *, kind: str, into: str, hashes: Mapping[str, str] | None = None) -> Case:
    """Add one image, mask or transform from a file to a case; `kind` is one of these words, `into` its name there.

    A mask that lies on the grid of an image of the case takes over that very grid, so that rounding in a file header
    does not tell them apart.
    """
    step = Step(f"read.{kind}", {"path": str(path)}, into=into, version=__version__, hashes=hashes or {})
    digest = content_hash(path)
    _same_content(step, digest, path)
    parts: Mapping[str, Any] = {"image": case.images, "mask": case.masks, "transform": case.transforms}[kind]
    if into in parts:
        raise InputError(f"the case already has the {kind} {into!r}; choose another name")
    done = replace(case, history=(*case.history, replace(step, hashes={"path": digest})))
    if kind == "image":
        image = only_image(read(Path(path), spacing_mm=None), path)
        return replace(done, images={**case.images, into: image})
    if kind == "transform":
        return replace(done, transforms={**case.transforms, into: load_transform(path)})
    return replace(done, masks={**case.masks, into: _on_the_grid_of(mask(path), case)})


def load_pair(
    image: Path | str, mask: Path | str, *, spacing_mm: Spacing = None, allow_blocked: bool = False
) -> tuple[Image, Mask]:
    """The one image of a file or folder, and a mask; one on the image's grid up to rounding takes over that very grid."""
    picture = only_image(load(image, spacing_mm=spacing_mm, allow_blocked=allow_blocked), image)
    both = include(Case("pair", images={"image": picture}), mask, kind="mask", into="mask")
    return picture, both.masks["mask"]


def only_image(cases: tuple[Case, ...], path: Path | str) -> Image:
    """The one image that was read from a file."""
    images = [(name, image) for case in cases for name, image in case.images.items()]
    if len(images) != 1:
        raise InputError(f"{path}: one image is wanted, there are {len(images)}: {[name for name, _ in images]}")
    return images[0][1]


def content_hash(path: Path | str) -> str:
    """SHA-256 of a file's bytes (and of those beside it that hold its samples), or of the names and bytes in a folder."""
    path = Path(path)
    if path.is_file():
        header, *others = content_files(path)
        if not others:
            return _file_hash(header)
        return hashlib.sha256("".join(map(_file_hash, (header, *others))).encode()).hexdigest()
    if not path.is_dir():
        raise InputError(f"{path}: there is no such file or folder")
    digest = hashlib.sha256()
    for file in sorted(item for item in path.rglob("*") if item.is_file()):
        digest.update(f"{file.relative_to(path).as_posix()}\0{_file_hash(file)}\n".encode())
    return digest.hexdigest()


def _file_hash(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"{path} cannot be opened: {error.strerror}") from error


def _begun(case: Case, path: Path | str, spacing_mm: Spacing, number: int, digest: str, allow_blocked: bool) -> Case:
    args = {"path": str(path), "spacing_mm": spacing_mm, "case": number, "allow_blocked": allow_blocked}
    step = Step("read.load", args, version=__version__, hashes={"path": digest})
    return replace(case, history=(step, *case.history))


def _check_arguments(step: Step) -> None:
    """A history may have been written by hand."""
    given = step.args.get("spacing_mm")
    numbers = given if isinstance(given, tuple) else () if given is None else (given,)
    if not all(isinstance(number, int | float) for number in numbers):
        raise InputError(f"{step.op}: spacing_mm must be numbers in mm, got {given!r}")
    if not isinstance(step.args.get("allow_blocked") or False, bool):
        raise InputError(f"{step.op}: allow_blocked must be true or false, got {step.args['allow_blocked']!r}")
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
