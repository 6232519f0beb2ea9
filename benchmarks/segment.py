"""Segmentation beside scikit-image and scikit-learn, 512 x 512 and 128^3; what no library has against bars in seconds."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
from scipy import ndimage
from side_by_side import Pair, timed
from skimage import draw, feature, filters
from skimage import segmentation as theirs
from skimage.graph import route_through_array
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture
from threadpoolctl import threadpool_limits

from radiolucent import segment
from radiolucent.core import Image, Mask
from radiolucent.kernels import geodesic, level_set
from radiolucent.kernels.edges import gradients
from radiolucent.learn import UNetSegmenter
from radiolucent.phantom.shapes import grid

SIDES = {"512 x 512": (512, 512), "128^3": (128, 128, 128)}
BYTES_A_VOXEL = 160


@cache
def net() -> UNetSegmenter:
    """The default 3-D U-Net of patches of 64^3 after one step: its weights are nearly those it began with."""
    image = np.random.default_rng(0).normal(size=(64, 64, 64)).astype(np.float32)
    fitted = UNetSegmenter(steps=1, patch=image.shape, threads=2).fit([image], [(image > 0).astype(np.uint8)])
    fitted.predict([image])  # the net is compiled once in a session, whatever the number of images
    return fitted


class Bar(NamedTuple):
    """Work that no library has, and the seconds it may take; `None` where none was set."""

    name: str
    work: Callable[[], Any]
    seconds: float | None


def scene(shape: tuple[int, ...]) -> tuple[Image, Mask, Mask]:
    """A ball on noise; seeds in its middle and at the rim; its outline widened."""
    away = np.sqrt(((np.indices(shape, np.float32) - (shape[0] - 1) / 2) ** 2).sum(axis=0)) / shape[0]
    noise = np.random.default_rng(0).normal(0, 15, shape)
    place = grid(shape)
    seeds = np.zeros(shape, np.uint8)
    seeds[away < 0.08], seeds[away > 0.48] = 1, 2
    image = Image((100.0 * (away < 0.3) + noise).astype(np.float32), place)
    return image, Mask(seeds, place), Mask((away < 0.32).astype(np.uint8), place)


def unit(array: np.ndarray) -> np.ndarray:
    return (array - array.min()) / np.ptp(array)


def thresholds(size: str) -> Iterator[Pair]:
    image, _, _ = scene(SIDES[size])
    grey = image.array
    for method in ("li", "yen", "triangle", "isodata"):
        peer = getattr(filters, f"threshold_{method}")
        yield Pair(
            f"threshold {method}, {size}", partial(segment.threshold, image, method=method),
            "scikit-image", lambda peer=peer: grey > peer(grey), 1,
        )  # fmt: skip
    yield Pair(
        f"otsu, {size}", partial(segment.otsu, image), "scikit-image", lambda: grey > filters.threshold_otsu(grey), 1
    )
    yield Pair(
        f"multi_otsu, 4 classes, {size}", partial(segment.multi_otsu, image, classes=4),
        "scikit-image", lambda: np.digitize(grey, filters.threshold_multiotsu(grey, 4)), 1,
    )  # fmt: skip
    yield Pair(
        f"sauvola, 15 pixels, {size}", partial(segment.sauvola, image),
        "scikit-image", lambda: 1 - unit(grey) < filters.threshold_sauvola(1 - unit(grey), 15, r=0.5), 1,
    )  # fmt: skip


def clusters(size: str) -> Iterator[Pair]:
    image, _, _ = scene(SIDES[size])
    points = image.array.reshape(-1, 1)
    start = np.quantile(points, [1 / 6, 0.5, 5 / 6], axis=0)
    lloyd = KMeans(3, init=start, n_init=1, max_iter=100, algorithm="lloyd")
    yield Pair(
        f"k_means, 3 classes, {size}", partial(segment.k_means, image), "scikit-learn", partial(lloyd.fit, points), 1
    )
    if image.array.ndim == 2:
        mixture = GaussianMixture(2, random_state=0)
        yield Pair(
            f"gaussian_mixture, 2 classes, {size}", partial(segment.gaussian_mixture, image, classes=2),
            "scikit-learn", partial(mixture.fit_predict, points), 1,
        )  # fmt: skip
    count = round(np.prod(image.array.shape) / 6**image.array.ndim)
    yield Pair(
        f"superpixels, not merged, {size}", partial(segment.superpixels, image, merge=False),
        "scikit-image", lambda: theirs.slic(image.array, count, 0.2, channel_axis=None), 1,
    )  # fmt: skip


def contours(size: str) -> Iterator[Pair]:
    image, seeds, outline = scene(SIDES[size])
    flat, rounds = image.array.ndim == 2, 100 if image.array.ndim == 2 else 6
    grey = unit(image.array)
    edge = theirs.inverse_gaussian_gradient(grey, sigma=2)
    start = outline.array.astype(np.int8)
    yield Pair(
        f"geodesic contour, {rounds} rounds, {size}",
        lambda: geodesic.evolve(edge, start, balloon=-1.0, threshold=0.5, smoothing=1, rounds=rounds), "scikit-image",
        lambda: theirs.morphological_geodesic_active_contour(edge, rounds, start, 1, 0.5, -1), 1,
    )  # fmt: skip

    def flooded() -> np.ndarray:
        steep = np.sqrt(sum(g**2 for g in np.gradient(ndimage.gaussian_filter(image.array, 1))))
        return theirs.watershed(steep, seeds.array)

    yield Pair(f"watershed of markers, {size}", partial(segment.watershed, image, seeds), "scikit-image", flooded, 1)
    if flat:
        waves = np.cos(np.pi / 5 * np.arange(512))
        chess = np.multiply.outer(waves, waves)
        yield Pair(
            f"chan_vese, 50 rounds, {size}",
            lambda: level_set.chan_vese(grey, chess, (1.0, 1.0), mu=0.25, dt=0.5, tolerance=1e-9, rounds=50),
            "scikit-image", lambda: theirs.chan_vese(grey, tol=1e-9, max_num_iter=50, init_level_set=chess), 1,
        )  # fmt: skip
        yield Pair(
            f"random_walker, {size}", partial(segment.random_walker, image, seeds), "scikit-image",
            lambda: theirs.random_walker(grey, seeds.array, mode="cg_j"), 1,
        )  # fmt: skip
        yield from lines(image, outline, size)


def lines(image: Image, outline: Mask, size: str) -> Iterator[Pair]:
    """What scikit-image has in two dimensions only."""
    grey, angle = unit(image.array), np.linspace(0, 2 * np.pi, 1000, endpoint=False)
    soft = ndimage.gaussian_filter(grey, 1.5)
    circle = 255.5 + 0.32 * 512 * np.stack([np.sin(angle), np.cos(angle)], axis=1)

    def filled() -> np.ndarray:
        top = np.hypot(ndimage.sobel(soft, 0), ndimage.sobel(soft, 1)).max()
        edges = feature.canny(grey, 1.5, 0.2 * top, 0.4 * top, mode="reflect")
        return ndimage.binary_fill_holes(ndimage.binary_closing(edges, np.ones((5, 5))))

    def elastic() -> np.ndarray:
        height = unit(filters.sobel(ndimage.gaussian_filter(grey, 2)))
        options = {"w_edge": 0, "w_line": 1, "max_num_iter": 100}
        return draw.polygon2mask(grey.shape, theirs.active_contour(height, circle, 0.02, 0.5, gamma=0.1, **options))

    labels = np.zeros(grey.shape, np.uint8)
    places = [tuple(place) for place in np.rint(255.5 + (circle[::250] - 255.5) * 0.3 / 0.32).astype(int)]
    for number, place in enumerate(places, 1):
        labels[place] = number
    points = Mask(labels, image.grid)

    def linked() -> np.ndarray:
        steep = np.hypot(*gradients(image.array, (1.0, 1.0), 1.0)).astype(float)
        cost, line = 1 / (1 + 20 * steep / steep.max()), np.zeros(grey.shape, bool)
        for a, b in zip(places, [*places[1:], places[0]], strict=True):
            line[tuple(np.transpose(route_through_array(cost, a, b)[0]))] = True
        return ndimage.binary_fill_holes(line)

    yield Pair(f"canny_fill, {size}", partial(segment.canny_fill, image), "scikit-image", filled, 1)
    yield Pair(
        f"snake, 100 rounds, {size}", partial(segment.snake, image, outline, rounds=100), "scikit-image", elastic, 1
    )
    yield Pair(f"live_wire, 4 points, {size}", partial(segment.live_wire, image, points), "scikit-image", linked, 1)


def bars(size: str) -> Iterator[Bar]:
    """What is our own."""
    image, seeds, outline = scene(SIDES[size])
    deep = image.array.ndim == 3
    yield Bar(
        f"seeded_region_growing, {size}", partial(segment.seeded_region_growing, image, seeds), 3 if deep else None
    )
    yield Bar(f"growcut, {size}", partial(segment.growcut, image, seeds), 3 if deep else None)
    yield Bar(f"graph_cut, {size}", partial(segment.graph_cut, image), 10 if deep else None)
    yield Bar(f"graph_cut with seeds, {size}", partial(segment.graph_cut, image, seeds), 10 if deep else None)
    for name in ("fuzzy_c_means", "bias_corrected_fuzzy_c_means", "convex_partition", "markov_random_field"):
        yield Bar(f"{name}, 2 classes, {size}", partial(getattr(segment, name), image, classes=2), None)
    for name in ("mean_shift", "superpixels", "region_competition", "self_organising_map", "hopfield", "canny_fill"):
        yield Bar(f"{name}, {size}", partial(getattr(segment, name), image), None)
    yield Bar(f"level_sets, 50 rounds, {size}", partial(segment.level_sets, image, outline, rounds=50), None)
    yield Bar(f"geodesic_active_contour, {size}", partial(segment.geodesic_active_contour, image, outline), None)
    if deep:
        fitted = net()  # not within what is timed
        yield Bar(f"U-Net, windows of 64^3, 2 cores, {size}", lambda: fitted.predict([image.array]), 10)


def against(bar: Bar, rounds: int) -> dict[str, Any]:
    """The least of the runs after one that does not count (a single run where one takes longer than 10 s)."""
    taken: list[float] = []
    while len(taken) <= rounds and not (taken and taken[-1] > 10):
        start = time.perf_counter()
        bar.work()
        taken.append(time.perf_counter() - start)
    best = min(taken[1:] or taken)
    met = None if bar.seconds is None else best <= bar.seconds
    said = None if bar.seconds is None else f"{bar.seconds:g} s"
    return {"name": bar.name, "ours_s": best, "peer": None, "peer_s": None, "ratio": None, "bar": said, "met": met}


def memory() -> dict[str, Any]:
    """Bytes a voxel by which a process of its own grows over a cut of 128^3."""
    code = (
        "import sys, numpy as np; from radiolucent.core import Image, Mask; from radiolucent.phantom.shapes import grid\n"
        "from radiolucent.segment import graph_cut\n"
        "def held(name): return next(int(l.split()[1]) * 1024 for l in open('/proc/self/status') if l.startswith(name))\n"
        "values, seeds = np.load(sys.argv[1]), np.load(sys.argv[2]); place = grid(values.shape)\n"
        "small = tuple(slice(0, 24) for _ in range(3)); graph_cut(Image(values[small].copy(), grid((24, 24, 24))))\n"
        "before = held('VmRSS'); graph_cut(Image(values, place), Mask(seeds, place))\n"
        "print((held('VmHWM') - before) / values.size)"
    )
    image, seeds, _ = scene(SIDES["128^3"])
    with TemporaryDirectory() as folder:
        files = [f"{folder}/values.npy", f"{folder}/seeds.npy"]
        for file, array in zip(files, (image.array, seeds.array), strict=True):
            np.save(file, array)
        done = subprocess.run([sys.executable, "-c", code, *files], check=True, capture_output=True, text=True)
    found = float(done.stdout)
    row = {
        "name": f"graph_cut with seeds, 128^3: {found:.0f} bytes a voxel",
        "ours_s": 0.0,
        "peer": None,
        "peer_s": None,
    }
    return row | {"ratio": None, "bar": f"{BYTES_A_VOXEL} bytes", "met": found <= BYTES_A_VOXEL}


def shown(row: dict[str, Any]) -> dict[str, Any]:
    beside = "" if row["ratio"] is None else f"{row['peer_s'] * 1e3:9.1f} {row['ratio']:7.2f}"
    mark = {True: "", False: "  below", None: ""}[row["met"]]
    print(
        f"{row['name']:52} {row['ours_s'] * 1e3:9.1f} {row['peer'] or '':>14} {beside:>17} {row['bar'] or ''}{mark}",
        flush=True,
    )
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the rows to this file")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each (3)")
    parser.add_argument("--only", default="", help="rows whose name contains this")
    given = parser.parse_args()
    rows = []
    with threadpool_limits(1):
        for size in SIDES:
            pairs = (p for part in (thresholds, clusters, contours) for p in part(size) if given.only in p.name)
            rows += [shown(row) for row in timed(pairs, given.rounds)]
            rows += [shown(against(bar, given.rounds)) for bar in bars(size) if given.only in bar.name]
    if "graph_cut" in given.only or not given.only:
        rows.append(shown(memory()))
    if given.json:
        given.json.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
