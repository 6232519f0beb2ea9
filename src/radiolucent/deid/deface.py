"""The face taken out of a head: all in front of and below a surface that leaves the brain alone."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy import ndimage
from skimage.filters import threshold_otsu

from radiolucent.core import Image, InputError

STEP_MM = 4.0
"""The head is looked at on a coarse grid along the body's axes."""

BONE_HU, SKIN_HU = 250.0, -300.0
SHELL_MM = 9.0
"""Scalp and skull together are at least so thick over the frontal lobes."""

CRANIUM_MM = (15.0, 75.0)
"""So far below the vertex a section of the head is cranium all round, without face."""

DEEP = ((0.0, 0.71), (0.2, 0.79), (0.35, 0.87), (0.6, 0.89))
"""How far below the vertex the brain reaches (orbits, temporal poles, cerebellum) at so much of the way from brow to occiput.
In lengths of the vault from brow to occiput, as is half the height of the vault:"""
VAULT = 0.31

FRONT, LEAST_GONE, LEAST_MM3 = 0.25, 0.6, 2e4
"""Of what lies below the brain in the first quarter from the brow so much has to go, where there is any to speak of."""

BRIGHTEST = 1.7
"""In MR, what is so many times brighter than the middle of the vault is fat or vessel, not brain."""

ORBIT, BROW, DEEPER = 0.2, 0.45, 0.05
"""Eyes lie in the first fifth of the way from brow to occiput, and deeper than so much below the vertex. There the brain is
allowed to reach so much deeper than elsewhere, since no plane smooths the estimate."""

CUT_TOP = 0.45
ANGLES_DEG = tuple(range(15, 51, 5))
"""Planes face so many degrees downwards from straight ahead."""

Array = NDArray[Any]
Bools = NDArray[np.bool_]


class Plane(NamedTuple):
    """What is taken away: points p [LPS, mm] with ``normal . p > offset_mm``; the normal points forwards and down."""

    normal: tuple[float, float, float]
    offset_mm: float


class Cut(NamedTuple):
    """What is taken away: beyond any of the planes, and `below` (on a grid of 4 mm from `corner_mm` on, both as z, y, x)."""

    planes: tuple[Plane, ...]
    below: Bools
    corner_mm: Array


def deface(
    image: Image,
    *,
    margin_mm: Annotated[float, Field(ge=0, le=50, description="least distance of the cut from the brain [mm]")] = 10.0,
) -> Image:
    """Take the face out of a CT or MR of a head: what lies before and below the brain becomes air.

    After quickshear (Schimke and Hale 2011, doi:10.1109/CBMS.2011.5999106), but with a fan of planes instead of one, and
    with the orbits, which lie under the frontal lobes so that no plane reaches them: in front everything goes that has no
    brain before or below it. The brain is estimated here: in MR by grey value and morphology, in CT as what bone encloses,
    in both together with an ellipsoid under the vault; the cut keeps its distance from it. Ears and the back of the head stay.

    Raises `InputError` where place or orientation is unknown, the top of the head is not in the picture, there is no
    head, or the face could not be told from the brain and would stay. Results are to be looked at: a skull opened by
    surgery or a large mass can mislead the estimate.
    """
    array = np.array(image.array)
    array[taken(face_cut(image, margin_mm=margin_mm), image)] = _air(image)
    return image.with_array(array)


def face_cut(image: Image, *, margin_mm: float = 10.0) -> Cut:
    """Where the face lies, at least `margin_mm` from the brain."""
    coarse, corner = _coarse(image)
    head = _head(coarse, image.unit)
    _check_vertex(head)
    below = _below(_brain(coarse, head, image.unit, deeper=DEEPER), head, margin_mm)
    brain = _places(_brain(coarse, head, image.unit), corner)
    planes = []
    for angle in np.deg2rad(ANGLES_DEG):
        normal = (0.0, -float(np.cos(angle)), -float(np.sin(angle)))
        offset = float((brain @ normal[::-1]).max()) + STEP_MM / 2 + margin_mm
        planes.append(Plane(normal, offset))
    _check_face_goes(_places(_below_brow(head) & ~below, corner), _below_brow(head) & below, planes)
    return Cut(tuple(planes), below, corner)


def taken(cut: Cut, image: Image) -> Bools:
    """Voxels of an image that a cut takes away."""
    affine = _affine(image)
    matrix = affine[2::-1, :3] / STEP_MM
    offset = (affine[2::-1, 3] - cut.corner_mm) / STEP_MM
    share = ndimage.affine_transform(cut.below.astype(np.float32), matrix, offset, image.grid.shape, order=1, cval=0)
    return np.logical_or.reduce([share > 0.5, *(beyond(plane, image) for plane in cut.planes)])


