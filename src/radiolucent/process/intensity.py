"""Grey values brought to a common range."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from radiolucent.core import Image, InputError
from radiolucent.core.pixels import refuse_not_finite


def rescale(
    image: Image,
    *,
    low: Annotated[float, Field(ge=-1e9, le=1e9, description="what the lower percentile becomes")] = 0.0,
    high: Annotated[float, Field(ge=-1e9, le=1e9, description="what the upper percentile becomes")] = 1.0,
    low_percentile: Annotated[float, Field(ge=0, le=100, description="lower end of the range that is kept [%]")] = 0.0,
    high_percentile: Annotated[
        float, Field(ge=0, le=100, description="upper end of the range that is kept [%]")
    ] = 100.0,
) -> Image:
    """Stretch the grey values between two percentiles linearly to `low`..`high`; gives float32 in unit "1".

    Values outside the percentiles are cut; 0 and 100 are least and greatest value. A constant picture becomes `low`.
    The percentiles are of the whole picture, over all frames and colours.
    """
    refuse_not_finite(image)
    if low >= high or low_percentile >= high_percentile:
        raise InputError(
            f"the lower end must be below the upper one: got low={low:g}, high={high:g}, "
            f"low_percentile={low_percentile:g}, high_percentile={high_percentile:g}"
        )
    whole = (low_percentile, high_percentile) == (0, 100)
    limits = (
        (image.array.min(), image.array.max())
        if whole
        else np.percentile(image.array, [low_percentile, high_percentile])
    )
    below, above = (float(limit) for limit in limits)
    values = image.array.astype(np.float32)
    values -= np.float32(below)
    values *= np.float32((high - low) / (above - below)) if above > below else np.float32(0)
    values += np.float32(low)
    return image.with_array(np.clip(values, low, high, out=values), unit="1")
