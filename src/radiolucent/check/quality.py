"""How good a picture is, in the figures of MRIQC where it has them, and which of them are beyond their limit.

Esteban et al. 2017, doi:10.1371/journal.pone.0184661. No segmentation is known here: "foreground" is what lies above
Otsu's threshold, "background" the rest, and two tissues are the foreground parted by Otsu's threshold once more, so
figures compare pictures of one kind with each other, not with MRIQC's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.ndimage import binary_erosion, uniform_filter

from radiolucent.core import Finding, Image, Severity

from .limits import broken
from .planes import body, is_drawing, moments, planes, span, thinned

DIETRICH = 0.6551364
"""1 / sqrt(2 / (4 - pi)): from the spread of Rayleigh-distributed air to that of the noise."""

LEAST_PIXELS = 64

MOST = {"noise": 0.08, "cjv": 1.5, "efc": 0.86, "fwhm_px": 7.0, "inu_range": 0.6, "gsr": 0.08}
LEAST = {"snrd": 10.0, "cnr": 0.6, "fber": 4.0}
"""Limits of the figures that are judged."""


def quality(
    image: Image,
    *,
    edge: Annotated[
        float, Field(gt=50, lt=100, description="percentile of the gradient that stands for the sharpest edges")
    ] = 99.5,
) -> dict[str, float]:
    """Measure noise, contrast, sharpness and evenness; a figure that the picture does not allow is left out.

    `noise` spread of the second difference along rows and columns, over the span of values; `snr`, `snrd`, `cnr`,
    `cjv`, `efc`, `fber` as in MRIQC; `fwhm_px` of a point, from the sharpest edges [pixels]; `inu_range` 5th to 95th
    percentile of a slope fitted to the foreground, over its median; `gsr` ghost to signal ratio, the greater of
    both directions. Of a film at most 16 frames are measured.
    """
    stack = thinned(planes(moments(image)))
    wide = span(stack)
    if wide <= 0 or min(stack.shape[1:]) < 8 or is_drawing(stack):
        return {}
    calm = uniform_filter(stack, size=(0, 3, 3))  # so that noise does not decide what is body and which tissue it is
    inside = body(calm)
    figures = {"noise": _noise(stack, inside) / wide, "fwhm_px": _fwhm_px(stack, edge), "efc": _efc(stack)}
    if min(inside.sum(), (~inside).sum()) >= LEAST_PIXELS:
        figures |= _contrast(stack, calm, inside) | _evenness(stack, calm, inside)
    return {name: float(f"{value:.4g}") for name, value in figures.items() if np.isfinite(value)}


def quality_limits(
    image: Image,
    *,
    noise: Annotated[float, Field(gt=0, le=10, description="most noise, as a share of the span")] = MOST["noise"],
    snrd: Annotated[float, Field(ge=0, le=1000, description="least signal to noise in air (MR)")] = LEAST["snrd"],
    cnr: Annotated[float, Field(ge=0, le=100, description="least contrast to noise of two tissues")] = LEAST["cnr"],
    cjv: Annotated[float, Field(gt=0, le=100, description="most joint variation of tissues (MR)")] = MOST["cjv"],
    efc: Annotated[float, Field(gt=0, le=1, description="greatest entropy focus criterion (MR)")] = MOST["efc"],
    fber: Annotated[float, Field(ge=0, le=1e6, description="least energy of body over air (MR)")] = LEAST["fber"],
    fwhm_px: Annotated[float, Field(gt=0, le=1000, description="greatest width of a point [pixels]")] = MOST["fwhm_px"],
    inu_range: Annotated[float, Field(gt=0, le=10, description="most range of the field (MR)")] = MOST["inu_range"],
    gsr: Annotated[float, Field(gt=0, le=10, description="greatest ghost to signal ratio (MR)")] = MOST["gsr"],
) -> tuple[Finding, ...]:
    """Say which figures of `quality` are beyond their limit; those marked MR are judged in MR alone."""
    most = {"noise": noise, "cjv": cjv, "efc": efc, "fwhm_px": fwhm_px, "inu_range": inu_range, "gsr": gsr}
    least = {"snrd": snrd, "cnr": cnr, "fber": fber}
    return judged(quality(image), image, most=most, least=least)


def judged(
    figures: Mapping[str, float],
    image: Image,
    *,
    most: Mapping[str, float] = MOST,
    least: Mapping[str, float] = LEAST,
) -> tuple[Finding, ...]:
    """As `quality_limits`, for figures that were measured already."""
    found: tuple[Finding, ...] = ()
    for name, value in figures.items():
        too_much, too_little = value > most.get(name, np.inf), value < least.get(name, -np.inf)
        if (too_much or too_little) and _is_judged(name, image.modality):
            limit = f"at most {most[name]:g}" if too_much else f"at least {least[name]:g}"
            says = f"{WORDS[name]} ({name} {value:g})."
            unit = "pixels" if name.endswith("_px") else ""
            code = f"intensity.{name.removesuffix('_px')}"
            found += broken(code, says, limit, severity=_severity(name, image), value=value, unit=unit)
    return found


SEVERITY: dict[str, Severity] = {"cjv": "info", "efc": "info", "fber": "info"}
"""Figures that depend on the body part more than on the picture's quality are remarks."""

UNKNOWN = "OT"
"""Formats that do not state a modality: the picture may be one of those that are not judged, so all is a remark."""

SECTIONS, PROJECTIONS = ("CT", "MR"), ("CR", "DX", "MG", "RG", "XA", "RF", "IO", "PX")
"""Modalities whose noise and sharpness are judged; nuclear medicine, ultrasound and doses are smooth or speckled by nature."""

