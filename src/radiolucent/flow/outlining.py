"""A cohort of images and masks to an audited model that segments: patient folds, scores on the images' own grids."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
import psutil
from numpy.typing import NDArray

from .. import __version__
from ..core import Image, InputError, Mask, unknown
from ..evaluate import overlap_summary, overlaps, plain
from ..kernels.grey import robust_limits
from ..learn import UNetSegmenter, load, save
from ..read import keyed, secret_key
from ..read.table import open_table
from ..write import whole_text, write
from ..write.picture import windowed
from .net_grid import back, brought
from .progress import bar, share_bar
from .radiomics_cohort import Region, read_region


@dataclass(frozen=True)
class Asked:
    """What is to be learned: the table's columns, the design, and the segmenter's own parameters (`net`)."""

    table: Path
    image: str = "image"
    mask: str = "mask"
    patient: str | None = None
    split: str | None = None
    folds: int = 5
    seed: int = 0
    tolerance_mm: float = 1.0
    allow_blocked: bool = False
    longest_px: int | None = None
    keep_model: bool = True
    net: Mapping[str, Any] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self) | {"table": str(self.table), "net": dict(self.net), "version": __version__}


@dataclass(frozen=True)
class Prepared:
    """Images and masks on one spacing or of one longest side, kept as files in `work`, and what the masks' labels mean."""

    regions: tuple[Region, ...]
    groups: NDArray[Any]
    part: NDArray[np.integer]
    spacing_mm: tuple[float, ...] | None
    longest_px: int | None
    names: Mapping[int, str]
    work: Path

    def image(self, row: int) -> NDArray[np.float32]:
        """Grey values of a row, mapped from its file."""
        return np.load(self.work / f"{row}.image.npy", mmap_mode="r")

    def labels(self, row: int) -> NDArray[np.integer]:
        """Labels of a row, mapped from their file."""
        return np.load(self.work / f"{row}.labels.npy", mmap_mode="r")


def prepared(asked: Asked, work: Path, *, shown: bool = False) -> Prepared:
    """Read every row, bring all to the median spacing or the longest side, and deal the patients to folds."""
    table = _table(asked)
    root = asked.table.absolute().parent
    pairs = zip(table[asked.image], table[asked.mask], strict=True)
    regions = tuple(Region(row, str(root / image), str(root / mask)) for row, (image, mask) in enumerate(pairs))
    groups = np.asarray(table[asked.patient] if asked.patient else np.arange(len(table)), dtype=str)
    part = parts(asked, table, groups)
    spacing = _median_spacing(regions, asked)
    spacing = None if asked.longest_px else spacing
    names: dict[int, str] = {}
    cells = 0
    work.mkdir(parents=True, exist_ok=True)
    with bar("preparing", len(regions), shown=shown) as advance:
        for one in regions:
            image, mask = read_region(one, allow_blocked=asked.allow_blocked)
            names |= mask.names
            image, mask = brought(spacing, asked.longest_px, image, mask)
            np.save(work / f"{one.row}.image.npy", np.asarray(image.array, np.float32))
            np.save(work / f"{one.row}.labels.npy", mask.array)
            cells += mask.array.size
            advance(1)
    _enough_memory(cells)
    return Prepared(regions, groups, part, spacing, asked.longest_px, names, work)


def learned(asked: Asked, out: Path, *, threads: int | None, resume: bool, shown: bool) -> dict[str, Any]:
    """Fit and score each fold, fit the model that is kept on all rows (if asked), and give what `metrics.json` holds.

    With a given split the model that is kept is the one that was tested. A finished fold is a file in `out`/folds; with
    `resume` those that are there are not fitted again.
    """
    _table(asked)
    _begun(asked, out, resume=resume)
    data = prepared(asked, out / "prepared", shown=shown)
    found: list[dict[str, Any]] = []
    for fold in sorted({int(k) for k in data.part if k >= 0}):
        path = out / "folds" / f"{fold}.json"
        if not path.exists():
            one = _fold(asked, data, fold, out, threads=threads, shown=shown)
            whole_text(path, json.dumps(plain(one)))
        found.append(json.loads(path.read_text(encoding="utf-8")))
    if asked.keep_model and not (out / "model").exists():
        rows = np.arange(len(data.regions))
        _kept(data, rows, _fit(asked, data, rows, "model", threads=threads, shown=shown), out)
    return _summed(asked, data, found)


