"""How a fitted net is taken apart for a file, and its estimator made again from that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from sklearn.base import BaseEstimator

UNSAVED = ("progress", "threads", "start", "checkpoint")
"""Parameters that a saved net does not keep: they change no result, or name a file of this machine."""

Estimator = TypeVar("Estimator", bound=BaseEstimator)


def parameters(estimator: BaseEstimator) -> dict[str, Any]:
    """The parameters of an estimator as JSON holds them, but those that a saved net does not keep."""
    told = {name: value for name, value in estimator.get_params().items() if name not in UNSAVED}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in told.items()}


def unfitted(kind: type[Estimator], description: Mapping[str, Any]) -> Estimator:
    """An estimator with the parameters of a description; one that it no longer takes is passed over."""
    known = set(kind._get_param_names())
    return kind(**{name: value for name, value in description["parameters"].items() if name in known})
