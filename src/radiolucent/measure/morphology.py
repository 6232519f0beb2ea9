"""Shape of a region: its surface, its axes, the solids around it, and how grey values are spread over it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull

from radiolucent.core import Image, InputError, Mask
from radiolucent.kernels import solids
from radiolucent.kernels.autocorrelation import moran_and_geary

from .discretise import Label, OutlierSigma, RangeHigh, RangeLow, Roi, cut_out

IBSI_CODES = {
    "mesh_volume_mm3": "RNU0",
    "voxel_volume_mm3": "YEKZ",
    "surface_area_mm2": "C0JK",
    "surface_to_volume_ratio_per_mm": "2PR5",
    "compactness_1": "SKGS",
    "compactness_2": "BQWJ",
    "spherical_disproportion": "KRCK",
    "sphericity": "QCFX",
    "asphericity": "25C7",
    "centre_of_mass_shift_mm": "KLMA",
    "maximum_diameter_mm": "L0JK",
    "major_axis_length_mm": "TDIC",
    "minor_axis_length_mm": "P9VJ",
    "least_axis_length_mm": "7J51",
    "elongation": "Q3CK",
    "flatness": "N17B",
    "volume_density_aligned_box": "PBX1",
    "area_density_aligned_box": "R59B",
    "volume_density_oriented_box": "ZH1A",
    "area_density_oriented_box": "IQYR",
    "volume_density_ellipsoid": "6BDE",
    "area_density_ellipsoid": "RDD2",
    "volume_density_enclosing_ellipsoid": "SWZ1",
    "area_density_enclosing_ellipsoid": "BRI8",
    "volume_density_convex_hull": "R3ER",
    "area_density_convex_hull": "7T7F",
    "integrated_intensity": "99N0",
    "moran_i": "N365",
    "geary_c": "NPT7",
}
"""Every feature by name, with its IBSI code."""

COSTLY = (
    "volume_density_oriented_box",
    "area_density_oriented_box",
    "volume_density_enclosing_ellipsoid",
    "area_density_enclosing_ellipsoid",
    "moran_i",
    "geary_c",
)
"""Features that take longer than all others together."""

Solid = tuple[float, float]


def morphology(
    image: Image,
    mask: Mask,
    *,
    label: Label = 1,
    range_low: RangeLow = None,
    range_high: RangeHigh = None,
    outlier_sigma: OutlierSigma = None,
) -> dict[str, float]:
    """Measure the shape of a region of a volume [mm, mm², mm³], and how grey values are spread over it.

    The 29 features of IBSI (Zwanenburg et al. 2020, doi:10.1148/radiol.2020191145; codes in `IBSI_CODES`), from a
    surface by marching cubes half way between voxels. Re-segmentation does not change the shape, only which voxels
    count in the centre of mass, the integrated intensity, Moran's I and Geary's C. Left out where undefined: ratios
    to an axis of no length (one voxel, one slice), and the last two where there is one grey value.
    """
    spacing_mm = image.grid.known_spacing_mm()
    if len(spacing_mm) != 3:
        raise InputError(f"morphology measures a volume; this picture has axes {image.grid.axes!r}")
    return morphology_of(cut_out(image, mask, label, range_low, range_high, outlier_sigma), spacing_mm)


def morphology_of(roi: Roi, spacing_mm: tuple[float, ...], *, costly: bool = True) -> dict[str, float]:
    """The features of a region; those in `COSTLY` only if asked."""
    spread = _spread(roi, spacing_mm) if costly else {}  # before the surface is held
    vertices, triangles = solids.surface(roi.shape, spacing_mm)
    volume, area = solids.volume_and_area(vertices, triangles)
    hull = ConvexHull(vertices)
    corners = vertices[hull.vertices]
    centre, axes = _axes(roi.shape, spacing_mm)
    around: dict[str, Solid] = {
        "aligned_box": solids.box(np.ptp(corners, axis=0)),
        "ellipsoid": solids.ellipsoid(axes / 2) if axes[0] else (0.0, 0.0),
        "convex_hull": (float(hull.volume), float(hull.area)),
    }
    if costly:
        around["oriented_box"] = solids.oriented_box(hull)
        around["enclosing_ellipsoid"] = solids.ellipsoid(solids.enclosing_ellipsoid(corners))
    found = {
        "mesh_volume_mm3": volume,
        "voxel_volume_mm3": float(np.count_nonzero(roi.shape) * np.prod(spacing_mm)),
        "surface_area_mm2": area,
        **_roundness(volume, area),
        **_shift(roi, centre, spacing_mm),
        "maximum_diameter_mm": solids.diameter(corners),
        **{f"{name}_axis_length_mm": float(axis) for name, axis in zip(("major", "minor", "least"), axes, strict=True)},
        **({"elongation": float(axes[1] / axes[0]), "flatness": float(axes[2] / axes[0])} if axes[0] else {}),
        **_densities(volume, area, around),
        "integrated_intensity": volume * float(roi.grey.mean(dtype=np.float64)),
        **spread,
    }
    return {name: found[name] for name in IBSI_CODES if name in found}


def _roundness(volume: float, area: float) -> dict[str, float]:
    """What compares the surface with that of a ball of the same volume."""
    ball = 36 * np.pi * volume**2
    return {
        "surface_to_volume_ratio_per_mm": area / volume,
        "compactness_1": volume / (np.pi**0.5 * area**1.5),
        "compactness_2": ball / area**3,
        "spherical_disproportion": area / ball ** (1 / 3),
        "sphericity": ball ** (1 / 3) / area,
        "asphericity": (area**3 / ball) ** (1 / 3) - 1,
    }


def _axes(shape: NDArray[np.bool_], spacing_mm: tuple[float, ...]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Centre [mm] and the lengths of the principal axes, major first, of the voxels' centres."""
    counts = [shape.sum(axis=(1, 2)), shape.sum(axis=(0, 2)), shape.sum(axis=(0, 1))]
    places = [np.arange(len(count)) * gap for count, gap in zip(counts, spacing_mm, strict=True)]
    n = counts[0].sum()
    centre = np.array([place @ count / n for place, count in zip(places, counts, strict=True)])
    away = [place - middle for place, middle in zip(places, centre, strict=True)]
    spread = np.diag([gap**2 @ count / n for gap, count in zip(away, counts, strict=True)])
    for a, b in ((0, 1), (0, 2), (1, 2)):
        spread[a, b] = spread[b, a] = away[a] @ shape.sum(axis=3 - a - b) @ away[b] / n
    sample = n / max(n - 1, 1)  # the covariance of IBSI's reference values is that of a sample
    lengths = 4 * np.sqrt(np.maximum(np.linalg.eigvalsh(spread * sample)[::-1], 0))
    return centre, np.where(lengths > 1e-6 * max(spacing_mm), lengths, 0.0)