def outlined(image: Image, model: Path) -> tuple[Mask, Image]:
    """The mask that a kept model gives an image, on the image's own grid, and its uncertainty (0 sure, 1 not at all)."""
    from_disk = load(model)
    told, net = from_disk.manifest, from_disk.estimator
    if not isinstance(net, UNetSegmenter):
        raise InputError(f"{model} is a model that classifies; `radiolucent predict` applies it")
    spacing = told["spacing_mm"]
    names = {int(label): str(name) for label, name in told["names"].items()}
    near = brought(None if spacing is None else tuple(spacing), told.get("longest_px"), image, None)[0]
    probabilities = net.predict_proba([np.asarray(near.array, np.float32)])[0]
    return back(net, probabilities, near, image, names)


def shown_slice(asked: Asked, row: int, out: Path) -> tuple[NDArray[np.uint8], NDArray[Any], NDArray[Any]]:
    """The slice in which the given mask of a row is largest, with that mask and the one that was found."""
    table = open_table(asked.table)
    root = asked.table.absolute().parent
    given = Region(row, str(root / table[asked.image].iloc[row]), str(root / table[asked.mask].iloc[row]))
    image, mask = read_region(given, allow_blocked=True)
    _, found = read_region(replace(given, mask=str(out / "masks" / f"{row}.nii.gz")), allow_blocked=True)
    grey, first, second = (np.asarray(v.array)[(None,) * (3 - v.array.ndim)] for v in (image, mask, found))
    index = int((first > 0).sum(axis=(1, 2)).argmax())
    return windowed(grey[index], robust_limits(grey[index])), first[index], second[index]


def _fold(asked: Asked, data: Prepared, fold: int, out: Path, *, threads: int | None, shown: bool) -> dict[str, Any]:
    test = np.flatnonzero(data.part == fold)
    net = _fit(asked, data, np.flatnonzero(data.part != fold), f"fold {fold + 1}", threads=threads, shown=shown)
    if asked.split and asked.keep_model:
        _kept(data, np.flatnonzero(data.part != fold), net, out)
    begun, cases = perf_counter(), []
    (out / "masks").mkdir(exist_ok=True)
    for row in test:
        image, mask = read_region(data.regions[row], allow_blocked=asked.allow_blocked)
        near = brought(data.spacing_mm, data.longest_px, image, None)[0]
        found, _ = back(net, net.predict_proba([np.asarray(near.array, np.float32)])[0], near, image, data.names)
        write(found, out / "masks" / f"{row}.nii.gz", overwrite=True)
        scores = overlaps(
            found.array, mask.array, labels=[int(k) for k in net.classes_ if k], spacing_mm=image.grid.spacing_mm,
            tolerance=asked.tolerance_mm,
        )  # fmt: skip
        cases.append({"row": int(row), "scores": scores})
    seconds = {"fit_s": net.seconds_, "predict_s": (perf_counter() - begun) / max(1, len(test))}
    return {"fold": fold, "cases": cases, "patch": list(net.patch_), "losses": net.losses_[::10], **seconds}


def _fit(
    asked: Asked, data: Prepared, rows: NDArray[Any], label: str, *, threads: int | None, shown: bool
) -> UNetSegmenter:
    with share_bar(label, shown=shown) as progress:
        net = UNetSegmenter(**dict(asked.net), seed=asked.seed, threads=threads, progress=progress)
        return net.fit([data.image(row) for row in rows], [data.labels(row) for row in rows])


def _kept(data: Prepared, rows: NDArray[Any], net: UNetSegmenter, out: Path) -> None:
    """Save the model for use, with what its labels mean and the spacing that it works on."""
    told = {
        "classes": [data.names.get(int(k), f"label {k}") for k in net.classes_],
        "names": {str(k): data.names.get(int(k), f"label {k}") for k in net.classes_ if k},
        "spacing_mm": None if data.spacing_mm is None else list(data.spacing_mm),
        "longest_px": data.longest_px,
        "trained_on": {"rows": len(rows), "patients": len(set(data.groups[rows]))},
        "use": "research only, not for diagnosis",
    }
    save(out / "model", estimator=net, manifest=told)


