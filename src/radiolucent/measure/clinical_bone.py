"""Bone density from CT by a straight line through what is known: rods of a phantom, or the patient's own tissues."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np
from pydantic import Field
from scipy import stats

from radiolucent.core import Finding, Image, InputError, Mask
from radiolucent.core.geometry import difference

from .clinical_finding import IsHu, in_hu, measured
from .clinical_size import named
from .discretise import Label
from .region import of_label, region

Number = Annotated[float, Field(ge=-1e5, le=1e5)]


class Line(NamedTuple):
    """Density [mg/cm³] = slope x HU + intercept, and what tells how sure that is."""

    slope: float
    intercept: float
    residual: float | None
    n: int
    mean_hu: float
    spread_hu2: float


def bone_density(
    image: Image,
    mask: Mask,
    reference: Mask | None = None,
    *,
    label: Label = 1,
    is_hu: IsHu = False,
    reference_mg_per_cm3: Annotated[
        tuple[Number, ...], Field(max_length=64, description="known densities, of the reference's labels 1, 2, ...")
    ] = (),
    reference_hu: Annotated[
        tuple[Number, ...], Field(max_length=64, description="their mean HU, where no reference mask is given")
    ] = (),
) -> tuple[Finding, ...]:
    """Measure the mean HU of a bone region and, by calibration, its mineral density [mg/cm³].

    The line density = a HU + b goes through pairs of known density and measured HU (least squares): rods of a phantom,
    under labels 1, 2, ... of `reference` or as `reference_hu`, or two of the patient's own tissues, such as air and muscle
    (calibration without a phantom), whose densities are yours to give, for they depend on tube voltage and mineral. From
    three pairs on, the interval is the line's 95 % at the bone's HU (it tells nothing of the bone's own variation). Without
    pairs there is the HU alone, and a warning.
    """
    inside = region(image, mask, label)
    assert inside is not None  # a mask is given
    where = named(mask, label)
    hu = float(image.array[inside].mean(dtype=np.float64))
    mean = measured("mean", "Mean", hu, "HU" if is_hu else image.unit, where=where)
    if not reference_mg_per_cm3:
        says = "Bone density is not known without calibration: give densities and their HU, or a mask of them"
        return mean, Finding(says, code="measure.bone_density.uncalibrated", where=where, severity="warn")
    in_hu(image, "bone density", is_hu=is_hu)
    measured_hu = _measured_hu(image, reference, reference_mg_per_cm3, reference_hu)
    line = _fitted(measured_hu, np.array(reference_mg_per_cm3))
    pairs = [f"{d:g} mg/cm³ at {h:.4g} HU" for d, h in zip(reference_mg_per_cm3, measured_hu)]
    because = (f"{line.slope:.4g} mg/cm³ per HU, {line.intercept:+.4g} mg/cm³", *pairs)
    density = line.slope * hu + line.intercept
    told = [
        mean,
        measured("bone_density", "Bone density", density, "mg/cm³", where=where, because=because,
                 interval=_interval(line, hu, density)),
    ]  # fmt: skip
    low, high = min(measured_hu), max(measured_hu)
    if not low <= hu <= high:
        says = f"The bone's {hu:.4g} HU lie beyond the calibration ({low:.4g} to {high:.4g} HU): extrapolated"
        told.append(Finding(says, code="measure.bone_density.extrapolated", where=where, severity="warn"))
    return tuple(told)


def _measured_hu(
    image: Image, reference: Mask | None, densities: tuple[float, ...], given: tuple[float, ...]
) -> list[float]:
    if (reference is None) == (not given):
        raise InputError("calibration needs either a reference mask or reference_hu; give one of them")
    if reference is None:
        if len(given) != len(densities):
            raise InputError(f"there are {len(densities)} densities and {len(given)} HU; give as many of each")
        return list(given)
    differs = difference(image.grid, reference.grid)
    if differs:
        raise InputError(f"image and reference lie on different grids ({differs}); resample one to the other's first")
    labels = range(1, len(densities) + 1)
    return [float(image.array[of_label(reference, k, "reference")].mean(dtype=np.float64)) for k in labels]


def _fitted(hu: list[float], density: np.ndarray) -> Line:
    x = np.array(hu)
    away = x - x.mean()
    spread = float(away @ away)
    if len(x) < 2 or spread < 1e-6:
        raise InputError(
            f"a line needs two densities whose HU differ, got {len(x)} at {', '.join(f'{h:g}' for h in hu)}"
        )
    slope = float(away @ density / spread)
    intercept = float(density.mean() - slope * x.mean())
    off = density - slope * x - intercept
    residual = float(np.sqrt(off @ off / (len(x) - 2))) if len(x) > 2 else None
    return Line(slope, intercept, residual, len(x), float(x.mean()), spread)


def _interval(line: Line, hu: float, density: float) -> tuple[float, float] | None:
    if line.residual is None:
        return None
    error = line.residual * np.sqrt(1 / line.n + (hu - line.mean_hu) ** 2 / line.spread_hu2)
    half = float(stats.t.ppf(0.975, line.n - 2) * error)
    return density - half, density + half