def _below(brain: Bools, head: Bools, margin_mm: float) -> Bools:
    """In the front of the head, and deeper than its vault: what has no brain before or below it in its own sagittal plane."""
    top = int(np.flatnonzero(head.any((1, 2)))[-1])
    (front, back), _ = _vault_ends(head, top)
    near = ndimage.distance_transform_edt(~brain, STEP_MM) <= margin_mm + STEP_MM
    found = ~np.logical_or.accumulate(np.logical_or.accumulate(near, 1), 0)
    found[max(0, int(top - BROW * (back - front)) + 1) :] = False
    found[:, int(front + ORBIT * (back - front)) + 1 :] = False
    return np.asarray(found, bool)


def _places(mask: Bools, corner: Array) -> Array:
    """(z, y, x) [mm] of what a mask of the coarse grid holds."""
    return np.argwhere(mask) * STEP_MM + corner


def _below_brow(head: Bools) -> Bools:
    """What of the head can be nothing but face: in front, and deeper than brain reaches there."""
    top = int(np.flatnonzero(head.any((1, 2)))[-1])
    (front, back), _ = _vault_ends(head, top)
    below, before = head.copy(), head.copy()
    below[max(0, int(top - DEEP[1][1] * (back - front))) :] = False
    before[:, int(front + FRONT * (back - front)) :] = False
    return below & before


def _check_face_goes(face: Array, gone: Bools, planes: list[Plane]) -> None:
    """`face` are places of it that the planes have to take, beside those that are `gone` already."""
    every = len(face) + int(gone.sum())
    if every * STEP_MM**3 < LEAST_MM3:
        return
    left = ~np.any([face @ np.array(plane.normal[::-1]) > plane.offset_mm for plane in planes], axis=0)
    if left.sum() > (1 - LEAST_GONE) * every:
        raise InputError("the face cannot be told from the brain in this picture, and would stay")


def head_size_mm(image: Image) -> tuple[float, float, float]:
    """Length and width of what should be the cranium, and height of all that hangs on it [mm]."""
    coarse, _ = _coarse(image)
    head = _head(coarse, image.unit)
    levels = np.flatnonzero(head.any((1, 2)))
    length, width = STEP_MM * np.ptp(_vault_ends(head, int(levels[-1])), axis=1)
    return float(length), float(width), STEP_MM * float(np.ptp(levels))


def beyond(plane: Plane, image: Image) -> Bools:
    """Voxels of an image that lie beyond a plane."""
    affine = _affine(image)
    slope = np.array(plane.normal) @ affine[:3, :3]
    height: Any = np.array(plane.normal) @ affine[:3, 3]
    for axis, (n, step) in enumerate(zip(image.grid.shape, slope)):
        height = height + np.expand_dims(np.arange(n) * step, tuple(k for k in range(3) if k != axis))
    return np.asarray(height > plane.offset_mm, bool)


def _affine(image: Image) -> Array:
    if image.grid.affine is None:
        raise InputError("where this picture lies in the body is not known, so its face cannot be found")
    return image.grid.affine


def _air(image: Image) -> Any:
    return max(-1000, int(image.array.min())) if image.unit == "HU" else image.array.min()


