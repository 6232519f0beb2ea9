"""Where a search looks for the settings of each classical family, and how it is put together for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sklearn.pipeline import Pipeline

from .search import Search, Space
from .selection import Select

SELECTION: Space = {
    "select__how": ("one of", ("none", "none", "univariate", "mrmr", "importance", "elastic_net")),
    "select__k": ("log whole", 12, 200),
}
"""A third of the settings keeps all columns."""

_FOREST: Space = {
    "min_samples_leaf": ("log whole", 1, 16),
    "max_features": ("one of", ("sqrt", "log2", 0.1, 0.3)),
}
_TREES = {"n_estimators": 150}

SPACES: Mapping[str, Space] = {
    "svm": {"marginsvc__C": ("log", 0.1, 100.0), "marginsvc__gamma": ("log", 3e-4, 0.1)},
    "svm_linear": {"marginsvc__C": ("log", 1e-4, 1.0)},
    "logistic": {"logisticregression__C": ("log", 1e-5, 1.0)},
    "elastic_net": {
        "logisticregression__C": ("log", 3e-3, 1.0),
        "logisticregression__l1_ratio": ("uniform", 0.1, 0.9),
    },
    "forest": _FOREST,
    "extra_trees": _FOREST,
    "features": {f"randomforestclassifier__{name}": how for name, how in _FOREST.items()},
    "boosting": {
        "learning_rate": ("log", 0.02, 0.3),
        "max_iter": ("log whole", 40, 300),
        "max_leaf_nodes": ("log whole", 3, 32),
        "min_samples_leaf": ("log whole", 5, 50),
        "l2_regularization": ("log", 0.01, 10.0),
        "max_features": ("uniform", 0.05, 0.5),
    },
    "lightgbm": {
        "learning_rate": ("log", 0.02, 0.3),
        "trees": ("log whole", 40, 300),
        "leaves": ("log whole", 3, 32),
        "least": ("log whole", 5, 50),
        "l2": ("log", 0.01, 10.0),
        "column_share": ("uniform", 0.05, 0.5),
    },
}
"""Parameters of each family's estimator, by the candidate's name; a candidate that is not here cannot be searched."""

_DRAFTS: Mapping[str, Mapping[str, Any]] = {
    "forest": _TREES,
    "extra_trees": _TREES,
    "features": {f"randomforestclassifier__{name}": value for name, value in _TREES.items()},
}


def searched(
    name: str,
    classifier: Any,
    *,
    before: Sequence[tuple[str, Any]] = (),
    settings: int = 24,
    budget_s: float | None = None,
    seed: int = 0,
) -> Search:
    """A search over the settings of the candidate `name` and over a selection of columns; `before` are earlier steps."""
    steps = [*before, ("select", Select(how="none", seed=seed)), ("classify", classifier)]
    space = {**SELECTION, **_within(SPACES[name])}
    draft = _within(_DRAFTS.get(name, {}))
    return Search(Pipeline(steps), space, draft=draft, settings=settings, budget_s=budget_s, seed=seed)


def _within(parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {f"classify__{name}": value for name, value in parameters.items()}
