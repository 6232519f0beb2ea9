"""DICOM files: one file, or a folder of them; one Case for each examination, one image for each series in it."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydicom.dataset import Dataset

from radiolucent.core import Case, Finding, Image, InputError, Mask, UnreadableError
from radiolucent.dicom import (
    Alike,
    Contours,
    Decoded,
    Header,
    Segments,
    decode_contours,
    decode_dataset,
    decode_segments,
    header_record,
    is_dicom,
    is_directory,
    listed_files,
    read_dataset,
)

from .key import content_key, keyed
from .regions import contour_masks, segment_masks
from .series import images
from .spacing import Spacing, with_spacing

Part = Decoded | Segments | Contours


@dataclass(frozen=True)
class Examination:
    """A case, and the headers of the pictures that it was made from, series by series."""

    case: Case
    series: tuple[tuple[Header, ...], ...] = ()


@dataclass(frozen=True)
class Study:
    """What the files of one examination hold, the first of them, and (where asked for) the pictures' headers by series."""

    first: Path
    parts: list[Part] = field(default_factory=list)
    headers: dict[str, list[tuple[Path, Header]]] = field(default_factory=dict)


def can_read(path: Path) -> bool:
    """A DICOM file, or a folder with at least one in it."""
    return any(is_dicom(file) for file in _files(path))


def read(path: Path, *, spacing_mm: Spacing, key: bytes) -> tuple[Case, ...]:
    """The examinations in one file or folder, keyed; a damaged file among them is an error, a bad series a finding."""
    return read_files(path, _listed(path), spacing_mm=spacing_mm, key=key)


def read_files(path: Path, paths: list[Path], *, spacing_mm: Spacing, key: bytes) -> tuple[Case, ...]:
    """As `read`, of files of which those that are no DICOM are passed over; `path` names them all in errors."""
    studies = _studies(path, paths, headers=False)
    return tuple(_case(study, key=key, spacing_mm=spacing_mm, among=len(studies)) for study in studies)


def examinations(path: Path, *, spacing_mm: Spacing, key: bytes) -> tuple[Examination, ...]:
    """As `read`, with the headers for whoever checks them."""
    return examine_files(path, _listed(path), spacing_mm=spacing_mm, key=key)


def examine_files(path: Path, paths: list[Path], *, spacing_mm: Spacing, key: bytes) -> tuple[Examination, ...]:
    """As `read_files`, with the headers."""
    studies = _studies(path, paths, headers=True)
    cases = (_case(study, key=key, spacing_mm=spacing_mm, among=len(studies)) for study in studies)
    return tuple(
        Examination(case, tuple(_hashed(files) for files in study.headers.values()))
        for case, study in zip(cases, studies, strict=True)
    )


def _studies(path: Path, paths: list[Path], *, headers: bool) -> list[Study]:
    """What the files hold, by examination."""
    studies: dict[tuple[str, str], Study] = {}
    alike = Alike()
    plain = [(file, alike.described(file)) for file in paths]
    known = [(file, part) for file, part in plain if part is not None or _is_dicom(file)]
    for file, described in known:
        dataset = None if described else read_dataset(file)
        part = described if dataset is None else _part(file, dataset, alone=len(known) == 1)
        if part is None:
            continue
        ids = part.identity
        study = studies.setdefault((ids.patient, ids.study), Study(file))
        study.parts.append(part)
        if headers and isinstance(part, Decoded):
            name = file.relative_to(path).as_posix() if file.is_relative_to(path) and file != path else ""
            record = (alike.record(file, name=name) if described else None) or header_record(file, dataset, name=name)
            study.headers.setdefault(ids.series, []).append((file, record))
    if not studies:
        raise UnreadableError(f"{path} holds {len(known)} DICOM files, none of them a picture")
    return [study for _, study in sorted(studies.items())]


def _is_dicom(file: Path) -> bool:
    """As `is_dicom`; a file that cannot be opened may be the slice that is missing, so it is not passed over."""
    try:
        with file.open("rb"):
            return is_dicom(file)
    except OSError as error:
        raise UnreadableError(f"{file} cannot be opened: {error.strerror}") from error


def _hashed(files: list[tuple[Path, Header]]) -> tuple[Header, ...]:
    """The records of one series; where files share an identifier, with the hash of their pixels."""
    count = Counter(record.word("SOPInstanceUID") for _, record in files)
    return tuple(
        header_record(file, name=record.file) if count[record.word("SOPInstanceUID")] > 1 else record
        for file, record in files
    )