def _coarse(image: Image) -> tuple[Array, Array]:
    """Samples every 4 mm on axes (z, y, x) of the body, and the LPS place [mm] of the first, also as (z, y, x)."""
    affine = image.grid.affine
    if affine is None or image.grid.axes != "zyx" or image.is_colour:
        raise InputError(
            f"a face is taken out of a grey volume whose place in the body is known; this has axes {image.grid.axes!r}"
            + ("" if affine is not None else " and no place")
        )
    ends = [(0, n - 1) for n in image.grid.shape]
    corners = np.array([affine[:3, :3] @ c + affine[:3, 3] for c in np.stack(np.meshgrid(*ends), -1).reshape(-1, 3)])
    low, high = corners.min(0)[::-1], corners.max(0)[::-1]
    shape = tuple(int(n) for n in np.maximum((high - low) // STEP_MM + 1, 1))
    flip = np.eye(3)[::-1]  # (z, y, x) of the body -> x, y, z
    back = np.linalg.inv(affine[:3, :3])
    matrix, offset = back @ flip * STEP_MM, back @ (flip @ low - affine[:3, 3])
    blurred = _thinned(np.asarray(image.array, np.float32), image.grid.known_spacing_mm())
    least = float(blurred.min())
    return ndimage.affine_transform(blurred, matrix, offset, shape, order=1, cval=least), low


def _thinned(array: NDArray[np.float32], spacing_mm: tuple[float, ...]) -> NDArray[np.float32]:
    """Smoothed as far as the coarse grid asks."""
    return np.asarray(ndimage.uniform_filter(array, [max(1, round(STEP_MM / s)) for s in spacing_mm]), np.float32)


def _head(coarse: Array, unit: str) -> Bools:
    """The largest thing that is not air, without holes."""
    if coarse.min() == coarse.max():
        raise InputError("there is no head in this picture: it is constant")
    level = SKIN_HU if unit == "HU" else 0.4 * threshold_otsu(coarse[coarse > coarse.min()])
    found = _largest(ndimage.binary_opening(coarse > level))
    for axis in range(3):
        found = np.stack([ndimage.binary_fill_holes(section) for section in np.moveaxis(found, axis, 0)], axis)
    if found.sum() * STEP_MM**3 < 3e5:
        raise InputError("there is no head in this picture: less than 0.3 litres are not air")
    return found


def _check_vertex(head: Bools) -> None:
    areas = head.sum((1, 2))
    top = np.flatnonzero(areas)[-1]
    if top >= len(areas) - 1 and areas[top] > CUT_TOP * areas.max():
        raise InputError("the top of the head is not in this picture, so the face cannot be told from the brain")


def _brain(coarse: Array, head: Bools, unit: str, *, deeper: float = 0.0) -> Bools:
    """Brain, rather too much than too little: by value, and by the shape of the vault."""
    top = int(np.flatnonzero(head.any((1, 2)))[-1])
    ends = _vault_ends(head, top)
    length, vault = float(np.ptp(ends[0])), _vault(head, top, ends)
    way = (np.arange(head.shape[1]) - ends[0, 0]) / max(length, 1)
    deepest = top - length * np.interp(way, [at for at, _ in DEEP], [depth + deeper for _, depth in DEEP])
    high = np.arange(head.shape[0])[:, None, None] >= deepest[:, None]
    inside = high & (ndimage.distance_transform_edt(head, STEP_MM) > SHELL_MM)
    by_value = _enclosed(coarse, head) if unit == "HU" else _core(coarse, inside, vault)
    return (by_value & inside) | vault


def _vault_ends(head: Bools, top: int) -> NDArray[np.float64]:
    """First and last index of the cranium from front to back, and from right to left."""
    first, last = (max(0, top - int(mm / STEP_MM)) for mm in CRANIUM_MM[::-1])
    places = np.argwhere(head[first : max(last, first + 1)])
    return np.array([np.percentile(places[:, axis], [0.5, 99.5]) for axis in (1, 2)])


def _enclosed(coarse: Array, head: Bools) -> Bools:
    """CT: soft tissue that bone surrounds from all sides but below."""
    bone = ndimage.binary_closing(coarse > BONE_HU, iterations=2)
    soft = head & ~bone & (coarse > -50) & (coarse < 120)
    roofed = np.flip(np.logical_or.accumulate(np.flip(bone, 0), 0), 0)
    sides = [
        np.logical_or.accumulate(bone, axis) & np.flip(np.logical_or.accumulate(np.flip(bone, axis), axis), axis)
        for axis in (1, 2)
    ]
    core = _largest(ndimage.binary_erosion(soft & roofed & sides[0] & sides[1], iterations=2))
    return ndimage.binary_dilation(core, iterations=3) & head


def _core(coarse: Array, inside: Bools, vault: Bools) -> Bools:
    """MR: the largest piece of tissue, no brighter than brain, that is left when thin connexions are cut."""
    brightest = BRIGHTEST * float(np.median(coarse[vault])) if vault.any() else np.inf
    tissue = inside & (coarse > 0.6 * threshold_otsu(coarse[inside])) & (coarse < brightest) if inside.any() else inside
    core = _largest(ndimage.binary_erosion(tissue, iterations=2))
    return ndimage.binary_dilation(core, iterations=3)


def _vault(head: Bools, top: int, ends: NDArray[np.float64]) -> Bools:
    """The ellipsoid that the upper half of the head suggests, less scalp and skull."""
    shell, height = SHELL_MM / STEP_MM, VAULT * float(np.ptp(ends[0]))
    middle = np.array([top - shell - height, *ends.mean(1)])
    half = np.array([height, *(np.ptp(ends, axis=1) / 2 - shell)])
    along = np.meshgrid(*[np.arange(n) for n in head.shape], indexing="ij", sparse=True)
    terms = [((a - m) / max(h, 1)) ** 2 for a, m, h in zip(along, middle, half)]
    return np.asarray((terms[0] + terms[1] + terms[2] < 1) & head, bool)


def _largest(mask: Bools) -> Bools:
    labels, count = ndimage.label(mask)
    if not count:
        return mask
    sizes = np.bincount(labels.ravel())
    return np.asarray(labels == 1 + int(np.argmax(sizes[1:])), bool)
