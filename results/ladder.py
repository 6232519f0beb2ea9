"""The phantom ladder: every segmenter on a ball, a tube and touching discs, as noise rises. Writes docs/results/ladder.json.

    python results/ladder.py [--only METHOD] [--json FILE]

Methods run with their defaults but for what `METHODS` says. Help is the same for all that take it: seeds in the middle of
each object (a third of its width) and at the rim of the picture, a first outline 3 mm outside, or points on the outline.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from scipy import ndimage

from radiolucent import segment
from radiolucent.core import Image, Mask
from radiolucent.evaluate.overlap import overlap
from radiolucent.phantom.shapes import grid, sphere, tube

RUNGS = (5, 3, 2, 1)
CONTRAST = 100.0
TOLERANCE_MM = 1.0
HELP_MM = 3.0
Kind = Literal["foreground", "classes", "regions", "seeded"]


@dataclass(frozen=True)
class Scene:
    """Objects with labels 1, 2, ...; without noise."""

    name: str
    truth: Mask

    def noisy(self, cnr: float) -> Image:
        """Contrast over the standard deviation of the noise is `cnr`."""
        clean = CONTRAST * (self.truth.array > 0)
        noise = np.random.default_rng(7).normal(0, CONTRAST / cnr, clean.shape)
        return Image((clean + noise).astype(np.float32), self.truth.grid)

    def away(self) -> np.ndarray:
        """Depth inside the nearest object [mm]; negative outside."""
        spacing = self.truth.grid.spacing_mm
        inside = ndimage.distance_transform_edt(self.truth.array > 0, sampling=spacing)
        return inside - ndimage.distance_transform_edt(self.truth.array == 0, sampling=spacing)

    def clicks(self) -> list[tuple[int, ...]]:
        """The pixel in the middle of each object."""
        found = [np.argwhere(self.truth.array == k) for k in self.labels()]
        return [tuple(f[((f - f.mean(axis=0)) ** 2).sum(axis=1).argmin()]) for f in found]

    def labels(self) -> list[int]:
        return list(range(1, int(self.truth.array.max()) + 1))

    def seeds(self, *, together: bool) -> Mask:
        """A third of each object's width in its middle, and the rim of the planes; `together`: one label for all objects."""
        seeds = np.zeros(self.truth.array.shape, np.uint8)
        spacing = self.truth.grid.spacing_mm
        for label in self.labels():
            depth = ndimage.distance_transform_edt(self.truth.array == label, sampling=spacing)
            seeds[depth > depth.max() * 2 / 3] = 1 if together else label
        rim = np.ones(seeds.shape, bool)
        rim[..., 1:-1, 1:-1] = False
        seeds[rim] = 9
        return Mask(seeds, self.truth.grid)

    def outline(self) -> Mask:
        return Mask((self.away() > -HELP_MM).astype(np.uint8), self.truth.grid)

    def points(self) -> Mask:
        """Eight points around the objects in every third slice that is wide enough."""
        labels, planes = (
            np.zeros(self.truth.array.shape, np.int32),
            (self.truth.array > 0)[(None,) * (3 - self.truth.array.ndim)],
        )
        number = 0
        for level in range(0, len(planes), 3):
            edge = np.argwhere(planes[level] & ~ndimage.binary_erosion(planes[level]))
            if len(edge) < 16:
                continue
            angle = np.arctan2(*(edge - edge.mean(axis=0)).T)
            for turn in np.linspace(-np.pi, np.pi, 8, endpoint=False):
                number += 1
                place = edge[np.abs(np.angle(np.exp(1j * (angle - turn)))).argmin()]
                labels.reshape(planes.shape)[(level, *place)] = number
        return Mask(labels, self.truth.grid)


@dataclass(frozen=True)
class Method:
    """How one operation is run, and which of its labels are the object."""

    name: str
    family: str
    kind: Kind
    args: Mapping[str, Any] = field(default_factory=dict)
    help: str = ""

    def found(self, image: Image, scene: Scene) -> Mask:
        operation: Callable[..., Mask] = getattr(segment, self.name.partition(" ")[0])
        helps = {
            "seeds": lambda: scene.seeds(together=False), "two seeds": lambda: scene.seeds(together=True),
            "outline": scene.outline, "points": scene.points,
        }  # fmt: skip
        given = [helps[self.help]()] if self.help else []
        return operation(image, *given, **self.args)

    def objects(self, mask: Mask, scene: Scene) -> np.ndarray:
        """Labels of the objects that the mask tells apart, the rest 0."""
        labels = np.asarray(mask.array, np.int64)
        if self.kind == "seeded":
            return np.where(labels == 9, 0, labels)
        if self.kind == "regions":
            return np.where(np.isin(labels, [labels[click] for click in scene.clicks()]), labels, 0)
        inside = labels > 0 if self.kind == "foreground" else labels == max(mask.names)
        return ndimage.label(inside)[0]


