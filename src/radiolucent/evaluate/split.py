"""Parts of a cohort that no patient straddles: folds, a tuning part, twins kept together, given splits checked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from radiolucent.core import InputError, unknown

Array = NDArray[Any]

PARTS = {
    "train": "train",
    "training": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "dev": "val",
    "tune": "val",
    "test": "test",
    "testing": "test",
}


def folds(y: ArrayLike, groups: ArrayLike, *, n_folds: int, seed: int) -> NDArray[np.int64]:
    """Number of the fold, 0 to `n_folds` - 1, of each row: every group whole, every class spread evenly.

    Groups (patients) are dealt from the largest to the smallest, in random order among equals, each to the fold where
    it brings the class counts nearest to an equal share. Raises InputError where a class has fewer patients than folds.
    """
    y, group = _codes(y), _codes(groups)
    if n_folds < 2:
        raise InputError(f"{n_folds} folds were asked; at least 2 are needed, usually 5")
    counts = _counts(y, group)
    _enough(counts, n_folds, f"{n_folds} folds were asked", f"ask for at most {_fewest(counts)} folds")
    dealt = _deal(counts, np.full(n_folds, 1 / n_folds), np.random.default_rng(seed))
    return dealt[group]


def tuning(y: ArrayLike, groups: ArrayLike, *, seed: int, share: float = 0.25) -> NDArray[np.bool_]:
    """Rows held out for threshold, calibration and choice: about `share` of each class, every group whole.

    Both sides hold a patient of every class; InputError where a class has fewer than 2 patients.
    """
    y, group = _codes(y), _codes(groups)
    if not 0 < share < 1:
        raise InputError(f"the tuning share must lie between 0 and 1, got {share}")
    counts = _counts(y, group)
    _enough(counts, 2, "a tuning part besides the fitting part was asked", "ask for fewer folds")
    dealt = _deal(counts, np.array([1 - share, share]), np.random.default_rng(seed))
    return dealt[group] == 1


def _codes(values: ArrayLike) -> NDArray[np.int64]:
    """Values as integers 0 ... k - 1, in sorted order."""
    values = np.asarray(values)
    if values.dtype == object:
        values = values.astype(str)
    return np.unique(values, return_inverse=True)[1].reshape(-1)


def _counts(y: Array, group: Array) -> NDArray[np.float64]:
    """Rows per group and class, shape (groups, classes)."""
    if len(y) != len(group):
        raise InputError(f"{len(y)} targets were given with {len(group)} patients; give one patient per row")
    if not len(y):
        raise InputError("there are no rows to split; check the target and image columns")
    counts = np.zeros((group.max() + 1, y.max() + 1))
    np.add.at(counts, (group, y), 1)
    return counts


def _fewest(counts: Array) -> int:
    return int((counts > 0).sum(axis=0).min())


def _enough(counts: Array, needed: int, asked: str, remedy: str) -> None:
    if counts.shape[1] < 2:
        raise InputError("all rows bear the same class; two classes at least are needed to learn or to evaluate")
    if _fewest(counts) < needed:
        patients = (counts > 0).sum(axis=0).astype(int).tolist()
        many = f"{remedy}, " if _fewest(counts) >= 2 else ""
        raise InputError(
            f"{asked}, but the rarest class has {_fewest(counts)} patient(s) (patients per class, in sorted order of "
            f"the classes: {patients}); {many}collect more patients or unite rare classes"
        )


def _deal(counts: Array, shares: Array, rng: np.random.Generator) -> NDArray[np.int64]:
    """Part of each group: greedy least squares to the wanted share of each class, then no class missing anywhere."""
    weights = counts / counts.sum(axis=0)
    shuffled = rng.permutation(len(counts))
    order = shuffled[np.argsort(-weights[shuffled].sum(axis=1), kind="stable")]
    filled = np.zeros((len(shares), counts.shape[1]))
    part = np.empty(len(counts), dtype=np.int64)
    for group in order:
        cost = ((2 * filled + weights[group]) @ weights[group]) / shares
        tied = np.flatnonzero(np.isclose(cost, cost.min(), rtol=1e-9, atol=1e-15))
        part[group] = tied[np.argmin((filled.sum(axis=1) / shares)[tied])]
        filled[part[group]] += weights[group]
    return _repaired(part, counts, len(shares))


def _repaired(part: Array, counts: Array, n_parts: int) -> NDArray[np.int64]:
    """Give a part that lacks a class the smallest group of it from the part that has most: tiny cohorts need it."""
    has = counts > 0
    for _ in range(n_parts * counts.shape[1]):
        patients = np.stack([has[part == k].sum(axis=0) for k in range(n_parts)])
        lacking = np.argwhere(patients == 0)
        if not len(lacking):
            break
        to, label = lacking[0]
        donors = np.flatnonzero(has[:, label] & (part == patients[:, label].argmax()))
        part[donors[np.argmin(counts[donors].sum(axis=1))]] = to
    return part


@dataclass(frozen=True)
class Merged:
    """Groups after twins were united (`groups`, one integer per row), and chains that were left apart.

    A chain is a tuple of row numbers: all rows of the patients that a component of twins would have united.
    """

    groups: NDArray[np.int64]
    chains: tuple[NDArray[np.int64], ...] = ()


def merged(groups: ArrayLike, pairs: Iterable[tuple[int, int]] | Array, *, most: float = 0.05) -> Merged:
    """Unite patients that twins link, so that no twin pair is torn apart by a split.

    A component of three or more patients with more than `most` of all rows is a chain (look-alikes of look-alikes): it
    is reported, and its patients stay as they were.
    """
    group = _codes(groups)
    linked = np.asarray(pairs if isinstance(pairs, np.ndarray) else list(pairs), dtype=np.int64).reshape(-1, 2)
    size = int(group.max()) + 1 if len(group) else 0
    ends = group[linked]
    graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(size, size))
    component = connected_components(graph, directed=False)[1] if size else np.zeros(0, dtype=np.int64)
    united = component[group]
    too_long = (np.bincount(united) > most * len(group)) & (np.bincount(component) >= 3)
    chains = tuple(np.flatnonzero(united == c) for c in np.flatnonzero(too_long))
    apart = too_long[united]
    united = np.where(apart, len(too_long) + group, united)
    return Merged(_codes(united), chains)


def check_official(split: ArrayLike, y: ArrayLike, groups: ArrayLike) -> NDArray[np.str_]:
    """Names of a given split made uniform ("train", "val", "test"); InputError where it cannot be evaluated.

    It must have training and test rows, two classes at least in each part, every class in training, and, without a
    "val" part, two patients of each class in training (one is held out for tuning).
    Patients on both sides are `leak.patients_across`'s matter.
    """
    given = np.asarray(split).astype(str)
    lower = np.char.lower(np.char.strip(given))
    for name in np.unique(lower):
        if name not in PARTS:
            raise unknown("part of a split", name, sorted(set(PARTS.values())))
    parts = np.array([PARTS[str(name)] for name in lower])
    label, group = np.asarray(y), _codes(groups)
    for part in ("train", "val", "test") if "val" in parts else ("train", "test"):
        if len(np.unique(label[parts == part])) < 2:
            raise InputError(
                f"the {part} part of the given split has {np.sum(parts == part)} rows of "
                f"{len(np.unique(label[parts == part]))} class(es); it needs rows of two classes at least"
            )
    for name in np.unique(label):
        patients = len(np.unique(group[(parts == "train") & (label == name)]))
        needed = 1 if "val" in parts else 2
        if patients < needed:
            raise InputError(
                f"class {name!s} has {patients} patient(s) in the training part of the given split and needs {needed}; "
                "change the split, drop the class, or use patient folds instead"
            )
    return parts
