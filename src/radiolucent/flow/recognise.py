"""What am I looking at: header, numbers, look and, where one was learned, a model; what speaks against what is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from .. import __version__
from ..core import Case, Finding, Image, UnreadableError
from ..dicom import is_dicom
from ..learn import Model
from ..read import READERS
from ..recognise import markers, modality, orientation
from ..recognise.anatomy import part_of
from ..recognise.modality import SAME
from ..write.whole import whole_text
from .load import load
from .recogniser import loaded, meaning, seen_by

TOLD = {"body_part": "body part", "view": "view", "laterality": "side", "sequence": "sequence", "contrast": "contrast"}
"""Facts of a header that say what a picture shows."""
WORDS = {
    "chest": ("chest", "thorax", "lung", "cxr"), "head": ("head", "brain", "skull"), "abdomen": ("abdomen", "pelvis", "liver"),
    "breast": ("breast",), "hand": ("hand", "wrist", "finger"), "knee": ("knee",), "limb": ("leg", "arm", "extremity"),
}  # fmt: skip
"""Words by which headers name a part of the body."""
SURE = 0.9
"""Probability from which on the model's word is held against the header."""


@dataclass(frozen=True)
class Recognised:
    """What is told of one image of a case, the header's facts first."""

    name: str
    findings: tuple[Finding, ...]


def recognise(path: Path | str, *, model: Path | None = None) -> tuple[Recognised, ...]:
    """Say of every image at a path what it shows: machine, body part, plane, side, each with what it rests on.

    `model` is a folder that `recognise learn` wrote; by default the one in the user's cache, if there is one. What the
    pixels say against the header is a warning. Images with serious flaws are looked at as well.
    """
    kept = loaded(model)
    return tuple(one for name, found in _read(Path(path)) for one in _recognised(name, found, kept))


def _read(path: Path) -> Iterator[tuple[str, tuple[Case, ...] | str]]:
    """Every file that is no DICOM by itself, all DICOM of a folder together; or why something cannot be read."""
    files = sorted(f for f in path.rglob("*") if f.is_file() and not f.name.startswith(".")) if path.is_dir() else []
    if not files or any(is_dicom(file) for file in files):
        yield "", load(path, allow_blocked=True)
    for file in files:
        if not is_dicom(file) and any(reader.can_read(file) for reader in READERS):
            try:
                yield file.relative_to(path).as_posix(), load(file, allow_blocked=True)
            except UnreadableError as error:
                yield file.relative_to(path).as_posix(), str(error)


def _recognised(name: str, found: tuple[Case, ...] | str, model: Model | None) -> Iterator[Recognised]:
    if isinstance(found, str):
        yield Recognised(name, (Finding(found, "recognise.unreadable", severity="warn"),))
        return
    for number, case in enumerate(found, 1):
        for image_name, image in case.images.items():
            numbered = f"{number}: {image_name}" if len(found) > 1 else image_name
            yield Recognised(name or numbered, told(case, image, model))


def told(case: Case, image: Image, model: Model | None = None) -> tuple[Finding, ...]:
    """All findings on one image of a case, contradictions last."""
    part, shown = part_of(image)
    name, seen = (None, ()) if model is None else seen_by(model, image)
    found = (*_stated(case), *modality(image), *shown, *orientation(image), *markers(image), *seen)
    return (*found, *_part_differs(case, part, shown), *_model_differs(case, image, name, seen))


def as_json(seen: tuple[Recognised, ...]) -> str:
    """Findings by image."""
    images: list[dict[str, Any]] = [{"image": one.name, "findings": [asdict(f) for f in one.findings]} for one in seen]
    return json.dumps({"version": 1, "radiolucent": __version__, "images": images}, indent=1, ensure_ascii=False) + "\n"


def save_json(seen: tuple[Recognised, ...], out: Path, *, overwrite: bool = False) -> None:
    """Write the findings to a file, wholly or not at all."""
    whole_text(out, as_json(seen), overwrite=overwrite)


def _stated(case: Case) -> Iterator[Finding]:
    for fact, word in TOLD.items():
        if (value := case.facts.get(fact)) not in (None, ""):
            yield Finding(f"The header states the {word}: {value}.", f"recognise.stated_{fact}", because=("header",))


def _part_differs(case: Case, part: str | None, seen: tuple[Finding, ...]) -> Iterator[Finding]:
    """Where the header names another part of the body than what was seen."""
    stated = str(case.facts.get("body_part") or "").lower()
    known = [one for one, words in WORDS.items() if any(word in stated for word in words)]
    if part in WORDS and known and part not in known:
        for one in seen:
            yield replace(
                one, says=f"The header says {stated}, but it looks like {part}.", code="recognise.body_part_differs",
                severity="warn",
            )  # fmt: skip


def _model_differs(case: Case, image: Image, name: str | None, seen: tuple[Finding, ...]) -> Iterator[Finding]:
    """Where the header names another part or machine than the class that the model is sure of."""
    sure = tuple(one for one in seen if name is not None and (one.probability or 0) >= SURE)
    says = meaning(name or "")
    yield from _part_differs(case, says.body_part, sure)
    if says.modality and SAME.get(image.modality, image.modality) not in ("OT", "", says.modality):
        for one in sure:
            yield replace(
                one, says=f"The header says {image.modality}, the model sees {says.modality}.",
                code="recognise.modality_differs", severity="warn",
            )  # fmt: skip