WORDS = {
    "noise": "The picture is noisy",
    "snrd": "The signal hardly stands out from the noise in air",
    "cnr": "Tissues hardly differ for the noise",
    "cjv": "Tissues are hard to tell apart: noise, motion or an uneven field",
    "efc": "The picture is out of focus as by motion or ghosts",
    "fber": "The background is nearly as bright as the body",
    "fwhm_px": "Edges are blurred",
    "inu_range": "The field is uneven: one side is brighter than the other",
    "gsr": "A ghost of the body lies beside it",
}


def _severity(name: str, image: Image) -> Severity:
    """One section's figures hang on the anatomy that it passes, and a projection has few sharp edges: remarks."""
    alone = image.modality in SECTIONS and len(planes(image)) == 1
    if image.modality == UNKNOWN or alone or (name == "fwhm_px" and image.modality not in SECTIONS):
        return "info"
    return SEVERITY.get(name, "warn")


def _is_judged(name: str, modality: str) -> bool:
    if name in ("snrd", "cjv", "efc", "fber", "inu_range", "gsr"):
        return modality == "MR"
    return modality in SECTIONS if name == "cnr" else modality in (*SECTIONS, *PROJECTIONS, UNKNOWN)


def _noise(stack: NDArray[np.float32], inside: NDArray[np.bool_]) -> float:
    """Standard deviation of the noise: median of the second differences within the body, where nothing is masked."""
    across = []
    for axis in (1, 2):
        values, where = np.moveaxis(stack, axis, 0), np.moveaxis(inside, axis, 0)
        second = np.abs(values[:-2] - 2 * values[1:-1] + values[2:])
        whole = where[:-2] & where[1:-1] & where[2:]
        across.append(second[whole] if whole.sum() >= LEAST_PIXELS else second.ravel())
    return float(1.4826 * np.median(np.concatenate(across)) / np.sqrt(6))


def _fwhm_px(stack: NDArray[np.float32], edge: float) -> float:
    """A step of height h blurred by a Gaussian has slope h / (sigma sqrt(2 pi)) at its steepest."""
    steep = np.hypot(*np.gradient(stack, axis=(1, 2)))
    slope = float(np.percentile(steep, edge))
    return 2.3548 * span(stack) / (slope * np.sqrt(2 * np.pi)) if slope > 0 else np.nan


def _efc(stack: NDArray[np.float32]) -> float:
    """Atkinson 1997: entropy of the energy, over that of a flat picture."""
    values = (stack - stack.min()).astype(np.float64).ravel()
    greatest = values.size / np.sqrt(values.size) * np.log(1 / np.sqrt(values.size))
    part = values / np.sqrt((values**2).sum())
    return float((part * np.log(part + 1e-16)).sum() / greatest)


def _contrast(stack: NDArray[np.float32], calm: NDArray[np.float32], inside: NDArray[np.bool_]) -> dict[str, float]:
    low = min(0.0, float(stack.min()))
    signal, air = stack[inside] - low, stack[~inside] - low
    spread = 1.4826 * float(np.median(np.abs(air - np.median(air))))
    found = {"snr": float(signal.mean() / signal.std()) if signal.std() else np.nan}
    found["snrd"] = DIETRICH * float(signal.mean()) / spread if spread else np.nan
    energy = float(np.median(air**2))
    found["fber"] = float(np.median(signal**2)) / energy if energy else np.nan
    upper = body(calm[inside].reshape(1, 1, -1)).ravel()
    one, other = signal[upper], signal[~upper]
    if min(one.size, other.size) < LEAST_PIXELS:
        return found
    apart = abs(float(one.mean() - other.mean()))
    found["cnr"] = apart / float(np.sqrt(one.var() + other.var() + spread**2)) if apart else np.nan
    found["cjv"] = float(one.std() + other.std()) / apart if apart else np.nan
    return found


def _evenness(stack: NDArray[np.float32], calm: NDArray[np.float32], inside: NDArray[np.bool_]) -> dict[str, float]:
    dim = calm > (float(calm[inside].min()) + float(calm.min())) / 2  # a shaded body lies partly below the threshold
    core = binary_erosion(dim, np.ones((1, 5, 5)))
    found = {"inu_range": _inu_range(calm, core if core.sum() >= LEAST_PIXELS else dim)}
    ghosts = [ratio for axis in (1, 2) if (ratio := _ghost(stack, inside, axis)) is not None]
    return found | ({"gsr": max(ghosts)} if ghosts else {})


def _inu_range(stack: NDArray[np.float32], inside: NDArray[np.bool_]) -> float:
    """A slope in the plane's coordinates fitted to the logarithm of the foreground; its edge is left out by the caller."""
    places = np.argwhere(inside)[:: max(1, int(inside.sum()) // 50_000)]
    y, x = (2 * places[:, k] / stack.shape[k] - 1 for k in (1, 2))
    terms = np.stack([np.ones_like(x), x, y], axis=1)
    values = np.log(np.maximum(stack[tuple(places.T)] - stack.min(), 1e-6 * span(stack)))
    field = np.exp(terms @ np.linalg.lstsq(terms, values, rcond=None)[0])
    low, middle, high = np.percentile(field, [5, 50, 95])
    return float((high - low) / middle)


def _ghost(stack: NDArray[np.float32], inside: NDArray[np.bool_], axis: int) -> float | None:
    """Giannelli et al. 2010 as in MRIQC: half a field of view away from the body, against the rest of the air."""
    shifted = np.roll(inside, inside.shape[axis] // 2, axis)
    ghost, rest = shifted & ~inside, ~shifted & ~inside
    if min(ghost.sum(), rest.sum()) < 0.02 * inside.size:
        return None
    signal = float(np.median(stack[inside])) - float(np.median(stack[rest]))
    return float(stack[ghost].mean() - stack[rest].mean()) / signal if signal else None