def _shift(roi: Roi, centre: NDArray[Any], spacing_mm: tuple[float, ...]) -> dict[str, float]:
    """Distance of the centre of grey values from that of the shape; undefined where the values cancel out."""
    others = ((1, 2), (0, 2), (0, 1))
    sums: list[NDArray[np.float64]] = [
        np.sum(roi.values, axis=both, dtype=np.float64, where=roi.kept) for both in others
    ]
    total = sums[0].sum()
    if abs(total) <= 1e-9 * np.abs(roi.grey).sum(dtype=np.float64):
        return {}
    heavy = [np.arange(len(along)) @ along / total * gap for along, gap in zip(sums, spacing_mm, strict=True)]
    return {"centre_of_mass_shift_mm": float(np.linalg.norm(heavy - centre))}


def _densities(volume: float, area: float, around: dict[str, Solid]) -> dict[str, float]:
    """Shares of volume and area; none of a flat solid."""
    shares = {f"volume_density_{name}": volume / solid[0] for name, solid in around.items() if solid[0]}
    return shares | {f"area_density_{name}": area / solid[1] for name, solid in around.items() if solid[1]}


def _spread(roi: Roi, spacing_mm: tuple[float, ...]) -> dict[str, float]:
    both = moran_and_geary(roi.values, roi.kept, spacing_mm)
    return {} if both is None else {"moran_i": both[0], "geary_c": both[1]}
