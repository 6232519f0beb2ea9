"""How far a picture may be compressed before what is drawn from it changes: compression, then the same measurement."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import Field
from scipy.spatial import cKDTree

from ... import __version__
from ...core import Image, InputError, Keypoints, Mask
from ...measure import sift
from ...process import compress
from ...report.rate import Coding, RateStudy, rate_page, tolerable
from ...segment import otsu, watershed
from ...write import whole_text
from ..single import single_image
from .parameters import AllowBlocked, Overwrite, Page, SpacingsMm, check_page

Use = Literal["otsu", "watershed", "sift"]
CodecName = Literal["j2k", "htj2k", "jpegls", "jpeg", "wavelet"]

FOUND_AGAIN_PX = 1.5
"""How far a keypoint may move and still be the same one."""


def rate_distortion(
    source: Annotated[Path, Field(description="a picture or volume: a file, or a folder of one series")],
    *,
    out: Page,
    codecs: Annotated[
        tuple[CodecName, ...], Field(min_length=1, description="what to compress with; one that cannot says why")
    ] = ("j2k", "htj2k", "jpegls", "jpeg", "wavelet"),
    ratios: Annotated[
        tuple[Annotated[float, Field(ge=1, le=1000)], ...], Field(min_length=1, description="ratios to try")
    ] = (2.0, 4.0, 8.0, 16.0, 32.0, 64.0),
    uses: Annotated[
        tuple[Use, ...], Field(min_length=1, description="what the picture is for: results that must stay")
    ] = ("otsu", "sift"),
    least: Annotated[
        float, Field(gt=0, le=1, description="agreement with the uncompressed picture's result that is enough")
    ] = 0.99,
    image: Annotated[str | None, Field(description="which image, where IN holds several")] = None,
    spacing_mm: SpacingsMm = None,
    allow_blocked: AllowBlocked = False,
    overwrite: Overwrite = False,
) -> str:
    """Say how far a picture may be compressed before a result that is drawn from it changes.

    Each codec is driven to each ratio; the page shows bits a pixel, PSNR, SSIM, and how far each use still agrees with
    the uncompressed picture: otsu by Dice, watershed by the mean over its regions (weighted by size) of the Dice with
    the region that covers them best, sift by the share of keypoints found again within 1.5 pixels. The tolerable ratio
    is the greatest one tried up to which every agreement is at least `least`. One picture shows one picture's limit.
    """
    check_page(out)
    picture = single_image(source, name=image, spacing_mm=spacing_mm, allow_blocked=allow_blocked)
    study = rate_study(picture, codecs=codecs, ratios=ratios, uses=uses, least=least, name=source.name)
    whole_text(out, rate_page(study, version=__version__), overwrite=overwrite)
    return f"{said(study)}: {out}"


def rate_study(
    picture: Image,
    *,
    codecs: tuple[str, ...],
    ratios: tuple[float, ...],
    uses: tuple[str, ...],
    least: float = 0.99,
    name: str = "picture",
) -> RateStudy:
    """Compress by each codec to each ratio, and compare every use's result with that of the picture itself."""
    before = {use: USES[use][0](picture) for use in uses}
    codings: list[Coding] = []
    refused: dict[str, str] = {}
    for codec in codecs:
        for ratio in sorted(set(ratios)):
            try:
                made = compress(picture, codec=codec, ratio=ratio)  # type: ignore[arg-type]
            except InputError as error:
                refused[codec] = str(error)
                break  # a higher ratio is out of reach, too
            codings.append(_coding(codec, ratio, made, before))
    if not codings:
        raise InputError("; ".join(refused.values()))
    return RateStudy(name, tuple(codings), refused, tuple(uses), least)


def said(study: RateStudy) -> str:
    """The tolerable ratio of each codec for each use, in one line."""
    found = [
        f"{use}: " + ", ".join(f"{codec} {_times(tolerable(study, codec, use))}" for codec in study.codecs)
        for use in study.uses
    ]
    return f"agreement of at least {study.least:g} up to " + "; ".join(found)


def _times(ratio: float | None) -> str:
    return "none of the ratios tried" if ratio is None else f"{ratio:g}:1"


def _coding(
    codec: str, asked: float, made: Mapping[str, Image | float], before: Mapping[str, Mask | Keypoints]
) -> Coding:
    decoded = made["image"]
    assert isinstance(decoded, Image)
    numbers = {key: float(value) for key, value in made.items() if not isinstance(value, Image)}
    agreement = {use: USES[use][1](first, USES[use][0](decoded)) for use, first in before.items()}
    psnr_db, ssim = numbers.get("psnr_db"), numbers.get("ssim")
    return Coding(codec, asked, numbers["ratio"], numbers["bits_per_pixel"], psnr_db, ssim, agreement)


def _dice(first: Mask, second: Mask) -> float:
    both = np.count_nonzero(first.array) + np.count_nonzero(second.array)
    return 2 * np.count_nonzero((first.array > 0) & (second.array > 0)) / both if both else 1.0


def _regions(first: Mask, second: Mask) -> float:
    """Mean over the first's regions, weighted by size, of the Dice with the region that covers them best."""
    old, new = first.array.ravel().astype(np.int64), second.array.ravel().astype(np.int64)
    sizes, others = np.bincount(old), np.bincount(new)
    pairs, shared = np.unique(old * len(others) + new, return_counts=True)
    a, b = np.divmod(pairs, len(others))
    best = np.zeros(len(sizes))
    np.maximum.at(best, a, 2 * shared / (sizes[a] + others[b]))
    return float((best[1:] * sizes[1:]).sum() / max(1, sizes[1:].sum()))


def _keypoints(picture: Image) -> Keypoints:
    """Of the middle slice, where there are several."""
    planes = picture.array.reshape(-1, *picture.array.shape[-2:])
    grid = type(picture.grid)(planes.shape[1:], picture.grid.axes[-2:])
    return sift(Image(planes[len(planes) // 2], grid, picture.modality, picture.unit))


def _found_again(first: Keypoints, second: Keypoints) -> float:
    if not len(first) or not len(second):
        return float(len(first) == len(second))
    away, _ = cKDTree(second.points).query(first.points)
    return float(np.mean(away <= FOUND_AGAIN_PX))


USES: Mapping[str, tuple[Callable[[Image], Mask | Keypoints], Callable[..., float]]] = {
    "otsu": (otsu, _dice),
    "watershed": (watershed, _regions),
    "sift": (_keypoints, _found_again),
}
"""What is drawn from a picture, and how two results are compared (1: equal)."""
