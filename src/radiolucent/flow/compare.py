"""All segmentation methods on the same pictures with the same seeds: masks, scores, seconds, memory."""

from __future__ import annotations

import base64
import hashlib
import json
import time
import tracemalloc
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy import ndimage

from .. import __version__
from ..core import Image, InputError, Mask
from ..evaluate import overlap
from ..kernels.grey import robust_limits
from ..write.picture import contours, png_bytes, windowed
from .gallery import WIDEST, plane
from .load import load, load_pair, only_image
from .ops import operation
from .progress import bar
from .radiomics_cohort import begun
from .seeding import OBJECT, Seeds, drawn, given

FAMILIES: Mapping[str, tuple[str, ...]] = {
    "boundary": ("canny_fill", "snake", "geodesic_active_contour"),
    "feature": (
        "otsu", "threshold", "multi_otsu", "sauvola", "k_means", "gaussian_mixture", "fuzzy_c_means",
        "bias_corrected_fuzzy_c_means", "superpixels", "mean_shift",
    ),
    "energy": (
        "graph_cut", "random_walker", "grabcut", "chan_vese", "level_sets", "markov_random_field", "convex_partition",
    ),
    "competition": (
        "watershed", "seeded_region_growing", "growcut", "region_competition", "self_organising_map", "hopfield",
    ),
    "anatomy": ("lesion",),
}  # fmt: skip
"""What is compared, by family; a method drawn along the rim (live_wire) needs a person and is left out."""

GROWING: Mapping[str, Mapping[str, Any]] = {
    "level_sets": {"balloon": 1.5},
    "geodesic_active_contour": {"balloon": 1.0},
}
"""Arguments of methods that begin from the click's neighbourhood and so must grow; all others run with their defaults."""

METHODS = {method: family for family, methods in FAMILIES.items() for method in methods}


@dataclass(frozen=True)
class Row:
    """One picture of the work; `patient` groups the intervals."""

    row: int
    image: str
    mask: str | None
    patient: str


@dataclass(frozen=True)
class Plan:
    """What is compared and how."""

    rows: tuple[Row, ...]
    methods: tuple[str, ...]
    repeats: int = 5
    seed: int = 0
    click: tuple[int, ...] | None = None
    spacing_mm: float | tuple[float, ...] | None = None
    label: int | None = None
    shown: int = 3

    def hash(self) -> str:
        """Tells work that can be taken up from other work."""
        told = {"version": __version__, **asdict(self)}
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def compared(plan: Plan, journal: Path, *, threads: int, shown: bool = False) -> list[dict[str, Any]]:
    """One line for each picture and method; `journal` keeps what is done, so that a stopped run goes on there."""
    lines = begun(journal, plan.hash())
    done = {line["row"] for line in lines}
    waiting = [row for row in plan.rows if row.row not in done]
    with bar("compare", len(plan.rows), shown=shown) as advance, journal.open("a", encoding="utf-8") as file:
        advance(len(done))
        for line in _each(waiting, plan, threads):
            file.write(json.dumps(line) + "\n")
            file.flush()
            lines.append(line)
            advance(1)
    return sorted(lines, key=lambda line: int(line["row"]))


def segmented(method: str, image: Image, seeds: Seeds) -> NDArray[np.bool_]:
    """The object as a method finds it from seeds, a start or a click; a method without any gives classes or regions.

    Of these counts the connected piece around the click that has the click's own label.
    """
    found = _labels(method, image, seeds)
    return found if takes_seeds(method) else _at_click(found, seeds)


def takes_seeds(method: str) -> bool:
    """Whether a method begins somewhere, so that another click may give another result."""
    return any(item.kind is Mask for item in operation(f"segment.{method}").inputs)


def runs(
    method: str, image: Image, reference: NDArray[np.bool_] | None, seeds: Sequence[Seeds]
) -> Iterator[dict[str, Any]]:
    """Mask, scores, seconds and peak memory [MB] of one method from each of the seeds.

    Memory is what numpy and Python allocate, traced at the first; of several runs that one is not timed. A method
    without seeds runs once, and each click chooses its piece.
    """
    again = takes_seeds(method)
    labels: NDArray[Any] | None = None
    told: dict[str, float] = {}
    for number, one in enumerate(seeds):
        if labels is None or again:
            labels, told = _watched(
                method, image, one, traced=number == 0, timed=number > 0 or not again or len(seeds) == 1
            )
        found = labels if again else _at_click(labels, one)
        scores = {} if reference is None else overlap(found, reference, spacing_mm=image.grid.spacing_mm)
        yield {"mask": found, "scores": scores, "share": float(found.mean()), **told}


