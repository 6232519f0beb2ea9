"""Filters and measurements beside scipy, scikit-image and (where installed) SimpleITK, one thread each."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from importlib.util import find_spec

import cv2
import numpy as np
from scipy import ndimage
from side_by_side import Pair, main
from skimage import exposure, feature, filters, restoration, transform

from radiolucent.core import Grid, Image
from radiolucent.measure import rows
from radiolucent.process import (
    bilateral,
    clahe,
    equalise,
    frangi,
    gaussian,
    match_histogram,
    mean,
    median,
    non_local_means,
    resample,
    resize,
    sato,
    total_variation,
    unsharp_mask,
    white_top_hat,
)
from radiolucent.segment import otsu


def image(shape: tuple[int, ...], dtype: str = "float32") -> Image:
    values = np.random.default_rng(0).normal(1000, 200, shape).clip(0, 4000)
    return Image(values.astype(dtype), Grid(shape, "zyx"[-len(shape) :], (1.0,) * len(shape)))


def smoothing() -> Iterator[Pair]:
    for dtype in ("float32", "int16"):
        volume = image((256, 256, 256), dtype)
        single = volume.array.astype(np.float32)
        name = f"256^3 {dtype}"
        yield Pair(
            f"gaussian sigma 2, {name}", partial(gaussian, volume, sigma_mm=2.0),
            "scipy", partial(ndimage.gaussian_filter, single, 2.0), 5,
        )  # fmt: skip
        yield Pair(
            f"mean 5^3, {name}", partial(mean, volume, width_mm=5.0),
            "scipy", partial(ndimage.uniform_filter, single, 5), 6,
        )  # fmt: skip
    for side in (512, 2048):
        picture = image((side, side))
        yield Pair(
            f"gaussian sigma 2, {side}^2", partial(gaussian, picture, sigma_mm=2.0),
            "scipy", partial(ndimage.gaussian_filter, picture.array, 2.0), 1,
        )  # fmt: skip
        yield Pair(
            f"gaussian sigma 2, {side}^2", partial(gaussian, picture, sigma_mm=2.0),
            "OpenCV", partial(cv2.GaussianBlur, picture.array, (17, 17), 2.0, borderType=cv2.BORDER_REFLECT), 0.9,
        )  # fmt: skip
        yield Pair(
            f"median 3^2, {side}^2", partial(median, picture, width_mm=3.0),
            "scipy", partial(ndimage.median_filter, picture.array, 3), 5,
        )  # fmt: skip
    for dtype in ("float32", "int16"):
        cube = image((128, 128, 128), dtype)
        yield Pair(
            f"median 3^3, 128^3 {dtype}", partial(median, cube, width_mm=3.0),
            "scipy", partial(ndimage.median_filter, cube.array, 3), 14,
        )  # fmt: skip


def denoising() -> Iterator[Pair]:
    for shape in ((512, 512), (64, 64, 64)):
        picture = image(shape)
        yield Pair(
            f"total variation, 50 steps, {shape}",
            partial(total_variation, picture, weight=200.0, tolerance=1e-12, most_steps=50),
            "scikit-image", partial(restoration.denoise_tv_chambolle, picture.array, 200.0, 1e-12, 50), 1,
        )  # fmt: skip
        yield Pair(
            f"non-local means, patch 3, reach 3, {shape}",
            partial(non_local_means, picture, patch_mm=3.0, search_mm=3.0, noise=200.0),
            "scikit-image",
            partial(restoration.denoise_nl_means, picture.array, 3, 3, 160.0, True, sigma=200.0, preserve_range=True), 1,
        )  # fmt: skip
    picture = image((512, 512))
    yield Pair(
        "bilateral sigma 1, 512^2", partial(bilateral, picture, sigma_mm=1.0, sigma_value=300.0),
        "OpenCV", partial(cv2.bilateralFilter, picture.array, 5, 300.0, 1.0), 0.9,
    )  # fmt: skip
    yield Pair(
        "bilateral sigma 1, 512^2", partial(bilateral, picture, sigma_mm=1.0, sigma_value=300.0),
        "scikit-image", partial(restoration.denoise_bilateral, picture.array / 4000, 5, 300 / 4000, 1.0), 1,
    )  # fmt: skip


def sharpening() -> Iterator[Pair]:
    for shape in ((512, 512), (96, 96, 96)):
        picture = image(shape)
        peers = {
            "equalise": (partial(equalise, picture), partial(exposure.equalize_hist, picture.array)),
            "match histogram": (
                partial(match_histogram, picture, image(shape)),
                partial(exposure.match_histograms, picture.array, image(shape).array),
            ),
            "unsharp mask": (
                partial(unsharp_mask, picture, sigma_mm=2.0),
                partial(filters.unsharp_mask, picture.array, 2.0, preserve_range=True),
            ),
            "frangi, 2 scales": (
                partial(frangi, picture, sigmas_mm=(1.5, 2.5)),
                partial(filters.frangi, picture.array, (1.5, 2.5)),
            ),
            "sato, 2 scales": (
                partial(sato, picture, sigmas_mm=(1.5, 2.5)),
                partial(filters.sato, picture.array, (1.5, 2.5)),
            ),
            "resize to 80": (
                partial(resize, picture, size_px=80, antialias=False),
                partial(transform.resize, picture.array, (80,) * len(shape), order=1, mode="edge"),
            ),
        }
        for name, (ours, theirs) in peers.items():
            yield Pair(f"{name}, {shape}", ours, "scikit-image", theirs, 1)
        yield Pair(
            f"white top-hat 5, {shape}", partial(white_top_hat, picture, width_mm=5.0),
            "scipy", partial(ndimage.white_tophat, picture.array, 5), 1,
        )  # fmt: skip


def contrast_and_space() -> Iterator[Pair]:
    for shape in ((512, 512), (2048, 2048), (96, 96, 96)):
        picture = image(shape)
        unit = picture.array / picture.array.max()
        adapted = partial(exposure.equalize_adapthist, unit, [side // 8 for side in shape], 0.01)
        yield Pair(f"clahe, {shape}", partial(clahe, picture), "scikit-image", adapted, 1)
    volume = image((128, 128, 128))
    for kind, order in (("linear", 1), ("cubic", 3)):
        zoomed = partial(ndimage.zoom, volume.array, 1 / 0.7, order=order, mode="mirror")
        yield Pair(
            f"resample {kind} to 0.7 mm, 128^3", partial(resample, volume, spacing_mm=0.7, interpolation=kind),
            "scipy", zoomed, 2,
        )  # fmt: skip
    yield Pair(
        "otsu, 128^3",
        partial(otsu, volume),
        "scikit-image",
        lambda: volume.array > filters.threshold_otsu(volume.array),
        0.9,
    )


def texture_of(picture: np.ndarray) -> None:
    """What `rows.statistics` holds beside first-order statistics, by scikit-image."""
    angles = [0, np.pi / 4, np.pi / 2, 3 * np.pi / 4]
    feature.local_binary_pattern(picture, 8, 1, "uniform")
    matrix = feature.graycomatrix(picture // 8, [1, 2, 4], angles, 32, symmetric=True, normed=True)
    for name in ("contrast", "correlation", "energy", "homogeneity"):
        feature.graycoprops(matrix, name)
    feature.hog(cv2.resize(picture, (64, 64), interpolation=cv2.INTER_AREA), 8, (16, 16), (4, 4))


def measuring() -> Iterator[Pair]:
    picture = cv2.GaussianBlur(np.random.default_rng(0).integers(0, 256, (256, 256)).astype(np.uint8), (0, 0), 2)
    picture = cv2.normalize(picture, None, 0, 255, cv2.NORM_MINMAX)
    yield Pair(
        "statistics of a row, 256^2", partial(rows.statistics, picture),
        "scikit-image", partial(texture_of, picture), 1,
    )  # fmt: skip
    detector = cv2.SIFT.create(nfeatures=200, contrastThreshold=rows.CONTRAST, enable_precise_upscale=True)
    yield Pair(
        "descriptors of a row, 256^2", partial(rows.descriptors, picture),
        "OpenCV", partial(detector.detectAndCompute, picture, None), 0.9,
    )  # fmt: skip


def simple_itk() -> Iterator[Pair]:
    if not find_spec("SimpleITK"):
        return
    import SimpleITK as sitk  # noqa: N813 (its customary name)

    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
    volume = image((256, 256, 256))
    theirs = sitk.GetImageFromArray(volume.array)
    yield Pair(
        "gaussian sigma 2, 256^3 float32", partial(gaussian, volume, sigma_mm=2.0),
        "SimpleITK", partial(sitk.DiscreteGaussian, theirs, 4.0), 5,
    )  # fmt: skip
    yield Pair(
        "mean 5^3, 256^3 float32", partial(mean, volume, width_mm=5.0),
        "SimpleITK", partial(sitk.BoxMean, theirs, (2, 2, 2)), 5,
    )  # fmt: skip


def pairs() -> Iterator[Pair]:
    yield from smoothing()
    yield from denoising()
    yield from sharpening()
    yield from contrast_and_space()
    yield from measuring()
    yield from simple_itk()


if __name__ == "__main__":
    cv2.setNumThreads(1)
    main(pairs, __doc__ or "")
