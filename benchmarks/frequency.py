"""Filters of frequencies and wavelets beside numpy, scipy, scikit-image and PyWavelets; one thread but where two are named.

Against "a copy" the ratio is the share of the memory's bandwidth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import pywt
from numpy.typing import NDArray
from scipy import fft, ndimage
from side_by_side import Pair, main
from skimage import restoration

from radiolucent.core import Grid, Image
from radiolucent.kernels import spectrum, wavelet
from radiolucent.process import laplacian_of_gaussian, low_pass, wavelet_denoise


def image(shape: tuple[int, ...]) -> Image:
    values = np.random.default_rng(0).normal(1000, 200, shape).astype(np.float32)
    return Image(values, Grid(shape, "zyx"[-len(shape) :], (1.0,) * len(shape)))


def there_and_back(array: NDArray[np.float32]) -> NDArray[np.float32]:
    axes = tuple(range(array.ndim))
    return np.fft.irfftn(np.fft.rfftn(array), array.shape, axes)


def butterworth(array: NDArray[np.float32]) -> NDArray[np.float32]:
    """What `low_pass` does on a periodic boundary, in plain numpy."""
    axes = [np.fft.fftfreq(size) for size in array.shape[:-1]] + [np.fft.rfftfreq(array.shape[-1])]
    length = np.sqrt(sum(one**2 for one in np.meshgrid(*axes, indexing="ij", sparse=True)))
    spectrum = np.fft.rfftn(array) / (1 + (length / 0.1) ** 4).astype(np.float32)
    return np.fft.irfftn(spectrum, array.shape, tuple(range(array.ndim)))


def two_threads(work: Callable[[], Any]) -> None:
    with fft.set_workers(2):
        work()


def pairs() -> Iterator[Pair]:
    for shape in ((512, 512), (2048, 2048), (256, 256, 256)):
        picture = image(shape)
        axes = tuple(range(len(shape)))
        yield Pair(
            f"there and back, {shape}", partial(spectrum.general, picture.array, axes, lambda _: np.ones(1), "wrap"),
            "numpy", partial(there_and_back, picture.array), 1.8,
        )  # fmt: skip
        yield Pair(
            f"there and back, {shape}, 2 threads",
            partial(two_threads, partial(spectrum.general, picture.array, axes, lambda _: np.ones(1), "wrap")),
            "numpy", partial(there_and_back, picture.array), 1.8,
        )  # fmt: skip
        yield Pair(
            f"low pass, periodic, {shape}", partial(low_pass, picture, boundary="wrap"),
            "numpy", partial(butterworth, picture.array), 1.8,
        )  # fmt: skip
        yield Pair(
            f"laplacian of gaussian 1.5, {shape}", partial(laplacian_of_gaussian, picture),
            "scipy", partial(ndimage.gaussian_laplace, picture.array, 1.5), 1,
        )  # fmt: skip
        yield Pair(
            f"wavelet db2, 3 levels, {shape}", partial(wavelet.transform, picture.array, axes, "db2", 3, "reflect"),
            "PyWavelets", partial(pywt.wavedecn, picture.array, "db2", level=3), 1.5,
        )  # fmt: skip
        yield Pair(
            f"wavelet db2, 3 levels, {shape}", partial(wavelet.transform, picture.array, axes, "db2", 3, "reflect"),
            "a copy", picture.array.copy, 0,
        )  # fmt: skip
        parts = wavelet.transform(picture.array, axes, "db2", 3, "reflect")
        yield Pair(
            f"wavelet back, {shape}", partial(wavelet.inverse, parts, axes, "db2", "reflect", shape),
            "PyWavelets", partial(pywt.waverecn, parts, "db2"), 1.5,
        )  # fmt: skip
    for shape in ((512, 512), (64, 64, 64)):
        picture = image(shape)
        yield Pair(
            f"wavelet denoising, one spin, {shape}",
            partial(wavelet_denoise, picture, wavelet="db2", levels=3, spins=1, noise=200.0),
            "scikit-image",
            partial(restoration.denoise_wavelet, picture.array, 200.0, "db2", "soft", 3), 1,
        )  # fmt: skip


if __name__ == "__main__":
    main(pairs, __doc__ or "")
