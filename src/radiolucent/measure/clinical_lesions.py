"""Lesions of one patient: each with a number that stays, from time to time."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy import ndimage
from scipy.optimize import linear_sum_assignment

from radiolucent.core import Finding, Grid, Image, InputError, Mask, Transform
from radiolucent.core.carry import between
from radiolucent.core.geometry import difference
from radiolucent.kernels.carry import carried

from .clinical_finding import measured
from .clinical_size import sized_in
from .discretise import Label
from .region import region

Numbers = NDArray[np.int32]
Regions = dict[int, tuple[tuple[slice, ...], NDArray[np.bool_]]]
Touching = Annotated[
    Literal["faces", "corners"], Field(description="voxels of one lesion share a face, or at least a corner")
]


def lesions(
    image: Image,
    mask: Mask,
    *,
    label: Label = 1,
    touching: Touching = "corners",
    least_mm3: Annotated[
        float, Field(ge=0, le=1e9, description="a smaller lesion is left out (of a 2-D picture: area in mm²)")
    ] = 0.0,
) -> dict[str, Mask | tuple[Finding, ...]]:
    """Number the lesions of a label, the largest first, and measure each: size [ml, mm, mm²] and grey values.

    A lesion is a connected component; of two that are equally large the one further along the patient's left, back and
    head comes last. `mask` holds their numbers, `found` what `size` measures of each, and the mean, standard deviation,
    median and extremes of its grey values [the image's unit]. `follow_up` carries the numbers to another time.
    """
    inside = region(image, mask, label)
    assert inside is not None  # a mask is given
    numbers = numbered(inside, mask.grid, touching, least_mm3)
    regions = _regions(numbers)
    found = [measured("lesions", "Number of lesions", len(regions), "1")]
    for number, (box, own) in regions.items():
        where = f"lesion {number}"
        found += [*sized_in(box, own, mask.grid, where), *shaded(image.array[box][own], image.unit, where)]
    return {"mask": Mask(numbers, mask.grid, {n: f"lesion {n}" for n in regions}), "found": tuple(found)}


def _regions(numbers: NDArray[Any]) -> Regions:
    """The box of every number, and where in it the number lies."""
    boxes = enumerate(ndimage.find_objects(numbers.astype(np.int32)), 1)
    return {number: (box, numbers[box] == number) for number, box in boxes if box is not None}


def shaded(values: NDArray[Any], unit: str, where: str) -> tuple[Finding, ...]:
    """Mean, standard deviation, median and extremes of grey values [`unit`]."""
    grey = values.astype(np.float64)
    statistics = {
        "mean": grey.mean(),
        "standard_deviation": grey.std(),
        "median": np.median(grey),
        "minimum": grey.min(),
        "maximum": grey.max(),
    }
    return tuple(
        measured(code, code.replace("_", " ").capitalize(), float(value), unit, where=where)
        for code, value in statistics.items()
    )


def numbered(inside: NDArray[np.bool_], grid: Grid, touching: str = "corners", least_mm3: float = 0.0) -> Numbers:
    """The components' numbers 1, 2, ..., the largest first; 0 outside and in those that are too small."""
    if "t" in grid.axes:
        raise InputError(f"the mask has frames over time (axes {grid.axes!r}); take one frame of it")
    reach = 1 if touching == "faces" else inside.ndim
    labels, n = ndimage.label(inside, ndimage.generate_binary_structure(inside.ndim, reach))
    counts = np.bincount(labels.ravel(), minlength=n + 1)[1:]
    kept = counts * np.prod(grid.known_spacing_mm()) >= least_mm3
    places = _places(labels, n, grid)
    order = sorted(np.flatnonzero(kept).tolist(), key=lambda k: (-counts[k], *places[k]))
    new = np.zeros(n + 1, np.int32)
    new[np.array(order, np.intp) + 1] = np.arange(1, len(order) + 1)
    numbers: Numbers = new[labels]
    return numbers


def _places(labels: NDArray[Any], n: int, grid: Grid) -> NDArray[np.float64]:
    """Centres of the components: LPS [mm] where the place is known, else along the array's axes [voxels]."""
    centres = np.array(ndimage.center_of_mass(labels > 0, labels, np.arange(1, n + 1))).reshape(n, labels.ndim)
    if grid.affine is not None:
        centres = centres @ grid.affine[:3, :-1].T + grid.affine[:3, -1]
    return np.round(centres, 6)


def follow_up(
    before: Mask,
    after: Mask,
    transform: Transform | None = None,
    *,
    label: Label = 1,
    touching: Touching = "corners",
    within_mm: Annotated[
        float, Field(ge=0, le=100, description="lesions that do not overlap are one if they come so near to each other")
    ] = 0.0,
) -> dict[str, Mask | tuple[Finding, ...]]:
    """Give the lesions of a later time the numbers that they had in `before`, and measure their change [ml, mm, %].

    `before` holds numbered lesions (from `lesions`), `after` those of a later time under `label`. `transform` maps
    places of the later picture to the earlier one, as `register` finds it with the later as fixed; without it the two
    masks share their space. Pairs are those of the greatest overlap in all (by assignment: Kuhn 1955,
    doi:10.1002/nav.3800020109). A lesion without a partner gets a new number, above all there were; `mask` holds the
    numbers and `found` what became of each, also of those that merged, parted or are gone.
    """
    inside = after.array == label
    numbers = numbered(inside, after.grid, touching)
    earlier = _brought(before, after, transform)
    overlap = _overlap(earlier, numbers, after.grid, within_mm)
    then = _regions(before.array)
    old = list(then)
    pairs = _paired(overlap, old)
    fresh = iter(range(max(old, default=0) + 1, max(old, default=0) + 1 + int(numbers.max(initial=0))))
    names = [0, *(pairs[number] if number in pairs else next(fresh) for number in range(1, numbers.max(initial=0) + 1))]
    renamed = np.array(names, np.int32)[numbers]
    now = _regions(renamed)
    told: list[Finding] = []
    for number in sorted({*then, *now}):
        sizes = (_by_code(then, number, before.grid), _by_code(now, number, after.grid))
        told += _fate(number, *sizes)
    told += _joined(overlap, names)
    return {"mask": Mask(renamed, after.grid, {n: f"lesion {n}" for n in sorted(names[1:])}), "found": tuple(told)}


def _brought(before: Mask, after: Mask, transform: Transform | None) -> NDArray[Any]:
    """The earlier numbers on the later grid."""
    way = Transform(after.grid, before.grid, np.eye(4)) if transform is None else transform
    apart = difference(after.grid, before.grid)
    if transform is None and apart and (after.grid.affine is None or before.grid.affine is None):
        raise InputError(f"nothing says how the two masks lie to each other ({apart}); register the pictures first")
    return carried(before.array, *between(after.grid, before.grid, way), order=0)


def _overlap(earlier: NDArray[Any], numbers: Numbers, grid: Grid, within_mm: float) -> dict[tuple[int, int], float]:
    """Volume [voxels] that an earlier and a later lesion share; less than one voxel for those that are only near."""
    both = (earlier > 0) & (numbers > 0)
    pairs, counts = np.unique(np.stack([earlier[both], numbers[both]]), axis=1, return_counts=True)
    found = {(int(a), int(b)): float(count) for (a, b), count in zip(pairs.T, counts)}
    if not within_mm:
        return found
    for a in np.unique(earlier[earlier > 0]).tolist():
        away = ndimage.distance_transform_edt(earlier != a, sampling=grid.known_spacing_mm())
        near = ndimage.minimum(away, numbers, np.arange(1, numbers.max(initial=0) + 1))
        for b, gap in enumerate(np.atleast_1d(near), 1):
            if gap <= within_mm:
                found.setdefault((a, b), 0.5 * (1 - gap / (within_mm + 1)))
    return found


def _paired(overlap: dict[tuple[int, int], float], old: list[int]) -> dict[int, int]:
    """Later number -> earlier number, with the greatest overlap in all."""
    new = sorted({b for _, b in overlap})
    shared = np.array([[overlap.get((a, b), 0.0) for b in new] for a in old]).reshape(len(old), len(new))
    rows, columns = linear_sum_assignment(shared, maximize=True)
    return {new[b]: old[a] for a, b in zip(rows, columns) if shared[a, b] > 0}


def _fate(number: int, then: dict[str, Finding], now: dict[str, Finding]) -> tuple[Finding, ...]:
    """Size now, and the change since then; or that the lesion is new or gone."""
    where = f"lesion {number}"
    if not now:
        return (Finding(f"Lesion {number} is not seen any more", code="measure.gone", where=where),)
    if not then:
        return (Finding(f"Lesion {number} is new", code="measure.new", where=where), *now.values())
    compared = (code for code in ("measure.volume", "measure.area", "measure.long_axis") if code in now)
    return (*now.values(), *(_change(then[code], now[code]) for code in compared))


def _by_code(regions: Regions, number: int, grid: Grid) -> dict[str, Finding]:
    if number not in regions:
        return {}
    return {finding.code: finding for finding in sized_in(*regions[number], grid, f"lesion {number}")}


def _change(then: Finding, now: Finding) -> Finding:
    assert then.value is not None  # measures have one
    assert now.value is not None
    share = 100 * (now.value / then.value - 1)
    name = now.says.rsplit(f" {now.value:.4g}", 1)[0]
    because = (f"before {then.value:.4g} {then.unit}", f"after {now.value:.4g} {now.unit}")
    code = f"{now.code.removeprefix('measure.')}_change"
    return measured(code, f"{name} changed by", share, "%", where=now.where, because=because)


def _joined(overlap: dict[tuple[int, int], float], names: list[int]) -> list[Finding]:
    """Lesions that grew together or came apart."""
    told = []
    for b in sorted({b for _, b in overlap}):
        parts = sorted(a for a, other in overlap if other == b and overlap[a, b] >= 1)
        if len(parts) > 1:
            says = f"Lesions {', '.join(map(str, parts))} have merged into lesion {names[b]}"
            told.append(Finding(says, code="measure.merged", where=f"lesion {names[b]}"))
    for a in sorted({a for a, _ in overlap}):
        parts = sorted(names[b] for other, b in overlap if other == a and overlap[a, b] >= 1)
        if len(parts) > 1:
            says = f"Lesion {a} has parted into lesions {', '.join(map(str, parts))}"
            told.append(Finding(says, code="measure.parted", where=f"lesion {a}"))
    return told