def _watched(
    method: str, image: Image, seeds: Seeds, *, traced: bool, timed: bool
) -> tuple[NDArray[Any], dict[str, float]]:
    told: dict[str, float] = {}
    if traced:
        tracemalloc.start()
    start = time.perf_counter()
    try:
        labels = _labels(method, image, seeds)
    finally:
        seconds, peak = time.perf_counter() - start, tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    told |= {"seconds": seconds} if timed else {}
    return labels, told | ({"peak_mb": peak / 2**20} if traced else {})


def _labels(method: str, image: Image, seeds: Seeds) -> NDArray[Any]:
    """The object's flags of a method with seeds, all labels of one without."""
    op = operation(f"segment.{method}")
    takes = [item.name for item in op.inputs[1:]]
    known = {"seeds": seeds.both, "markers": seeds.both, "start": seeds.near, "click": seeds.near}
    found = op.function(image, *(known.get(name) for name in takes), **op.complete(GROWING.get(method, {}))).array
    if any(name in ("seeds", "markers") for name in takes):
        return np.asarray(found == OBJECT)
    return np.asarray(found > 0 if takes else found)


def _at_click(labels: NDArray[Any], seeds: Seeds) -> NDArray[np.bool_]:
    pieces, _ = ndimage.label(labels == labels[seeds.click])
    return np.asarray(pieces == pieces[seeds.click])


def _each(waiting: Sequence[Row], plan: Plan, threads: int) -> Iterator[dict[str, Any]]:
    bare = replace(plan, rows=())
    if threads == 1 or len(waiting) < 2:
        yield from (_line(row, bare) for row in waiting)
        return
    with Parallel(n_jobs=threads, return_as="generator_unordered", pre_dispatch="2*n_jobs") as parallel:
        yield from parallel(delayed(_line)(row, bare) for row in waiting)


def _line(row: Row, plan: Plan) -> dict[str, Any]:
    """All methods on one picture, or why there is nothing."""
    told: dict[str, Any] = {"row": row.row, "patient": row.patient}
    try:
        image, reference = read_pair(row, plan)
        seeds = _seeds(image, reference, plan, row.row)
    except InputError as error:
        return told | {"error": str(error)}
    ground = windowed(plane(image), robust_limits(plane(image)))
    is_shown = row.row < plan.shown
    if is_shown:
        told["picture"] = _outlined(ground, np.zeros(image.grid.shape, bool) if reference is None else reference)
    told["methods"] = {
        method: _of(method, image, reference, seeds, ground if is_shown else None) for method in plan.methods
    }
    return told


def _of(
    method: str,
    image: Image,
    reference: NDArray[np.bool_] | None,
    seeds: Sequence[Seeds],
    ground: NDArray[np.uint8] | None,
) -> dict[str, Any]:
    try:
        each = list(runs(method, image, reference, seeds))
    except InputError as error:
        return {"refused": str(error)}
    first = each[0].pop("mask")
    for one in each[1:]:
        one.pop("mask")
    told: dict[str, Any] = {"runs": each}
    if ground is not None:
        told["picture"] = _outlined(ground, first)
    return told


def _outlined(ground: NDArray[np.uint8], mask: NDArray[np.bool_]) -> str:
    """The middle slice, as `plane` shows the picture, small enough that the outline is seen; PNG in base 64."""
    flat = mask.astype(np.uint8)
    while flat.ndim > 2:
        flat = flat[len(flat) // 2]
    factor = min(1.0, WIDEST / max(flat.shape))
    size = tuple(max(1, round(n * factor)) for n in flat.shape[::-1])
    picture = cv2.resize(ground, size, interpolation=cv2.INTER_AREA)
    labels = cv2.resize(flat, size, interpolation=cv2.INTER_NEAREST)
    return base64.b64encode(png_bytes(contours(picture, labels))).decode()


def read_pair(row: Row, plan: Plan) -> tuple[Image, NDArray[np.bool_] | None]:
    """The picture, and the reference as flags (the asked label, or any)."""
    if row.mask is None:
        return only_image(load(row.image, spacing_mm=plan.spacing_mm), row.image), None
    image, mask = load_pair(row.image, row.mask, spacing_mm=plan.spacing_mm)
    return image, np.asarray(mask.array > 0 if plan.label is None else mask.array == plan.label)


def _seeds(image: Image, reference: NDArray[np.bool_] | None, plan: Plan, row: int) -> list[Seeds]:
    if plan.click is not None:
        return [given(plan.click, image.grid)]
    if reference is None:
        raise InputError("without a mask no seeds can be drawn: give --seed-point")
    return [drawn(reference, image.grid, seed=_derived(plan.seed, row, k)) for k in range(plan.repeats)]


def _derived(*numbers: int) -> int:
    return int(np.random.SeedSequence(numbers).generate_state(1)[0])
