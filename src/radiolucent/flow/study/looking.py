"""What a candidate looks at, on the cases it was surest, most wrong and least certain about; in a process of its own.

``python -m radiolucent.flow.study.looking WORK NAME --threads 2`` reads work/NAME/asked.json and leaves work/NAME/heat.npz
or work/NAME/shares.json.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...explain.table import permutation_importance, shapley
from ...learn.model import load
from ..candidates import candidate
from ..describe import Description
from ..families import ByFamily
from ..heat import METHODS, heat_maps
from .design import Design
from .question import write_json
from .telling import tell
from .worker import fold_path, inputs, take

BACKGROUND = 40
"""Rows that stand for "this is not known" in Shapley values."""


def chosen(
    true: NDArray[np.float64], margin: NDArray[np.float64], patients: NDArray[Any], *, most: int
) -> dict[str, list[int]]:
    """Rows to look at: `true` is the probability of the true class, `margin` the distance from a change of mind.

    One picture a patient in each list; rows that were not tested (NaN) are in none.
    """
    orders = {"best": np.argsort(-true), "worst": np.argsort(true), "uncertain": np.argsort(np.abs(margin))}
    return {kind: _one_each(order[~np.isnan(true[order])], patients, most) for kind, order in orders.items()}


def _one_each(order: NDArray[np.intp], patients: NDArray[Any], most: int) -> list[int]:
    seen: dict[Any, int] = {}
    for row in order:
        seen.setdefault(patients[row], int(row))
        if len(seen) == most:
            break
    return list(seen.values())


def main(argv: list[str] | None = None) -> int:
    """Explain one candidate with the models of the folds that tested the asked rows."""
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=Path)
    parser.add_argument("name")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args(argv)
    work, name = arguments.work, arguments.name
    asked = json.loads((work / name / "asked.json").read_text())
    needs = candidate(name).needs
    description = Description.from_dict(json.loads((work / "job.json").read_text())["described"])
    if needs in METHODS and (needs != "rows" or description.sees_pictures):
        _heat(work, name, needs, asked, arguments.threads, description)
    if needs == "sequences":
        tell(work, name, np.array(asked["rows"], np.intp), np.array(asked["columns"], np.intp))
    is_classes = json.loads((work / "job.json").read_text())["kind"] in ("classes", "ordinal")
    if is_classes and needs not in ("pictures", "both", "sequences"):
        write_json(work / name / "shares.json", _shares(work, name, needs, asked))
    print(json.dumps({"explained": len(asked["rows"])}), flush=True)
    return 0


def _heat(work: Path, name: str, needs: str, asked: dict[str, Any], threads: int, description: Description) -> None:
    job = json.loads((work / "job.json").read_text())
    known = np.load(work / "rows.npy", mmap_mode="r") if needs == "rows" else None
    net = load(job["embed"]).estimator if description.embedding and needs == "rows" else None
    design, pictures = Design.load(work / "design.npz"), np.load(work / "pictures.npy", mmap_mode="r")
    rows, columns = np.array(asked["rows"], np.intp), np.array(asked["columns"], np.intp)
    maps = np.zeros((len(rows), *pictures.shape[1:]), np.float32)
    for fold in np.unique(design.fold_of[rows]):
        here = np.flatnonzero(design.fold_of[rows] == fold)
        model = load(fold_path(work, name, int(fold)).with_suffix("")).estimator
        base = None if known is None else np.array(known[rows[here]])
        maps[here] = heat_maps(
            model,
            needs,
            pictures[rows[here]],
            columns[here],
            workers=threads,
            description=description,
            net=net,
            base=base,
        )
    np.savez_compressed(work / name / "heat.npz", rows=rows, maps=maps)


def _shares(work: Path, name: str, needs: str, asked: dict[str, Any]) -> dict[str, Any]:
    """Global importance on the first fold's test rows, and Shapley values of the asked cases of that fold."""
    design = Design.load(work / "design.npz")
    job = json.loads((work / "job.json").read_text())
    y, X = np.array(job["y"]), inputs(work, name)
    fold = 0
    model = load(fold_path(work, name, fold).with_suffix("")).estimator
    test, fit = np.flatnonzero(design.test[fold]), np.flatnonzero(design.fit[fold])
    background = np.random.default_rng(job["seed"]).choice(fit, min(BACKGROUND, len(fit)), replace=False)
    cases = [row for row in asked["rows"] if design.test[fold, row]]
    every = np.concatenate([test, background])
    view, names = _by_family(model, take(X, every), needs, job)
    numbers = view.rows(np.arange(len(every)))
    scoring = "roc_auc" if len(job["classes"]) == 2 else "roc_auc_ovr"
    fall = permutation_importance(
        view, numbers[: len(test)], y[test], seed=job["seed"], names=names, repeats=10, scoring=scoring
    )
    where = [int(np.flatnonzero(test == row)[0]) for row in cases]
    column = len(job["classes"]) - 1
    local = []
    if cases:
        values, base = shapley(
            lambda table: view.predict_proba(table)[:, column], numbers[len(test) :], numbers[where], seed=job["seed"]
        )
        local = [
            {"row": row, "base": float(b), "values": dict(zip(names, map(float, v), strict=True))}
            for row, v, b in zip(cases, values, base, strict=True)
        ]
    return {"global": fall.to_dict("records"), "local": local, "n": len(test)}


def _by_family(model: Any, X: Any, needs: str, job: dict[str, Any]) -> tuple[ByFamily, tuple[str, ...]]:
    if needs == "rows":
        rows, classifier = model.named_steps["rows"], model.named_steps["classify"]
        view = ByFamily(classifier, rows.transform(X), rows.get_feature_names_out()).fit()
        return view, view.families_
    if needs == "features":
        view = ByFamily(_OnFrame(model, job["features"], X.dtypes), X.to_numpy(), job["features"]).fit()
        return view, view.families_
    columns = [*job["columns"]["numeric"], *job["columns"]["categorical"]]
    view = ByFamily(_OnFrame(model, columns, X.dtypes), X[columns].to_numpy(object), columns).fit_columns()
    return view, tuple(columns)


class _OnFrame:
    """A classifier of data frames, given arrays."""

    def __init__(self, model: Any, columns: list[str], dtypes: Any) -> None:
        self.model, self.columns, self.dtypes = model, columns, dtypes
        self.classes_ = model.classes_

    def predict_proba(self, table: NDArray[Any]) -> NDArray[np.float64]:
        frame = pd.DataFrame(table, columns=self.columns).astype({name: self.dtypes[name] for name in self.columns})
        return self.model.predict_proba(frame)


if __name__ == "__main__":
    sys.exit(main())
