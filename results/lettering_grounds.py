"""What text is drawn over when the net of `kernels/lettering.py` is trained: drawn anatomy, noise, photographs; no patient."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from lettering_anatomy import ANATOMY, SIDE, Plane, Rng, noise, reduced
from PIL import Image as Pillow


def tissue(rng: Rng) -> Plane:
    """Broad shades with texture."""
    made = noise(rng, (SIDE, SIDE), rng.uniform(1.2, 3)) + rng.uniform(0, 0.5) * noise(
        rng, (SIDE, SIDE), rng.uniform(0, 1.2)
    )
    return made


def organs(rng: Rng) -> Plane:
    """Ellipses, bars and polygons with edges of some width, as sections and bones have."""
    made = np.zeros((SIDE, SIDE), np.float32)
    for _ in range(int(rng.integers(2, 14))):
        layer = np.zeros_like(made)
        centre, axes = rng.integers(-20, SIDE + 20, 2), rng.integers(2, 90, 2)
        kind = rng.integers(3)
        if kind == 0:
            cv2.ellipse(
                layer,
                tuple(map(int, centre)),
                tuple(map(int, axes)),
                float(rng.uniform(0, 180)),
                0,
                360,
                1.0,
                int(rng.choice([-1, -1, 1, 2, 4, 7])),
            )
        elif kind == 1:
            cv2.fillPoly(layer, [rng.integers(-10, SIDE + 10, (int(rng.integers(3, 7)), 2)).astype(np.int32)], 1.0)
        else:
            points = np.cumsum(rng.normal(0, 14, (12, 2)), 0) + rng.integers(0, SIDE, 2)
            cv2.polylines(layer, [points.astype(np.int32)], False, 1.0, int(rng.integers(1, 9)), cv2.LINE_AA)
        made += rng.normal(0, 1) * cv2.GaussianBlur(layer, (0, 0), rng.uniform(0.3, 3))
    return made + rng.choice([0.0, 0.03, 0.1, 0.3]) * noise(rng, (SIDE, SIDE), rng.uniform(0, 1))


def limb(rng: Rng) -> Plane:
    """A section of soft tissue in air, with round bones and vessels."""
    made = np.zeros((SIDE, SIDE), np.float32)
    cv2.ellipse(
        made,
        tuple(map(int, rng.integers(10, 118, 2))),
        tuple(map(int, rng.integers(40, 130, 2))),
        float(rng.uniform(0, 180)),
        0,
        360,
        float(rng.uniform(0.2, 1)),
        -1,
    )
    for _ in range(int(rng.integers(1, 7))):
        middle, radius = tuple(map(int, rng.integers(8, 120, 2))), float(rng.uniform(2, 16))
        axes = tuple(map(int, np.maximum(radius * rng.uniform(0.7, 1.3, 2), 1)))
        thick = int(rng.integers(1, 6)) if rng.random() < 0.7 else -1
        cv2.ellipse(
            made, middle, axes, float(rng.uniform(0, 180)), 0, 360, float(rng.uniform(-0.2, 2)), thick, cv2.LINE_AA
        )
    made = cv2.GaussianBlur(made, (0, 0), float(rng.uniform(0.4, 1.6)))
    return made + 10 ** rng.uniform(-3, -1) * noise(rng, (SIDE, SIDE), rng.uniform(0, 1))


def speckle(rng: Rng) -> Plane:
    """Log-compressed speckle with a drawn echogenicity, often cut off by the edge of a sector."""
    size = rng.uniform(0.5, 3.5, 2)
    wave = [
        cv2.GaussianBlur(rng.normal(size=(SIDE, SIDE)).astype(np.float32), (0, 0), size[0], sigmaY=size[1])
        for _ in "ri"
    ]
    strength = np.log(np.hypot(*wave) + 1e-3)
    made = np.maximum(strength - strength.mean() + rng.uniform(0.3, 2) * noise(rng, (SIDE, SIDE), 2.5) + 1, 0)
    if rng.random() < 0.4:
        edge = np.zeros_like(made)
        cv2.circle(edge, tuple(map(int, rng.integers(-150, 280, 2))), int(rng.integers(60, 220)), 1.0, -1)
        made *= edge
    return np.minimum(made, rng.uniform(2.5, 5))


def strata(rng: Rng) -> Plane:
    """Layers of speckle with bright, wavy, broken lines along them, as fat, fascia and muscle look in ultrasound."""
    size = (rng.uniform(1.5, 6), rng.uniform(0.5, 1.6))
    wave = [
        cv2.GaussianBlur(rng.normal(size=(SIDE, SIDE)).astype(np.float32), (0, 0), size[0], sigmaY=size[1])
        for _ in "ri"
    ]
    made = np.log(np.hypot(*wave) + 1e-3)
    made -= made.mean()
    rows = np.arange(SIDE)[:, None]
    for _ in range(int(rng.integers(2, 16))):
        way = np.cumsum(np.cumsum(rng.normal(0, 0.01, SIDE))) + np.linspace(0, rng.normal(0, 12), SIDE)
        middle, thick = rng.uniform(0, SIDE) + way, rng.uniform(0.7, 3)
        breaks = np.clip(noise(rng, (1, SIDE), rng.uniform(0.8, 2))[0] + rng.uniform(-0.5, 1.5), 0, 1.5)
        made += rng.uniform(0.5, 4) * breaks * np.exp(-0.5 * ((rows - middle) / thick) ** 2)
    made = cv2.GaussianBlur(made.astype(np.float32), (0, 0), float(rng.uniform(0.3, 1)))
    return np.clip(made, rng.uniform(-2.5, -0.5), rng.uniform(1.5, 5))


def flat(rng: Rng) -> Plane:
    """Nothing, or next to nothing: collimated margins, banners."""
    made = np.zeros((SIDE, SIDE), np.float32)
    if rng.random() < 0.5:
        made += rng.choice([1e-3, 1e-2]) * rng.normal(size=made.shape).astype(np.float32)
    if rng.random() < 0.5:
        cut = int(rng.integers(8, 120))
        made[:cut] = rng.normal() if rng.random() < 0.5 else organs(rng)[:cut]
    return made


def photographs() -> list[Plane]:
    """Pictures inside scikit-image that bear no text and show no patient."""
    import skimage

    folder = Path(skimage.__file__).parent / "data"
    names = ["camera", "coins", "cell", "moon", "grass", "gravel", "brick", "phantom", "chelsea", "coffee", "astronaut"]
    return [np.asarray(Pillow.open(folder / f"{name}.png").convert("L"), np.float32) for name in names]


def heads(rng: Rng) -> list[Plane]:
    """Sections of the package's own heads, enlarged as a viewer does."""
    from radiolucent.phantom.head import head

    made = []
    for number in range(4):
        image, _, _ = head(modality="CT" if number % 2 else "MR", spacing_mm=(6.0, 1.0, 1.0), seed=number)
        planes = np.asarray(image.array, np.float32)
        for k in rng.choice(len(planes), 4, replace=False):
            made.append(cv2.resize(planes[k], None, fx=1.5, fy=1.5, interpolation=cv2.INTER_LINEAR))
    return made


