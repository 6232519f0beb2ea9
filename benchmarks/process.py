"""Filters and measurements beside scipy, scikit-image, OpenCV and SimpleITK, one thread each but where two are named.

Against "a copy" the ratio is the share of the memory's bandwidth: the time to copy the array over that of the filter. What
a call costs beside the work (checking, wrapping) shows at 32 x 32 pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import cv2
import numpy as np
import SimpleITK as sitk  # noqa: N813 (its customary name)
from scipy import fft, ndimage
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
    n4,
    non_local_means,
    resample,
    resize,
    sato,
    total_variation,
    unsharp_mask,
    white_top_hat,
)
from radiolucent.segment import otsu


def image(shape: tuple[int, ...], dtype: str = "float32", scale: float = 1.0) -> Image:
    values = np.random.default_rng(0).normal(1000, 200, shape).clip(0, 4000) * scale
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
        for op, given in ((gaussian, {"sigma_mm": 2.0}), (mean, {"width_mm": 5.0})):
            yield Pair(f"{op.__name__}, {name}", partial(op, volume, **given), "a copy", single.copy, 0)
        yield Pair(
            f"gaussian sigma 2, {name}, 2 threads", threaded(2, partial(gaussian, volume, sigma_mm=2.0)),
            "scipy", partial(ndimage.gaussian_filter, single, 2.0), 5,
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
    small = image((32, 32))
    yield Pair(
        "gaussian sigma 2, 32^2: what a call costs", partial(gaussian, small, sigma_mm=2.0),
        "OpenCV", partial(cv2.GaussianBlur, small.array, (17, 17), 2.0, borderType=cv2.BORDER_REFLECT), 0,
    )  # fmt: skip
    yield from medians()


def threaded(threads: int, work: Callable[[], Any]) -> Callable[[], Any]:
    """The same with so many threads of OpenCV and of scipy's transforms."""

    def run() -> None:
        cv2.setNumThreads(threads)
        with fft.set_workers(threads):
            work()
        cv2.setNumThreads(1)

    return run


def medians() -> Iterator[Pair]:
    for dtype in ("uint8", "int16", "float32"):
        cube = image((64, 64, 64), dtype) if dtype != "uint8" else image((64, 64, 64), dtype, 1 / 16)
        for width in (5, 7):
            yield Pair(
                f"median {width}^3, 64^3 {dtype}", partial(median, cube, width_mm=float(width)),
                "scipy", partial(ndimage.median_filter, cube.array, width), 5 if dtype != "float32" else 1,
            )  # fmt: skip
    picture = image((512, 512), "int16")
    yield Pair(
        "median 9^2, 512^2 int16", partial(median, picture, width_mm=9.0),
        "scipy", partial(ndimage.median_filter, picture.array, 9), 5,
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
    for side in (512, 2048):
        picture = image((side, side))
        yield Pair(
            f"bilateral sigma 1, {side}^2", partial(bilateral, picture, sigma_mm=1.0, sigma_value=300.0),
            "OpenCV", partial(cv2.bilateralFilter, picture.array, 5, 300.0, 1.0), 0.9,
        )  # fmt: skip
    picture = image((512, 512))
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


def itk_n4(volume: np.ndarray) -> None:
    picture = sitk.GetImageFromArray(volume)
    inside = sitk.OtsuThreshold(picture, 0, 1, 200)
    corrector = sitk.N4BiasFieldCorrectionImageFilter()
    corrector.SetMaximumNumberOfIterations([10] * 4)
    corrector.SetConvergenceThreshold(0.0)
    corrector.Execute(sitk.Shrink(picture, [4] * 3), sitk.Shrink(inside, [4] * 3))
    sitk.GetArrayFromImage(picture / sitk.Exp(corrector.GetLogBiasFieldAsImage(picture)))


def simple_itk() -> Iterator[Pair]:
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
    cube = image((64, 64, 64))
    theirs = sitk.GetImageFromArray(cube.array)
    yield Pair(
        "median 5^3, 64^3 float32", partial(median, cube, width_mm=5.0),
        "SimpleITK", partial(sitk.Median, theirs, (2, 2, 2)), 1,
    )  # fmt: skip
    yield Pair(
        "n4, 10 iterations of 4 levels, 64^3", partial(n4, cube, iterations=10, tolerance=0.0),
        "SimpleITK", partial(itk_n4, cube.array), 0.9,
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
