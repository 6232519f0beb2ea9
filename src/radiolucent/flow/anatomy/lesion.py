"""A lesion from one click: the family of methods follows from the picture, by a rule that is stated."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field
from scipy import ndimage

from ...core import Image, InputError, Mask
from ...core.geometry import difference
from ...kernels import smooth
from ...kernels.star import Fan, Star, best_star
from .level import best_level
from .regions import AIR_HU, bright_body, measured
from .shape import AssumeHu, Flags, Single, filled, steps_of, still
from .slices import through_slices

Point = Annotated[
    tuple[Annotated[float, Field(ge=-1e6, le=1e6)], ...] | None,
    Field(min_length=2, max_length=3, description="a point inside the lesion, in array order (z y x) [index from 0]"),
]
PointMm = Annotated[
    tuple[Annotated[float, Field(ge=-1e6, le=1e6)], ...] | None,
    Field(min_length=3, max_length=3, description="a point inside the lesion in the patient, LPS x y z [mm]"),
]
Family = Literal["star", "slices", "level"]

SOFT_TISSUE_HU = (-135.0, 215.0)
"""The usual window: 350 HU wide, about 40."""


def lesion(
    image: Image,
    click: Mask | None = None,
    *,
    seed_point: Point = None,
    seed_point_mm: PointMm = None,
    family: Annotated[
        Literal["auto", "star", "slices", "level"],
        Field(description="auto: by the rule below; else this family of methods"),
    ] = "auto",
    tone: Annotated[
        Literal["auto", "dark", "bright"],
        Field(
            description="whether the lesion is darker or brighter than its ground; auto: dark in ultrasound, else what stands out"
        ),
    ] = "auto",
    largest_share: Annotated[
        float | None,
        Field(
            gt=0,
            le=1,
            description="greatest radius, as a part of the picture's shortest side in its plane; none: 0.45 in a flat picture, "
            "0.25 in a volume",
        ),
    ] = None,
    assume_hu: AssumeHu = False,
) -> Mask:
    """Find a lesion from one click inside it: a point in voxels or mm, or the middle of the first label of `click`.

    The rule for the family: a flat picture gets `star`, the star-shaped rim across which means differ most, with smooth
    radii; a volume in which the click's neighbourhood is above the 95th percentile of the whole (PET, contrast agent) gets `level`,
    the connected piece around the click at the level with the greatest step across its rim; any other volume gets `slices`,
    stars in the finest plane, carried from slice to slice while they stay alike, air around the body left aside. In CT a click
    in soft tissue (-135 to 215 HU) has bone, air and metal cut to that window's ends, or their rims would outdo every lesion's
    (NIfTI does not state HU: `assume_hu`). The rule looks at modality, shape and grey values only. A lesion that hardly differs
    from its ground is not found rightly: look at the result.
    """
    values = still(image, "lesion")
    point = _point(image, click, seed_point, seed_point_mm)
    if not np.ptp(values):
        return Mask(np.zeros(values.shape, np.uint8), image.grid, {1: "lesion"})
    chosen = family if family != "auto" else family_for(image, values, point)
    tone = "dark" if tone == "auto" and image.modality == "US" else tone
    share = largest_share or (0.45 if chosen == "star" else 0.25)
    if chosen == "slices":
        values = _without_air(values, point, steps_of(image))
    if image.unit == "HU" or assume_hu:
        values = _in_soft_tissue(values, point)
    found = FAMILIES[chosen](values, point, steps_of(image), tone, share)
    return Mask(found.astype(np.uint8), image.grid, {1: "lesion"})


def family_for(image: Image, values: Single, point: tuple[int, ...]) -> Family:
    """The rule: by shape, modality and how the click's neighbourhood stands among all values."""
    if sum(n > 1 for n in values.shape) <= 2:
        return "star"
    near = values[tuple(slice(max(0, p - 1), p + 2) for p in point)]
    is_hot = float(np.median(near)) > float(np.percentile(values, 95))
    return "level" if image.modality == "PT" or is_hot else "slices"


def _star(values: Single, point: tuple[int, ...], steps: tuple[float, ...], tone: str, share: float) -> Flags:
    flat = values.squeeze() if values.ndim > 2 and min(values.shape) == 1 else values
    kept = [k for k in range(values.ndim) if flat is values or values.shape[k] > 1]
    if flat.ndim < 2:
        raise InputError(f"a star needs a picture of two or three axes, and this has shape {values.shape}")
    scale = tuple(steps[k] for k in kept)
    shortest = min(n * s for n, s in zip(flat.shape, scale, strict=True))
    sigma = max(min(scale), 0.005 * shortest)
    soft = smooth.gaussian(flat, {k: sigma / s for k, s in enumerate(scale)})
    half = 12 if flat.ndim == 2 else 6
    fan = Fan(max(1.5 * min(scale), 0.015 * shortest), share * shortest, half=half)
    middle = tuple(point[k] for k in kept)
    return bolder(soft, middle, scale, fan, tone).mask.reshape(values.shape)