def chest(rng: Rng) -> list[Plane]:
    """Drawn chest radiographs of the package's own phantom."""
    from radiolucent.phantom.thorax import attenuation, patient, position

    made = []
    for number in range(12):
        stand = position(rng, view="PA")
        depth = attenuation(
            patient(rng, sex="MF"[number % 2], with_nodule=bool(number % 3)), stand, int(rng.integers(200, 700))
        )
        through = np.exp(-depth)
        made.append((-np.log(np.maximum(rng.poisson(10 ** rng.uniform(3, 5) * through), 1))).astype(np.float32))
    return made


def crop(rng: Rng, pictures: list[Plane]) -> Plane:
    """A piece of a picture, at some zoom, turned or mirrored."""
    source = pictures[int(rng.integers(len(pictures)))]
    side = int(min(*source.shape, SIDE * rng.uniform(0.4, 2)))
    top, left = (int(rng.integers(0, n - side + 1)) for n in source.shape)
    made = cv2.resize(
        source[top : top + side, left : left + side],
        (SIDE, SIDE),
        interpolation=cv2.INTER_AREA if side > SIDE else cv2.INTER_LINEAR,
    )
    made = np.rot90(made, int(rng.integers(4)))
    return np.ascontiguousarray(made[:, ::-1] if rng.random() < 0.5 else made).astype(np.float32)


def clutter(rng: Rng, made: Plane) -> Plane:
    """What looks like text and is none: lines, grids, rulers, rings, wires, dots, crosses, islands."""
    layer = _CLUTTER[int(rng.integers(len(_CLUTTER)))](rng, np.zeros_like(made))
    layer = np.rot90(layer, int(rng.integers(4)))
    return made + rng.choice([-1, 1]) * rng.uniform(0.05, 1) * (np.ptp(made) + 1e-3) * layer


def _lines(rng: Rng, layer: Plane) -> Plane:
    for _ in range(int(rng.integers(1, 5))):
        a, b = rng.integers(0, SIDE, (2, 2))
        cv2.line(layer, tuple(map(int, a)), tuple(map(int, b)), 1.0, int(rng.integers(1, 4)), cv2.LINE_AA)
    return layer


def _grid(rng: Rng, layer: Plane) -> Plane:
    step = int(rng.integers(4, 30))
    layer[:, ::step] = 1
    if rng.random() < 0.5:
        layer[::step] = 1
    return layer


def _ruler(rng: Rng, layer: Plane) -> Plane:
    column, step, length = int(rng.integers(0, SIDE)), int(rng.integers(4, 30)), int(rng.integers(2, 9))
    for number, row in enumerate(range(int(rng.integers(0, step)), SIDE, step)):
        layer[row : row + int(rng.integers(1, 3)), column : column + length * (2 if number % 5 == 0 else 1)] = 1
    return layer


def _rings(rng: Rng, layer: Plane) -> Plane:
    for _ in range(int(rng.integers(1, 4))):
        middle = tuple(map(int, rng.integers(0, SIDE, 2)))
        cv2.circle(layer, middle, int(rng.integers(2, 40)), 1.0, int(rng.integers(1, 4)), cv2.LINE_AA)
    return layer


