"""DICOM files: one file, or a folder of them; one Case for each examination, one image for each series in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from radiolucent.core import Case, Finding, Image, InputError, UnreadableError
from radiolucent.dicom import Decoded, decode, is_dicom

from .key import content_key, keyed
from .series import images
from .spacing import Spacing, with_spacing


def can_read(path: Path) -> bool:
    """A DICOM file, or a folder with at least one in it."""
    return any(is_dicom(file) for file in _files(path))


def read(path: Path, *, spacing_mm: Spacing, key: bytes) -> tuple[Case, ...]:
    """The examinations in one file or folder, keyed; a damaged file among them is an error, a bad series a finding."""
    paths = [file for file in _files(path) if is_dicom(file)]
    studies: dict[tuple[str, str], list[Decoded]] = defaultdict(list)
    where: dict[tuple[str, str], Path] = {}
    for file in paths:
        decoded = _with_a_picture(file, alone=len(paths) == 1)
        if decoded is not None:
            study = (decoded.identity.patient, decoded.identity.study)
            studies[study].append(decoded)
            where.setdefault(study, file)
    if not studies:
        raise UnreadableError(f"{path} holds {len(paths)} DICOM files, none of them a picture")
    return tuple(
        _case(files, where[study], key=key, spacing_mm=spacing_mm, among=len(studies))
        for study, files in sorted(studies.items())
    )


def _files(path: Path) -> Iterable[Path]:
    if not path.is_dir():
        return (path,)
    return sorted(file for file in path.rglob("*") if file.is_file() and not file.name.startswith("."))


def _with_a_picture(file: Path, *, alone: bool) -> Decoded | None:
    """Folders of an export also hold structured reports, plans and the like: no picture, no harm."""
    try:
        return decode(file)
    except UnreadableError as error:
        if alone or "holds no picture" not in str(error):
            raise
        return None


def _case(files: list[Decoded], where: Path, *, key: bytes, spacing_mm: Spacing, among: int) -> Case:
    found: list[tuple[str, Image]] = []
    findings: list[Finding] = []
    refused: list[str] = []
    for group in _series(files):
        try:
            made, remarks = images(group)
        except UnreadableError as error:
            refused.append(str(error))
            continue
        found += made
        findings += [remark for remark in remarks if remark not in findings]
    if not found:
        raise UnreadableError(f"{where.parent}: {refused[0]}")
    findings += [
        Finding(says=f"A series was left out: {why}.", code="series.refused", severity="block") for why in refused
    ]
    found, given = _with_spacing(found, spacing_mm, among=among)
    return Case(
        key=_key(files[0], where, key),
        facts=_common([file.facts for file in files]),
        images=_named(found),
        findings=(*findings, *given),
    )


def _series(files: list[Decoded]) -> list[list[Decoded]]:
    groups: dict[tuple[int, str], list[Decoded]] = defaultdict(list)
    for file in files:
        groups[file.identity.series_number, file.identity.series].append(file)
    return [groups[series] for series in sorted(groups)]


def _with_spacing(
    found: list[tuple[str, Image]], spacing_mm: Spacing, *, among: int
) -> tuple[list[tuple[str, Image]], tuple[Finding, ...]]:
    if spacing_mm is not None and (len(found) > 1 or among > 1):
        raise InputError(f"spacing_mm was given for {max(len(found), among)} images at once; give it for one image")
    name, image = found[0]
    grid, given = with_spacing(image.grid, spacing_mm)
    return [(name, image.with_array(image.array, grid=grid)), *found[1:]], given


def _named(found: list[tuple[str, Image]]) -> dict[str, Image]:
    """Images by the name of what tells them apart; a name that is taken gets a number."""
    images: dict[str, Image] = {}
    for label, image in found:
        name = label or "image"
        count = sum(other == name or other.rpartition("_")[0] == name for other in images)
        images[name if name not in images else f"{name}_{count + 1}"] = image
    return images


def _common(facts: list[Any]) -> dict[str, Any]:
    """What all images of the examination agree on."""
    first, *others = facts
    return {name: value for name, value in first.items() if all(other.get(name) == value for other in others)}


def _key(file: Decoded, where: Path, key: bytes) -> str:
    ids = file.identity
    if ids.patient or ids.study:
        return keyed(f"{ids.patient}\0{ids.study}", key)
    return content_key(where, key)
