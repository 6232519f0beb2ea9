"""Undoing a known blur, with noise held down."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from radiolucent.core import Image
from radiolucent.kernels import spectrum

from .frequency_band import per_mm
from .lengths import in_pixels
from .smooth import Edge


def deconvolve(
    image: Image,
    *,
    sigma_mm: Annotated[float, Field(gt=0, description="standard deviation of the Gaussian blur [mm]")] = 1.0,
    noise: Annotated[float, Field(gt=0, le=1e3, description="power of the noise over that of the signal")] = 0.01,
    method: Annotated[
        Literal["wiener", "laplacian"], Field(description="noise held down alike at all frequencies, or as they rise")
    ] = "wiener",
    boundary: Edge = "reflect",
) -> Image:
    """Undo a Gaussian blur of standard deviation `sigma_mm` [mm] as far as the noise allows; gives float32.

    The transfer is H / (H^2 + noise P), brought to 1 at frequency 0, with H = exp(-2 pi^2 sigma^2 f^2) and P = 1
    (Wiener) or (2 pi sigma f)^4, the power of the Laplacian (constrained least squares, Hunt 1973,
    doi:10.1109/TC.1973.5009169).
    """
    in_pixels(image, "sigma_mm", sigma_mm)

    def transfer(frequencies: list[NDArray[Any]]) -> NDArray[Any]:
        angular = (2 * np.pi * sigma_mm * spectrum.radius(frequencies)) ** 2
        blur = np.exp(-angular / 2)
        power = 1.0 if method == "wiener" else angular**2
        return blur / np.maximum(blur**2 + noise * power, 1e-30) * (1 + noise * (method == "wiener"))

    return image.with_array(spectrum.even(image.array, image.grid.spatial_axes, per_mm(image, transfer), boundary))