def _wire(rng: Rng, layer: Plane) -> Plane:
    points = np.cumsum(rng.normal(0, 5, (40, 2)), 0) + rng.integers(0, SIDE, 2)
    cv2.polylines(layer, [points.astype(np.int32)], False, 1.0, int(rng.integers(1, 4)), cv2.LINE_AA)
    return layer


def _dots(rng: Rng, layer: Plane) -> Plane:
    there = (rng.random(layer.shape) < rng.choice([0.003, 0.02, 0.1])).astype(np.float32)
    return np.clip(2 * cv2.GaussianBlur(there, (0, 0), float(rng.uniform(0.4, 1.5))), 0, 1)


def _cross(rng: Rng, layer: Plane) -> Plane:
    x, y, size = *map(int, rng.integers(0, SIDE, 2)), int(rng.integers(2, 9))
    layer[max(0, y - size) : y + size, x : x + 1] = 1
    layer[y : y + 1, max(0, x - size) : x + size] = 1
    return layer


def _islands(rng: Rng, layer: Plane) -> Plane:
    return (noise(rng, layer.shape, rng.uniform(0.8, 2)) > rng.uniform(0.5, 2)).astype(np.float32)


def _couch(rng: Rng, layer: Plane) -> Plane:
    """The rim of a table or a cushion: parallel arcs, with crumbs between them."""
    middle, radius = (int(rng.integers(-40, 170)), int(rng.integers(-250, 40))), int(rng.integers(100, 350))
    for step in range(int(rng.integers(1, 4))):
        cv2.circle(layer, middle, radius + step * int(rng.integers(3, 14)), float(rng.uniform(0.3, 1)), 1, cv2.LINE_AA)
    crumbs = (rng.random(layer.shape) < 0.01) * (cv2.GaussianBlur(layer, (0, 0), 5) > 0.05)
    return np.asarray(np.clip(layer + cv2.GaussianBlur(crumbs.astype(np.float32), (0, 0), 0.7), 0, 1), np.float32)


def _ribs(rng: Rng, layer: Plane) -> Plane:
    """Bands side by side, bent the same way; teeth, vertebrae and gyri do so too."""
    step, thick, bend = int(rng.integers(6, 40)), int(rng.integers(2, 14)), int(rng.integers(20, 200))
    for row in range(-bend, SIDE, step):
        cv2.ellipse(layer, (int(rng.integers(50, 78)), row), (int(rng.integers(40, 120)), bend), 0, 0, 180, 1.0, thick)
    return cv2.GaussianBlur(layer, (0, 0), float(rng.uniform(0.5, 2.5)))


def _calipers(rng: Rng, layer: Plane) -> Plane:
    """Two crosses and the dotted line between them."""
    ends = rng.integers(8, SIDE - 8, (2, 2))
    for x, y in ends:
        layer[y - 4 : y + 5, x] = layer[y, x - 4 : x + 5] = 1
    for share in np.arange(0, 1, 3.5 / max(1.0, float(np.hypot(*(ends[1] - ends[0]))))):
        x, y = (ends[0] + share * (ends[1] - ends[0])).astype(int)
        layer[y, x] = 1
    return layer


_CLUTTER = (_lines, _grid, _ruler, _rings, _wire, _dots, _cross, _islands, _couch, _ribs, _calipers)


def collimated(rng: Rng, made: Plane) -> Plane:
    """One side put out, to the darkest or the brightest there is."""
    cut, turn = int(rng.integers(10, 118)), int(rng.integers(4))
    made = np.ascontiguousarray(np.rot90(made, turn))
    made[:cut] = made.min() if rng.random() < 0.7 else made.max()
    return made


SHARES = (0.06, 0.06, 0.05, 0.06, 0.09, 0.06, 0.11, 0.05, 0.09, 0.06, 0.04, 0.12)
"""How often each ground is drawn; the rest are pieces of photographs and of the package's own phantoms."""


def background(rng: Rng, pictures: list[Plane]) -> Plane:
    """One of everything above or of `ANATOMY`, at its own size or enlarged from a smaller one."""
    kinds = (tissue, organs, limb, speckle, strata, flat, *ANATOMY)
    pick = int(rng.choice(len(kinds) + 1, p=[*SHARES, 1 - sum(SHARES)]))
    made = crop(rng, pictures) if pick == len(kinds) else kinds[pick](rng)
    while rng.random() < 0.35:
        made = clutter(rng, made)
    if rng.random() < 0.3:
        made = cv2.GaussianBlur(made, (0, 0), float(rng.uniform(0.3, 2)))
    if rng.random() < 0.4:
        made = made + made.std() * 10 ** rng.uniform(-2, 0) * noise(rng, made.shape, rng.uniform(0, 0.8))
    if rng.random() < 0.25:
        made = reduced(rng, made.astype(np.float32))
    if rng.random() < 0.15:
        made = collimated(rng, made)
    return made.astype(np.float32)
