"""The audit that belongs to the kind of target: of classes, grades, numbers or labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from numpy.typing import NDArray

from ...evaluate.audit import audit
from ...evaluate.audit_grades import audit_grades
from ...evaluate.audit_labels import audit_labels
from ...evaluate.audit_number import audit_number
from ...evaluate.confound import confounders
from .material import Material

Array = NDArray[Any]


def audited(
    material: Material,
    told: Mapping[str, Array],
    thresholds: Mapping[str, Array],
    *,
    best: str,
    pairs: Sequence[tuple[str, str]] = (),
    is_whole: bool = True,
) -> dict[str, Any]:
    """Parts of metrics.json for what candidates said of every row (n, width); only the rows that were tested count.

    Without `is_whole` groups and twin-free figures are left out: for the choice itself the figures alone are wanted.
    """
    design, question, name = material.design, material.question, material.wanted.name
    rows = design.tested
    groups = material.groups.iloc[rows] if is_whole and len(material.groups.columns) else None
    common: dict[str, Any] = {
        "patients": material.patients[rows] if material.cohort.patient_column else None,
        "folds": design.fold_of[rows] if design.kind == "folds" else None,
        "seed": question.seed,
        "replicates": question.replicates,
        "best": best,
    }
    said = {key: p[rows] for key, p in told.items()}
    bounds = {key: bound[rows] for key, bound in thresholds.items()}
    truth, strata = material.wanted.y[rows], material.y[rows]
    if name == "number":
        return audit_number(truth, said, strata=strata, groups=groups, **common) | _confounding(material, groups)
    if name == "labels":
        found = audit_labels(
            truth, said, labels=material.wanted.names, strata=strata, thresholds=bounds, groups=groups, **common
        )
        return found | _confounding(material, groups)
    free = None if material.leaks.twin_free is None or not is_whole else material.leaks.twin_free[rows]
    found = audit(
        truth,
        said,
        classes=material.classes,
        thresholds=bounds,
        groups=groups,
        twin_free=free,
        official=design.kind == "official",
        target=material.cohort.target_name,
        pairs=pairs,
        **common,
    )
    return found if name == "classes" else _graded(found, audit_grades(truth, said, grades=material.classes, **common))


def _graded(found: dict[str, Any], grades: dict[str, Any]) -> dict[str, Any]:
    """Figures of grades over those of classes: their own confusion matrix, and kappa beside AUC in every difference."""
    for name, scores in grades["candidates"].items():
        found["candidates"][name] |= scores
    kappas = {(row["a"], row["b"]): row for row in grades["differences"]}
    for row in found["differences"]:
        other = kappas.get((row["a"], row["b"]))
        if other is not None:
            row |= {"p_auc": row["p"], "p": other["p"], "kappa": other["kappa"]}
    return found


def _confounding(material: Material, groups: Any) -> dict[str, Any]:
    """How columns go with bands of the number, or with the rarest label of a row."""
    rows, wanted = material.design.tested, material.wanted
    found = confounders(
        groups,
        material.y[rows],
        classes=material.classes,
        groups=material.patients[rows] if material.cohort.patient_column else None,
        number=wanted.y[rows] if wanted.name == "number" else None,
        target=material.cohort.target_name,
        seed=material.question.seed,
    )
    return {"confounding": found}
