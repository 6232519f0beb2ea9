"""Where a model looks: the recipe that gives a net's gradients to Grad-CAM, and a classical model's output to occlusion."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..explain.gradcam import gradcam
from ..explain.occlusion import occlusion
from .study.rows import measured

METHODS = {"pictures": "Grad-CAM", "rows": "occlusion"}
"""How a candidate that needs pictures or rows is explained on a picture; a table has no picture to look at."""


def heat_maps(
    estimator: Any, needs: str, pictures: NDArray[np.uint8], columns: NDArray[np.intp], *, workers: int
) -> NDArray[np.float32]:
    """Heat maps (n, S, S) in 0..1: what speaks for class `columns[i]` in picture i."""
    if needs == "pictures":
        maps = [
            gradcam(estimator.maps_and_gradients, picture[None], int(c))[0] for picture, c in zip(pictures, columns)
        ]
    else:

        def predict(variants: NDArray[np.uint8]) -> NDArray[np.float64]:
            return estimator.predict_proba(measured(variants, workers=workers))

        maps = [occlusion(predict, picture[None], int(c), overlap=0)[0] for picture, c in zip(pictures, columns)]
    return np.stack(maps).astype(np.float32)
