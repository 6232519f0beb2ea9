"""Write what a run has made: each part to a file of its own, and the history beside them."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from .. import __version__
from ..core import Case, Finding, Image, InputError, Keypoints, Mask, Transform, unknown
from ..report.conclusions import conclusions_page
from ..write import WRITERS, whole_file, whole_text, write
from .plan import dump, plain

PARTS = ("images", "masks", "keypoints", "transforms", "features")


def produced(before: Case, after: Case) -> Case:
    """The case with only what has been added to it since `before`."""
    parts = {
        field: {name: part for name, part in getattr(after, field).items() if name not in getattr(before, field)}
        for field in PARTS
    }
    return replace(after, **parts, findings=after.findings[len(before.findings) :])  # type: ignore[arg-type]


def check_suffix(path: Path) -> None:
    """Refuse a suffix that no picture can be written with, before anything is computed."""
    if not path.name.lower().endswith(tuple(WRITERS)):
        raise InputError(f"{path.name}: no writer for this suffix; use one of {', '.join(WRITERS)}")


def save_part(value: Any, path: Path, *, key: str = "", overwrite: bool = False) -> None:
    """Write one part in the form that the file's suffix names; numbers and findings carry the case's `key`."""
    if isinstance(value, Image | Mask):
        write(value, path, overwrite=overwrite)
        return
    kinds: dict[type, dict[str, Any]] = {
        Keypoints: {".csv": _keypoints_csv, ".npz": _arrays},
        Transform: {".npz": _arrays},
        Mapping: {".csv": _numbers_csv, ".json": _json},
        Sequence: {".csv": _findings_csv, ".json": _json, ".html": _findings_page},
    }
    writers = next(writers for kind, writers in kinds.items() if isinstance(value, kind))
    if path.suffix not in writers:
        raise unknown(f"file form for {_called(value)}", path.suffix or path.name, writers)
    with whole_file(path, overwrite=overwrite) as draft:
        writers[path.suffix](value, draft, key)


def save_case(case: Case, folder: Path, *, suffix: str = ".nii.gz") -> tuple[str, ...]:
    """Write every part of a case and its history into a folder; images and masks with `suffix`. Gives the file names."""
    files: dict[str, Any] = {f"{name}{suffix}": part for name, part in case.images.items()}
    for name, mask in case.masks.items():
        files[f"{name}{suffix}" if name not in case.images else f"{name}.mask{suffix}"] = mask
    files |= {f"{name}.keypoints.npz": part for name, part in case.keypoints.items()}
    files |= {f"{name}.transform.npz": part for name, part in case.transforms.items()}
    if case.features:
        files |= {"features.csv": case.features, "features.json": case.features}
    if case.findings:
        files |= {"findings.json": case.findings, "findings.html": case.findings}
    for name, part in files.items():
        save_part(part, folder / name, key=case.key)
    return tuple(files)


def save_history(case: Case, path: Path, *, overwrite: bool = False) -> None:
    """Write the history, and the fingerprint that a replay must reach."""
    text = dump(case.history, suffix=path.suffix, about={"fingerprint": case.fingerprint()})
    whole_text(path, text, overwrite=overwrite)


def _called(value: Any) -> str:
    if isinstance(value, Keypoints | Transform):
        return type(value).__name__.lower()
    return "numbers" if isinstance(value, Mapping) else "findings"


def _arrays(value: Keypoints | Transform, path: Path, key: str) -> None:  # noqa: ARG001
    arrays = {name: part for name, part in vars(value).items() if isinstance(part, np.ndarray)}
    if isinstance(value, Keypoints) and value.spacing_mm is not None:
        arrays["spacing_mm"] = np.array(value.spacing_mm)
    if isinstance(value, Keypoints) and value.window is not None:
        arrays["window"] = np.array(value.window)
    if isinstance(value, Transform):
        grids = {"fixed": asdict(value.fixed), "moving": asdict(value.moving)}
        arrays["grids"] = np.array(json.dumps(grids))
    np.savez_compressed(path, allow_pickle=False, **arrays)


def _keypoints_csv(value: Keypoints, path: Path, key: str) -> None:  # noqa: ARG001
    axes = "zyx"[-value.points.shape[1] :]
    mm = [] if value.points_mm is None else [f"{axis}_mm" for axis in "zyx"[-value.points_mm.shape[1] :]]
    columns = [*axes, *mm, "scale", "angle_deg", "response", *(f"d{i}" for i in range(value.descriptors.shape[1]))]
    with path.open("w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream)
        table.writerow(columns)
        lengths = np.zeros((len(value), 0)) if value.points_mm is None else value.points_mm
        for row in zip(value.points, lengths, value.scale, value.angle_deg, value.response, value.descriptors):
            point, place, scale, angle, response, descriptor = row
            numbers = [*place.tolist(), *(float(v) for v in (scale, angle, response))]
            table.writerow([*point.tolist(), *numbers, *descriptor.tolist()])


def _numbers_csv(value: Mapping[str, float], path: Path, key: str) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([["key", *value], [key, *value.values()]])


def _findings_csv(value: Sequence[Finding], path: Path, key: str) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream)
        table.writerow(["key", "severity", "says", "code", "value", "unit", "probability"])
        table.writerows([key, f.severity, f.says, f.code, f.value, f.unit, f.probability] for f in value)


def _findings_page(value: Sequence[Finding], path: Path, key: str) -> None:
    path.write_text(conclusions_page(value, key=key, version=__version__), encoding="utf-8")


def _json(value: Any, path: Path, key: str) -> None:
    if isinstance(value, Mapping):
        table = {"key": key, "features": plain(value)}
    else:
        table = {"key": key, "findings": [plain(asdict(finding)) for finding in value]}
    text = json.dumps(table, indent=2, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