def _listed(path: Path) -> list[Path]:
    """The files at a path, or those that a DICOMDIR names."""
    return listed_files(path) if path.is_file() and is_directory(path) else list(_files(path))


def _files(path: Path) -> Iterable[Path]:
    if not path.is_dir():
        return (path,)
    return (path / name for name in sorted(_names(path), key=lambda name: name.split(os.sep)))


def _names(folder: Path, above: str = "") -> Iterator[str]:
    """Relative names of all files but hidden ones; links to folders are not followed."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _names(folder / entry.name, f"{above}{entry.name}{os.sep}")
            elif not entry.name.startswith(".") and entry.is_file():
                yield above + entry.name


def _part(file: Path, dataset: Dataset, *, alone: bool) -> Part | None:
    """Folders of an export also hold structured reports, plans and the like: no picture, no harm."""
    if "DirectoryRecordSequence" in dataset:
        return None  # the folder was read itself
    try:
        if dataset.get("Modality") == "RTSTRUCT" and "StructureSetROISequence" in dataset:
            return decode_contours(file, dataset)
        if dataset.get("Modality") == "SEG" and "SegmentSequence" in dataset:
            return decode_segments(file, dataset)
        return decode_dataset(file, dataset)
    except UnreadableError as error:
        if alone or "holds no picture" not in str(error):
            raise
        return None


def _case(study: Study, *, key: bytes, spacing_mm: Spacing, among: int) -> Case:
    files = [part for part in study.parts if isinstance(part, Decoded)]
    found: list[tuple[str, Image, str]] = []
    findings: list[Finding] = []
    refused: list[str] = []
    for group in _series(files):
        try:
            made, remarks = images(group)
        except UnreadableError as error:
            refused.append(str(error))
            continue
        found += [(label, image, group[0].identity.series) for label, image in made]
        findings += [remark for remark in remarks if remark not in findings]
    masks = _masks([part for part in study.parts if not isinstance(part, Decoded)], found, refused)
    if not found and not masks and among == 1:
        raise UnreadableError(f"{study.first.parent}: {refused[0]}")
    findings += [
        Finding(says=f"A series was left out: {why}.", code="series.refused", severity="block") for why in refused
    ]
    named = _named([(label, image) for label, image, _ in found])
    named, given = _with_spacing(named, spacing_mm, among=among)
    return Case(
        key=_key(study, key),
        facts=_common([file.facts for file in files]),
        images=named,
        masks={"mask" if k == 0 else f"mask_{k + 1}": mask for k, mask in enumerate(masks)},
        findings=(*findings, *given),
    )


def _masks(parts: list[Part], found: list[tuple[str, Image, str]], refused: list[str]) -> list[Mask]:
    """What was drawn, on the grids of the images that it was drawn on, or failing these of any."""
    masks: list[Mask] = []
    for part in parts:
        if isinstance(part, Decoded):
            continue
        own = [image.grid for _, image, series in found if series in part.series]
        others = [image.grid for _, image, series in found if series not in part.series]
        grids = [*own, *others]
        try:
            masks += segment_masks(part, grids) if isinstance(part, Segments) else contour_masks(part, grids)
        except UnreadableError as error:
            refused.append(str(error))
    return masks


def _series(files: list[Decoded]) -> list[list[Decoded]]:
    groups: dict[tuple[int, str], list[Decoded]] = defaultdict(list)
    for file in files:
        groups[file.identity.series_number, file.identity.series].append(file)
    return [groups[series] for series in sorted(groups)]


def _with_spacing(
    found: dict[str, Image], spacing_mm: Spacing, *, among: int
) -> tuple[dict[str, Image], tuple[Finding, ...]]:
    if spacing_mm is None:
        return found, ()
    if len(found) != 1 or among > 1:
        raise InputError(f"spacing_mm was given for {max(len(found), among)} images at once; give it for one image")
    ((name, image),) = found.items()
    grid, given = with_spacing(image.grid, spacing_mm)
    return {name: image.with_array(image.array, grid=grid)}, given


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
    first, *others = facts or [{}]
    return {name: value for name, value in first.items() if all(other.get(name) == value for other in others)}


def _key(study: Study, key: bytes) -> str:
    ids = study.parts[0].identity
    if ids.patient or ids.study:
        return keyed(f"{ids.patient}\0{ids.study}", key)
    return content_key(study.first, key)
