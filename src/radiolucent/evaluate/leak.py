"""What a study must not know twice: patients and pictures on both sides of a split, and columns that give it away."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from .confound import confounding, giveaways, is_confounder
from .twins import Twins

Array = NDArray[Any]
Severity = Literal["block", "warn", "info"]
LISTED = 200
SIDES: tuple[tuple[str, str], ...] = (("test", "train"), ("test", "val"), ("val", "train"))


def patients_across(groups: ArrayLike, split: ArrayLike) -> dict[tuple[str, str], NDArray[np.int64]]:
    """Patients on both sides: for ("test", "train"), ("test", "val"), ("val", "train") one pair of rows a patient."""
    frame = pd.DataFrame({"group": np.asarray(groups).astype(str), "part": np.asarray(split).astype(str)})
    first = frame.reset_index().pivot_table(index="group", columns="part", values="index", aggfunc="min")
    found = {}
    for held, seen in SIDES:
        known = {held, seen} <= set(first.columns)
        found[held, seen] = (
            first[[held, seen]].dropna().to_numpy(dtype=np.int64) if known else np.zeros((0, 2), np.int64)
        )
    return found


def label_conflicts(pairs: ArrayLike, y: ArrayLike) -> NDArray[np.int64]:
    """The pairs (k, 2) whose rows bear different labels."""
    pairs, y = np.asarray(pairs, dtype=np.int64).reshape(-1, 2), np.asarray(y)
    return pairs[y[pairs[:, 0]] != y[pairs[:, 1]]]


def twin_free(pairs: ArrayLike, *, held: ArrayLike, seen: ArrayLike) -> NDArray[np.bool_]:
    """Rows of `held` (a mask) that no pair links with a row of `seen` (a mask)."""
    held, seen = np.asarray(held, dtype=bool), np.asarray(seen, dtype=bool)
    both = np.asarray(pairs, dtype=np.int64).reshape(-1, 2)
    both = np.vstack([both, both[:, ::-1]])
    spoilt = both[seen[both[:, 1]], 0]
    free = held.copy()
    free[spoilt] = False
    return free


def across(pairs: Array, split: Array, held: str, seen: str) -> NDArray[np.int64]:
    """Pairs (row of `held`, row of `seen`), the first of each row of `held`: the nearest, where pairs are sorted."""
    both = np.vstack([pairs, pairs[:, ::-1]])
    order = np.argsort(np.tile(np.arange(len(pairs)), 2), kind="stable")
    both = both[order]
    both = both[(split[both[:, 0]] == held) & (split[both[:, 1]] == seen)]
    return both[np.sort(np.unique(both[:, 0], return_index=True)[1])]


def leaks(
    y: ArrayLike,
    groups: ArrayLike,
    *,
    same: ArrayLike,
    alike: Twins,
    split: ArrayLike | None = None,
    chains: Sequence[Array] = (),
    table: pd.DataFrame | None = None,
    used: Collection[str] = (),
    ignore: Iterable[str] = (),
    classes: Sequence[str] = (),
    number: ArrayLike | None = None,
    target: str = "the target",
    seed: int = 0,
) -> list[dict[str, Any]]:
    """Every leak found, as the list "leaks" of metrics.json, the worst first.

    `same` are `identical`'s pairs, `alike` is `twins`' answer, `split` a given split with the names of `check_official`
    (None: our own folds, which keep twins together), `chains` those of `merged`. `table` holds metadata columns; `used`
    names those that a candidate or the subgroup audit uses, `ignore` those not to look at. Of a target that is a `number`
    `y` are the bands. A leak into the test part of a given split has severity "block".
    """
    same, label = np.asarray(same, dtype=np.int64).reshape(-1, 2), np.asarray(y)
    part = None if split is None else np.asarray(split).astype(str)
    found = _in_folds(same, alike) if part is None else _in_split(groups, same, alike, part)
    found += [_chain(chain, len(label)) for chain in chains]
    linked = np.vstack([same, alike.pairs])  # nearest first; equal constant pictures are identical, but correlate not
    known = np.unique(np.sort(linked, axis=1), axis=0, return_index=True)[1]
    found += _conflicts(linked[np.sort(known)], label, part)
    if table is not None:
        names = list(classes) or [str(c) for c in range(int(label.max()) + 1)]
        apart = giveaways(table, label, groups, ignore=ignore, seed=seed)
        found += _giveaways(apart, set(used), len(label), target if number is None else f"the bands of {target}")
        for name in [str(n) for n in table.columns if n in set(used) - set(ignore)]:
            how = confounding(table[name], label, classes=names, groups=groups, number=number, target=target, seed=seed)
            found += [_leak("confounder", "warn", len(label), [], how["says"], name)] if is_confounder(how) else []
    return sorted(found, key=lambda leak: ("block", "warn", "info").index(leak["severity"]))


def _leak(kind: str, severity: Severity, count: int, rows: Any, says: str, column: str | None = None) -> dict[str, Any]:
    rows = np.asarray(rows, dtype=np.int64).reshape(-1, 2)[:LISTED].tolist()
    return {"kind": kind, "severity": severity, "count": int(count), "rows": rows, "column": column, "says": says}


def _in_split(groups: ArrayLike, same: Array, alike: Twins, split: Array) -> list[dict[str, Any]]:
    found = []
    for (held, seen), pairs in patients_across(groups, split).items():
        severity: Severity = "block" if held == "test" else "warn"
        says = f"{len(pairs)} patient(s) have images both in the {held} part and in the {seen} part of the given split."
        found += [_leak("patient", severity, len(pairs), pairs, says)] if len(pairs) else []
    every = np.vstack([alike.pairs, alike.suspects])
    for held, seen in SIDES:
        size = int(np.sum(split == held))
        found += _pictures_across(same, alike, every, split, held, seen, size)
    within = [p[split[p[:, 0]] == split[p[:, 1]]] for p in (same, alike.pairs)]
    for kind, pairs in zip(("identical", "twin"), within, strict=True):
        says = (
            f"{len(pairs)} pair(s) of {WORDS[kind]} lie within one part of the split: no leak, but they count double."
        )
        found += [_leak(kind, "info", len(pairs), pairs, says)] if len(pairs) else []
    return found


WORDS = {
    "identical": "pictures with identical pixels",
    "twin": "twins (correlation above 0.99, identical ones included)",
    "suspect": "suspects (correlation 0.95 to 0.99)",
}


def _pictures_across(
    same: Array, alike: Twins, every: Array, split: Array, held: str, seen: str, size: int
) -> list[dict[str, Any]]:
    twins, near = across(alike.pairs, split, held, seen), across(every, split, held, seen)
    only = near[~np.isin(near[:, 0], twins[:, 0])]
    found = []
    for kind, pairs in (("identical", across(same, split, held, seen)), ("twin", twins), ("suspect", only)):
        if not len(pairs):
            continue
        grave = held == "test"
        severity: Severity = (
            "block" if grave and kind != "suspect" else "warn" if grave or kind != "suspect" else "info"
        )
        more = f" ({len(near)} at 0.95 or above in all)" if kind == "suspect" else ""
        says = f"{len(pairs)} of {size} {held} pictures have {_one(kind)} in the {seen} part{more}."
        found.append(_leak(kind, severity, len(pairs), pairs, says))
    return found


def _one(kind: str) -> str:
    return {
        "identical": "a copy with identical pixels",
        "twin": "a twin (correlation above 0.99, identical ones included)",
        "suspect": "a suspect at most (nearest correlation 0.95 to 0.99)",
    }[kind]


def _in_folds(same: Array, alike: Twins) -> list[dict[str, Any]]:
    found = []
    kept = "twins stay in one fold with all images of their patients"
    for kind, pairs, note in (
        ("identical", same, kept),
        ("twin", alike.pairs, kept),
        ("suspect", alike.suspects, "they were not kept together; look at them"),
    ):
        says = f"{len(pairs)} pair(s) of {WORDS[kind]}: {note}."
        if kind == "suspect" and alike.cut:
            says = f"More than {len(pairs)} pairs of {WORDS[kind]}: pictures of this cohort look alike; {note}."
        if kind == "twin" and alike.recall < 1:
            says += f" Candidates were hashed: about {100 * alike.recall:.1f} % of twins are found."
        found += [_leak(kind, "info", len(pairs), pairs, says)] if len(pairs) else []
    return found


def _chain(chain: Array, n: int) -> dict[str, Any]:
    says = (
        f"A chain of twins links the patients of {len(chain)} rows ({100 * len(chain) / n:.0f} % of all); "
        "they were not kept in one fold: look-alikes may sit on both sides of a split."
    )
    return _leak("chain", "warn", len(chain), np.column_stack([chain[:-1], chain[1:]]), says)


def _conflicts(pairs: Array, y: Array, split: Array | None) -> list[dict[str, Any]]:
    wrong = label_conflicts(pairs, y)
    if not len(wrong):
        return []
    count = len(wrong)
    says = f"{count} pair(s) of twins bear different labels: one of the labels is wrong, or they are no twins"
    if split is not None:
        torn = label_conflicts(across(pairs, split, "test", "train"), y)
        says += f"; so do {len(torn)} test picture(s) and their nearest twins in the train part"
    return [_leak("label_conflict", "warn", count, wrong, says + ".")]


def _giveaways(apart: Mapping[str, float], used: Collection[str], n: int, target: str) -> list[dict[str, Any]]:
    found = []
    for name, value in apart.items():
        severity: Severity = "warn" if name in used else "info"
        use = "it is used here, so judge what uses it with care" if name in used else "no candidate was given it"
        says = f"Column {name} alone tells {target} (cross-validated AUC {value:.3f}): {use}."
        found.append(_leak("giveaway", severity, n, [], says, name))
    return found