def bolder(soft: Single, middle: tuple[float, ...], scale: tuple[float, ...], fan: Fan, tone: str) -> Star:
    """The star of the tone that was asked for, or of the one whose rim stands out more."""
    tones = {"dark": 1.0, "bright": -1.0}
    stars = [best_star(sign * soft, middle, scale, fan) for name, sign in tones.items() if tone in ("auto", name)]
    return max(stars, key=lambda star: star.rim)


def _in_soft_tissue(values: Single, point: tuple[int, ...]) -> Single:
    """Cut to the window of soft tissue, where the median around the point lies in it."""
    low, high = SOFT_TISSUE_HU
    near = float(np.median(values[tuple(slice(max(0, p - 1), p + 2) for p in point)]))
    return np.clip(values, low, high) if low <= near <= high else values


def _without_air(values: Single, point: tuple[int, ...], steps: tuple[float, ...]) -> Single:
    """Air around the body gets the body's median, so that the body's surface is no rim; a click lies in the body."""
    threshold = AIR_HU if values.min() < AIR_HU else 0.5 * measured(values)
    inside = bright_body(values, threshold, steps)
    return np.where(inside, values, np.median(values[inside])) if inside[point] else values


def _level(values: Single, point: tuple[int, ...], steps: tuple[float, ...], tone: str, share: float) -> Flags:  # noqa: ARG001
    soft = smooth.gaussian(values, {k: 0.5 * min(steps) / s for k, s in enumerate(steps)})
    return filled(best_level(soft, point, tone))


FAMILIES = {"star": _star, "slices": through_slices, "level": _level}


def _point(
    image: Image,
    click: Mask | None,
    seed_point: tuple[float, ...] | None,
    seed_point_mm: tuple[float, ...] | None,
) -> tuple[int, ...]:
    """The one point that was given, as an index."""
    given = [what is not None for what in (click, seed_point, seed_point_mm)]
    if sum(given) != 1:
        raise InputError(
            f"lesion needs one click and got {sum(given)}: give --seed-point (voxels), --seed-point-mm (LPS), or a mask"
        )
    if click is not None:
        return _middle_of(image, click)
    at = np.asarray(seed_point if seed_point is not None else _index_of(image, np.asarray(seed_point_mm)), float)
    shape = image.grid.shape
    if len(at) == len(shape) - 1 and shape[0] == 1:
        at = np.concatenate([[0.0], at])
    if len(at) != len(shape):
        raise InputError(f"the click has {len(at)} numbers, and the picture has axes {image.grid.axes} {shape}")
    whole = np.rint(at).astype(int)
    if (whole < 0).any() or (whole >= shape).any():
        raise InputError(f"the click {at.tolist()} lies outside the picture of shape {shape}")
    return tuple(int(k) for k in whole)


def _index_of(image: Image, point_mm: np.ndarray) -> np.ndarray:
    affine = image.grid.affine
    if affine is None:
        raise InputError("this picture has no known place in the patient; give --seed-point in voxels")
    index, *_ = np.linalg.lstsq(affine[:3, :-1], point_mm - affine[:3, -1], rcond=None)
    away = float(np.linalg.norm(affine[:3, :-1] @ index + affine[:3, -1] - point_mm))
    if away > 1e-3 + max(image.grid.known_spacing_mm()):
        raise InputError(f"the click lies {away:.1f} mm off the plane of this picture")
    return index


def _middle_of(image: Image, click: Mask) -> tuple[int, ...]:
    """The pixel of the first label that lies deepest in it."""
    if apart := difference(image.grid, click.grid):
        raise InputError(f"image and click lie on different grids ({apart}); resample one to the other's grid")
    if not (click.array > 0).any():
        raise InputError("the click is empty: mark a pixel inside the lesion")
    first = click.array == click.array[click.array > 0].min()
    depth = ndimage.distance_transform_edt(np.pad(first, 1))[(slice(1, -1),) * first.ndim]
    best = np.argwhere(depth >= depth.max() - 1e-9)
    middle = best.mean(axis=0)
    return tuple(int(k) for k in best[np.argmin(((best - middle) ** 2).sum(axis=1))])
