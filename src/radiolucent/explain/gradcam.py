"""Grad-CAM: where the last feature maps speak for a class."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from radiolucent.core import InputError

MapsAndGradients = Callable[[Any, int], tuple[NDArray[Any], NDArray[Any]]]


def gradcam(maps_and_gradients: MapsAndGradients, pictures: Any, column: int) -> NDArray[np.float32]:
    """Heat maps (n, h, w) in 0..1 of the evidence for class `column`, one per picture, in the pictures' own size.

    `maps_and_gradients(pictures, column)` gives feature maps A (n, a, b, c) and the gradient of the class's score in
    them; the heat is max(0, sum_c mean(gradient_c) A_c), divided by its maximum, and all zero where nothing speaks for
    the class (Selvaraju et al. 2017, doi:10.1109/ICCV.2017.74).
    """
    maps, gradients = maps_and_gradients(pictures, column)
    if maps.ndim != 4 or maps.shape != gradients.shape:
        raise InputError(
            f"feature maps and gradients must both be (n, h, w, c), got {maps.shape} and {gradients.shape}"
        )
    shares = gradients.mean(axis=(1, 2), keepdims=True)
    heat = np.maximum((shares * maps).sum(axis=-1), 0)
    return enlarged(heat, shape=(pictures.shape[1], pictures.shape[2]))


def enlarged(heat: NDArray[Any], *, shape: tuple[int, int]) -> NDArray[np.float32]:
    """Bring coarse maps (n, a, b) to `shape` and each to a maximum of 1 (a map of zeros stays zero)."""
    coarse = heat.astype(np.float32)
    fine = [cv2.resize(one, shape[::-1], interpolation=cv2.INTER_LINEAR) for one in coarse]
    out = np.stack(fine) if fine else np.zeros((0, *shape), np.float32)
    most = out.max(axis=(1, 2), keepdims=True, initial=0.0)
    return np.divide(out, most, out=np.zeros_like(out), where=most > 0)
