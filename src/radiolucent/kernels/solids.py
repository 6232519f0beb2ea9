"""Surfaces of voxel regions and the solids around them: boxes, ellipsoids, convex hulls. Lengths in mm, axes z, y, x."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull
from scipy.spatial.distance import cdist
from skimage.measure import marching_cubes

Array = NDArray[np.float64]

SLAB = 16
"""Slices whose surface is found at once."""

CHUNK = 4096
"""Triangles that are summed at once."""


def surface(inside: NDArray[np.bool_], spacing: tuple[float, ...]) -> tuple[Array, NDArray[Any]]:
    """Vertices (n, 3) [mm] and triangles (m, 3) of the surface half way between voxels inside and outside.

    A few slices at a time, which changes nothing but the memory held; vertices on slices between two parts are double.
    """
    padded = np.pad(inside, 1)
    vertices, triangles, n = [], [], 0
    for first in range(0, len(padded) - 1, SLAB):
        part = padded[first : first + SLAB + 1]
        if part.any() and not part.all():
            corners, faces, _, _ = marching_cubes(part.astype(np.float32), 0.5, allow_degenerate=False)
            vertices.append((corners + np.array([first - 1.0, -1.0, -1.0])) * spacing)
            triangles.append(faces + n)
            n += len(corners)
    return np.concatenate(vertices), np.concatenate(triangles)


def volume_and_area(vertices: Array, triangles: NDArray[Any]) -> tuple[float, float]:
    """Volume [mm³] and area [mm²] of a closed surface."""
    volume, area = 0.0, 0.0
    for first in range(0, len(triangles), CHUNK):
        a, b, c = (vertices[triangles[first : first + CHUNK, k]] for k in range(3))
        volume += float(np.einsum("ij,ij->", a, np.cross(b, c)))
        area += float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum())
    return abs(volume) / 6, area / 2


def diameter(points: Array) -> float:
    """Greatest distance between two points [mm]; give it the corners of a convex hull."""
    bounds = [*range(0, len(points), 128), len(points)]
    return max(float(cdist(points[low:high], points[low:]).max()) for low, high in pairwise(bounds))


def box(sides: Array) -> tuple[float, float]:
    """Volume and area of a box."""
    a, b, c = (float(side) for side in sides)
    return a * b * c, 2 * (a * b + b * c + a * c)


def oriented_box(hull: ConvexHull) -> tuple[float, float]:
    """Volume and area of the smallest box that lies flush with a face of a convex hull."""
    corners = hull.points[hull.vertices]
    normals = hull.equations[:, :3] * np.where(hull.equations[:, :3].sum(axis=1, keepdims=True) < 0, -1, 1)
    _, distinct = np.unique(np.round(normals, 6), axis=0, return_index=True)
    sides = [_flush(corners, normal) for normal in normals[distinct]]
    return box(min(sides, key=np.prod))


def _flush(corners: Array, normal: Array) -> Array:
    """Sides of the smallest box around points of which one face has this normal."""
    across = np.linalg.svd(normal[None])[2][1:]
    flat = corners @ across.T
    rim = flat[ConvexHull(flat).vertices]
    edge = np.roll(rim, -1, axis=0) - rim
    edge /= np.linalg.norm(edge, axis=1, keepdims=True)
    turned = np.stack([edge, edge[:, ::-1] * [-1, 1]], axis=1) @ rim.T
    extents = np.ptp(turned, axis=2)
    return np.append(extents[np.argmin(extents.prod(axis=1))], np.ptp(corners @ normal))


def ellipsoid(semi_axes: Array) -> tuple[float, float]:
    """Volume and area of an ellipsoid; the area by IBSI's series of 20 Legendre polynomials.

    IBSI measures both eccentricities from the longest axis, so a long ellipsoid's area is less than the true one
    (2 : 1 : 1 by a fifth); the consensus values rest on that.
    """
    a, b, c = sorted((float(axis) for axis in semi_axes), reverse=True)
    alpha2, beta2 = 1 - (b / a) ** 2, 1 - (c / a) ** 2
    middle = (alpha2 + beta2) / 2
    last, term, total = 0.0, 1.0, 0.0
    for n in range(21):  # `term` is (alpha beta)^n times the Legendre polynomial: no division where alpha is 0
        total += term / (1 - 4 * n * n)
        last, term = term, ((2 * n + 1) * middle * term - n * alpha2 * beta2 * last) / (n + 1)
    return 4 / 3 * np.pi * a * b * c, 4 * np.pi * a * b * total


def enclosing_ellipsoid(points: Array, tolerance: float = 1e-3) -> Array:
    """Semi-axes of the smallest ellipsoid around points: Khachiyan's algorithm (doi:10.1287/moor.21.2.307)."""
    n, d = points.shape
    scale = np.ptp(points, axis=0).max()
    lifted = np.column_stack([points / scale, np.ones(n)])
    weight = np.full(n, 1 / n)
    for turn in range(5000):
        if turn % 100 == 0:  # afresh, against rounding
            spread = np.linalg.inv(lifted.T * weight @ lifted)
            far = (lifted @ spread * lifted).sum(axis=1)
        worst = int(np.argmax(far))
        if far[worst] <= (d + 1) * (1 + tolerance):
            break
        step = (far[worst] - d - 1) / ((d + 1) * (far[worst] - 1))
        weight *= 1 - step
        weight[worst] += step
        along = spread @ lifted[worst]  # one weight has changed, so the inverse changes by one product
        part = step / (1 - step + step * far[worst])
        far = (far - part * (lifted @ along) ** 2) / (1 - step)
        spread = (spread - part * np.outer(along, along)) / (1 - step)
    centre = weight @ points
    covariance = (points - centre).T * weight @ (points - centre)
    semi: Array = np.sqrt(np.linalg.eigvalsh(covariance) * d)
    away = np.einsum("ij,jk,ik->i", points - centre, np.linalg.inv(covariance * d), points - centre, optimize=True)
    return semi * np.sqrt(away.max())  # all points are inside, though the weights are approximate