def _table(asked: Asked) -> pd.DataFrame:
    """The cohort's table, with every column that was named."""
    table = open_table(asked.table)
    columns = [name for name in (asked.image, asked.mask, asked.patient, asked.split) if name is not None]
    for name in columns:
        if name not in table:
            raise unknown(f"column in {asked.table.name}", name, list(table))
    return table


def _median_spacing(regions: Sequence[Region], asked: Asked) -> tuple[float, ...] | None:
    known = []
    for one in regions:
        image, mask = read_region(one, allow_blocked=asked.allow_blocked)
        if image.is_colour or "t" in image.grid.axes:
            raise InputError(f"{one.image}: one grey image or volume is wanted, and this has axes {image.grid.axes}")
        if image.grid.shape != mask.grid.shape:
            raise InputError(f"{one.mask} has shape {mask.grid.shape}, its image {image.grid.shape}")
        if image.grid.spacing_mm is not None:
            known.append(image.grid.spacing_mm)
    if len({len(spacing) for spacing in known}) > 1:
        raise InputError("some images are 2-D and some 3-D: learn them apart")
    return tuple(float(s) for s in np.median(np.array(known), axis=0)) if known else None


def parts(asked: Asked, table: pd.DataFrame, groups: NDArray[Any]) -> NDArray[np.integer]:
    """The fold of each row; with a given split 0 for its test rows and -1 for the others."""
    if asked.split is None:
        patients, at = np.unique(groups, return_inverse=True)
        if len(patients) < asked.folds:
            raise InputError(f"{asked.folds} folds were asked and there are {len(patients)} patients; ask for fewer")
        return np.random.default_rng(asked.seed).permutation(np.arange(len(patients)) % asked.folds)[at]
    test = table[asked.split].astype(str).str.lower().eq("test").to_numpy()
    if not test.any() or test.all():
        raise InputError(f"column {asked.split!r} must say `test` in some rows and something else in others")
    both = set(groups[test]) & set(groups[~test])
    if both:
        raise InputError(f"{len(both)} patients are in the test part and in the others, too: the split leaks")
    return np.where(test, 0, -1)


def _summed(asked: Asked, data: Prepared, found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    cases = [case for one in found for case in one["cases"]]
    labels = sorted({label for case in cases for label in case["scores"]}, key=int)
    groups = data.groups[[case["row"] for case in cases]]
    figures = {}
    for label in labels:
        scores = [{k: np.nan if v is None else v for k, v in case["scores"][label].items()} for case in cases]
        name = data.names.get(int(label), f"label {label}")
        figures[label] = {"name": name, **overlap_summary(scores, groups=groups, seed=asked.seed)}
    secret = secret_key()
    per_case = [{"key": keyed(str(g), secret), **case} for g, case in zip(groups, cases, strict=True)]
    seconds = {key: float(np.sum([one[key] for one in found])) for key in ("fit_s", "predict_s")}
    return {
        "version": 1, "radiolucent": __version__, "asked": asked.told() | {"table": asked.table.name},
        "n": len(cases), "patients": len(set(groups)), "labels": figures, "cases": per_case, "seconds": seconds,
        "patch": found[0]["patch"], "losses": [one["losses"] for one in found],
    }  # fmt: skip


def _begun(asked: Asked, out: Path, *, resume: bool) -> None:
    """A new folder with what was asked, or the same question's folder to go on in."""
    path, told = out / "asked.json", asked.told()
    if out.exists() and any(out.iterdir()):
        if not resume:
            raise InputError(f"{out} is not empty; give a new folder, or --resume to go on with what was begun there")
        if not path.exists() or json.loads(path.read_text(encoding="utf-8")) != json.loads(json.dumps(told)):
            raise InputError(f"{out} holds another question's work; give its own command, or a new folder")
    (out / "folds").mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told, indent=2), encoding="utf-8")


def _enough_memory(cells: int) -> None:
    needed, free = cells * 5 * 1.2, psutil.virtual_memory().available
    if needed > free:
        raise InputError(
            f"training holds all images: about {needed / 1e9:.1f} GB are needed and {free / 1e9:.1f} GB are free; "
            "use fewer rows or a coarser spacing"
        )
