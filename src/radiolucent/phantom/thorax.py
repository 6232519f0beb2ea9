"""A chest made of ellipsoids, ribs and nodules, each patient's own; and its path lengths along the beam [mm]."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FIELD_MM = 360.0
WATER, LUNG, BONE, NODULE = 0.0190, 0.0055, 0.0380, 0.0300
"""Linear attenuation [1/mm] at about 70 keV; lung is inflated, bone is rib with its marrow, nodules are partly calcified."""


@dataclass(frozen=True)
class Nodule:
    """A ball in a lung, in the patient's coordinates [mm]."""

    x_mm: float
    y_mm: float
    radius_mm: float


@dataclass(frozen=True)
class Thorax:
    """Lengths [mm] of one patient; x grows to the patient's left, y to the feet, 0 in the middle of the chest."""

    half_width: float
    half_depth: float
    lung_half_width: float
    lung_half_height: float
    heart_half_width: float
    rib_gap: float
    rib_slope: float
    rib_width: float
    breast_depth: float
    nodules: tuple[Nodule, ...]


@dataclass(frozen=True)
class Position:
    """How the patient stood: shift [mm], tilt [degrees], depth of breath, magnification of all and of the heart.

    The spread is that of a busy department, wide enough that two images of one patient are no twins.
    """

    right_mm: float
    down_mm: float
    tilt_deg: float
    breath: float
    zoom: float
    heart: float


def patient(rng: np.random.Generator, *, sex: str, with_nodule: bool) -> Thorax:
    """Draw the anatomy of one patient."""
    male = sex == "M"
    lung_width, lung_height = rng.normal(64, 4), rng.normal(132 if male else 122, 10)
    count = int(rng.integers(1, 4)) if with_nodule else 0
    return Thorax(
        half_width=rng.normal(164 if male else 152, 9),
        half_depth=rng.normal(108 if male else 100, 7),
        lung_half_width=lung_width,
        lung_half_height=lung_height,
        heart_half_width=rng.normal(56, 8),
        rib_gap=rng.normal(25, 2),
        rib_slope=rng.normal(0.28, 0.05),
        rib_width=rng.normal(4.2, 0.4),
        breast_depth=0.0 if male else abs(rng.normal(16, 5)),
        nodules=tuple(_nodule(rng, lung_width, lung_height) for _ in range(count)),
    )


def position(rng: np.random.Generator, *, view: str) -> Position:
    """Draw how the patient stood for one image; from the front (AP) the heart is magnified."""
    heart = 1.16 if view == "AP" else 1.0
    right_mm, down_mm, tilt_deg = rng.normal(0, [13, 13, 4])
    return Position(right_mm, down_mm, tilt_deg, rng.normal(1, 0.05), rng.normal(1, 0.06), heart)


def coordinates(size: int, stand: Position) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The patient's x and y [mm] at every pixel."""
    line = (np.arange(size) + 0.5) * FIELD_MM / size - FIELD_MM / 2
    down, right = np.meshgrid(line - stand.down_mm, line - stand.right_mm, indexing="ij")
    turn = np.deg2rad(stand.tilt_deg)
    x, y = right * np.cos(turn) + down * np.sin(turn), down * np.cos(turn) - right * np.sin(turn)
    return x / stand.zoom, y / stand.zoom


def pixel_of(nodule: Nodule, size: int, stand: Position) -> tuple[float, float]:
    """Row and column of a nodule's centre."""
    turn = np.deg2rad(stand.tilt_deg)
    x, y = nodule.x_mm * stand.zoom, nodule.y_mm * stand.breath * stand.zoom
    right = x * np.cos(turn) - y * np.sin(turn) + stand.right_mm
    down = x * np.sin(turn) + y * np.cos(turn) + stand.down_mm
    return tuple(float((mm + FIELD_MM / 2) * size / FIELD_MM - 0.5) for mm in (down, right))  # type: ignore[return-value]


def attenuation(chest: Thorax, stand: Position, size: int) -> NDArray[np.float64]:
    """Line integral of attenuation along parallel rays, per pixel."""
    x, y = coordinates(size, stand)
    body = 2 * chest.half_depth * _root(1 - (x / chest.half_width) ** 2)
    lungs = _lungs(chest, stand, x, y)
    heart = 2 * 44 * _ellipse(x - 22, y - 56, chest.heart_half_width * stand.heart, 52 * stand.heart)
    heart += 80 * _root(1 - (x / 30) ** 2)
    air = np.maximum(lungs - np.minimum(heart, 0.9 * lungs), 0)
    breasts = chest.breast_depth * sum(_ellipse(x - side * 74, y - 66, 62, 56) for side in (-1, 1))
    balls = sum(
        (2 * ball.radius_mm * _ellipse(x - ball.x_mm, y - ball.y_mm * stand.breath, ball.radius_mm, ball.radius_mm))
        for ball in chest.nodules
    )
    return (
        WATER * (body + breasts)
        - (WATER - LUNG) * air
        + (NODULE - LUNG) * balls
        + (BONE - WATER) * _bones(chest, x, y, body)
    )


def _lungs(chest: Thorax, stand: Position, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    height = chest.lung_half_height * stand.breath
    depth = 1.5 * chest.half_depth
    both = np.zeros_like(x)
    for side in (-1, 1):
        dome = 0.6 * height + 0.006 * (x - side * 62) ** 2
        floor = 1 / (1 + np.exp((y - dome) / 3))
        both += depth * _ellipse(x - side * 74, y + 8, chest.lung_half_width, height) * floor
    return both


def _bones(
    chest: Thorax, x: NDArray[np.float64], y: NDArray[np.float64], body: NDArray[np.float64]
) -> NDArray[np.float64]:
    cage = np.clip(1.05 - (x / (chest.half_width * 0.86)) ** 2, 0, 1) > 0
    bones = np.zeros_like(x)
    for number in range(10):
        arc = -126 + number * chest.rib_gap + chest.rib_slope * np.abs(x) + 0.0012 * x**2
        bones += 10.0 * _root(1 - ((y - arc) / chest.rib_width) ** 2) * cage
        bones += 5.0 * _root(1 - ((y - arc + 9 + 0.5 * chest.rib_slope * np.abs(x)) / chest.rib_width) ** 2) * cage
    spine = 24 * _root(1 - (x / 17) ** 2) * (0.85 + 0.15 * np.cos(y * 2 * np.pi / 26))
    collar = 8 * _root(1 - ((y + 122 - 0.16 * np.abs(x)) / 6) ** 2) * (np.abs(x) < 0.9 * chest.half_width)
    return np.minimum(bones + spine + collar, 0.5 * body)


def _nodule(rng: np.random.Generator, lung_half_width: float, lung_half_height: float) -> Nodule:
    """Somewhere in the open part of a lung, not behind the heart."""
    side = rng.choice([-1, 1])
    angle, far = rng.uniform(0, 2 * np.pi), 0.62 * np.sqrt(rng.uniform())
    x = side * 76 + far * lung_half_width * np.cos(angle) * (0.8 if side > 0 else 1.0)
    y = -22 + far * 0.8 * lung_half_height * np.sin(angle)
    return Nodule(float(x), float(y), float(rng.uniform(8, 13)))


def _ellipse(x: NDArray[np.float64], y: NDArray[np.float64], a: float, b: float) -> NDArray[np.float64]:
    """Relative path length through an ellipsoid: 1 in the middle, 0 outside."""
    return _root(1 - (x / a) ** 2 - (y / b) ** 2)


def _root(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.sqrt(np.clip(values, 0, None))