def scenes() -> list[Scene]:
    y, x = np.indices((72, 96))
    discs = np.where(np.hypot(y - 36, x - 30) < 18.5, 1, 0)
    discs[(np.hypot(y - 36, x - 66) < 18.5) & (discs == 0)] = 2
    return [
        Scene("ball", sphere((20, 44, 44), radius_mm=14, spacing_mm=(2, 1, 1))[1]),
        Scene("tube", tube((24, 40, 40), radius_mm=5, spacing_mm=(1, 1, 1))[1]),
        Scene("touching discs", Mask(discs.astype(np.uint8), grid(discs.shape))),
    ]


TWO: Mapping[str, Any] = {"classes": 2}
RULES = ("li", "yen", "triangle", "isodata", "minimum")
METHODS = (
    Method("canny_fill", "boundary", "foreground"),
    Method("watershed", "boundary", "seeded", help="seeds"),
    Method("live_wire", "boundary", "foreground", help="points"),
    Method("snake", "boundary", "foreground", help="outline"),
    Method("geodesic_active_contour", "boundary", "foreground", help="outline"),
    Method("otsu", "feature", "foreground"),
    Method("multi_otsu", "feature", "classes", TWO),
    *(Method(f"threshold {rule}", "feature", "foreground", {"method": rule}) for rule in RULES),
    Method("sauvola", "feature", "foreground", {"width_mm": 40.0}),
    Method("k_means", "feature", "classes", TWO),
    Method("k_means of 3 scales", "feature", "classes", {"classes": 2, "scales": 3}),
    Method("gaussian_mixture", "feature", "classes", TWO),
    Method("fuzzy_c_means", "feature", "classes", TWO),
    Method("bias_corrected_fuzzy_c_means", "feature", "classes", TWO),
    Method("superpixels", "feature", "regions"),
    Method("mean_shift", "feature", "regions"),
    Method("graph_cut", "energy", "foreground"),
    Method("graph_cut with seeds", "energy", "seeded", help="two seeds"),
    Method("random_walker", "energy", "seeded", help="seeds"),
    Method("grabcut", "energy", "seeded", help="two seeds"),
    Method("chan_vese", "energy", "foreground"),
    Method("level_sets", "energy", "foreground", help="outline"),
    Method("markov_random_field", "energy", "classes", TWO),
    Method("convex_partition", "energy", "classes", TWO),
    Method("seeded_region_growing", "competition", "seeded", help="seeds"),
    Method("growcut", "competition", "seeded", help="seeds"),
    Method("region_competition", "competition", "regions"),
    Method("region_competition with seeds", "competition", "seeded", help="seeds"),
    Method("self_organising_map", "competition", "classes", TWO),
    Method("hopfield", "competition", "classes", TWO),
)


def row(method: Method, scene: Scene, cnr: float) -> dict[str, Any]:
    """Scores of one method on one rung, or why it refused."""
    told = {"method": method.name, "family": method.family, "help": method.help, "scene": scene.name, "cnr": cnr}
    try:
        objects = method.objects(method.found(scene.noisy(cnr), scene), scene)
    except Exception as error:
        if type(error).__name__ != "InputError":
            raise
        return told | {"refused": str(error)}
    scores = overlap(objects > 0, scene.truth.array > 0, spacing_mm=scene.truth.grid.spacing_mm, tolerance=TOLERANCE_MM)
    kept = {
        name: round(float(scores[name]), 4) if np.isfinite(scores[name]) else None
        for name in ("dice", "hd95_mm", "nsd")
    }
    under = [objects[click] for click in scene.clicks()]
    apart = len(set(under)) == len(under) and 0 not in under
    return told | kept | {"empty": not objects.any(), "apart": bool(apart) if len(under) > 1 else None}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="methods whose name contains this")
    parser.add_argument("--json", type=Path, default=Path(__file__).parents[1] / "docs" / "results" / "ladder.json")
    given = parser.parse_args()
    rows = []
    for method in (m for m in METHODS if given.only in m.name):
        start = time.perf_counter()
        rows += [row(method, scene, cnr) for scene in scenes() for cnr in RUNGS]
        shown = " ".join(f"{r['dice']:.2f}" if "dice" in r else " ref" for r in rows[-len(RUNGS) * 3 :])
        print(f"{method.name:32} {time.perf_counter() - start:6.1f} s  {shown}", flush=True)
    told = {"rungs": RUNGS, "scenes": [s.name for s in scenes()], "tolerance_mm": TOLERANCE_MM, "rows": rows}
    given.json.write_text(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
