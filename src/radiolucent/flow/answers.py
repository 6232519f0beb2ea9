"""What a saved model says of a row, in the words of its kind of target."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..learn.model import Model
from .study.kinds import Kind, kind_of, mended_of

Array = NDArray[Any]


def kind_in(model: Model) -> Kind:
    """The kind of target that a saved model was trained for; models from before there were kinds tell classes."""
    return kind_of(model.manifest.get("target_kind", "classes"), model.manifest["classes"])


def answers(model: Model, X: Any) -> Array:
    """Calibrated probabilities (n, classes) or (n, labels), or numbers with their interval (n, 3)."""
    return mended_of(model.manifest["calibrator"]).transform(kind_in(model).raw(model.estimator, X))


def decided(model: Model, told: Array) -> NDArray[np.intp]:
    """The column that each row is explained for."""
    return kind_in(model).decided(told, _bounds(model)).astype(np.intp)


def words(model: Model, row: Array) -> dict[str, Any]:
    """Cells of one row of predictions.csv."""
    names, kind = model.manifest["classes"], model.manifest.get("target_kind", "classes")
    if kind == "number":
        value, low, high = (round(float(v), 6) for v in row)
        return {"predicted": value, "predicted_low": low, "predicted_high": high}
    shares = {f"p_{name}": round(float(value), 6) for name, value in zip(names, row, strict=True)}
    if kind == "labels":
        named = [name for name, is_said in zip(names, row >= _bounds(model), strict=True) if is_said]
        return {"predicted": "|".join(named) or "none", **shares}
    return {"predicted": names[int(decided(model, row[None])[0])], **shares}


def _bounds(model: Model) -> Array:
    bound = model.manifest["threshold"]
    return np.array(np.nan if bound is None else bound, float)
