"""Where a model looks: the recipe that gives a net's gradients to Grad-CAM, and a classical model's output to occlusion."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..explain.gradcam import gradcam
from ..explain.occlusion import occlusion
from .describe import Description
from .study.rows import USUAL, measured

METHODS = {"pictures": "Grad-CAM", "rows": "occlusion"}
"""How a candidate that needs pictures or rows is explained on a picture; a table has no picture to look at."""


def _column(regressor: Any, rows: Any) -> NDArray[np.float64]:
    return np.asarray(regressor.predict(rows), float).reshape(-1, 1)


def heat_maps(
    estimator: Any,
    needs: str,
    pictures: NDArray[np.uint8],
    columns: NDArray[np.intp],
    *,
    workers: int,
    description: Description = USUAL,
    net: Any = None,
    base: NDArray[Any] | None = None,
) -> NDArray[np.float32]:
    """Heat maps (n, S, S) in 0..1: what speaks for class `columns[i]` in picture i.

    Rows hold what `description` says; `base` (n,) is what a table knows of each, which stays while a picture is covered.
    """
    if needs == "pictures":
        maps = [
            gradcam(estimator.maps_and_gradients, picture[None], int(c))[0] for picture, c in zip(pictures, columns)
        ]
    else:

        def predict(variants: NDArray[np.uint8], row: int) -> NDArray[np.float64]:
            known = None if base is None else np.repeat(base[row : row + 1], len(variants))
            made = measured(variants, workers=workers, description=description, net=net, base=known)
            return estimator.predict_proba(made) if hasattr(estimator, "predict_proba") else _column(estimator, made)

        maps = [
            occlusion(partial(predict, row=row), picture[None], int(column), overlap=0)[0]
            for row, (picture, column) in enumerate(zip(pictures, columns, strict=True))
        ]
    return np.stack(maps).astype(np.float32)
