"""What a picture looks like after coding and decoding, and what that cost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from skimage.metrics import structural_similarity

from radiolucent.core import Image, InputError
from radiolucent.core.pixels import refuse_colour, refuse_not_finite
from radiolucent.kernels import slabs
from radiolucent.kernels.codec import CODECS, Codec, coded, finest

SSIM_WINDOW = 7


def compress(
    image: Image,
    *,
    codec: Annotated[
        Literal["j2k", "htj2k", "jpegls", "jpeg", "wavelet", "rle", "deflate", "png"],
        Field(description="the first five can lose; jpeg and wavelet always do"),
    ] = "j2k",
    ratio: Annotated[
        float | None, Field(ge=1, le=1000, description="least ratio of stored to coded size; none: without loss")
    ] = None,
    near: Annotated[
        int | None,
        Field(ge=0, le=255, description="jpegls: greatest error of a pixel [stored integers], in place of a ratio"),
    ] = None,
) -> dict[str, Image | float]:
    """Code a picture slice by slice and decode it again, without loss or at the finest setting that reaches `ratio`.

    A ratio that is reached without loss is reached so. Gives `image`, the decoded picture, and the numbers `ratio` (of
    8 or 16 bits a pixel to what was coded), `bits_per_pixel`, `max_error` [the image's unit], `ssim` (mean over slices,
    scikit-image's, window 7) and, where something was lost, `psnr_db` (of the picture's range). Integers are coded as
    they are, negative ones from their least value on, and keep their type; fractions are brought to 16 bits (jpeg: 12)
    over their range first, and what that loses counts. Without loss integers come back bit for bit, which is checked.
    j2k is JPEG 2000, jpegls JPEG-LS (lossy: near-lossless, no pixel is off by more than `near`), wavelet the teaching
    baseline: quantised coefficients (CDF 9/7), deflated. `radiolucent convert --codec` writes compressed DICOM.
    """
    refuse_colour(image)
    refuse_not_finite(image)
    if len(image.grid.spatial_axes) < 2:
        raise InputError(f"codecs take planes, and the picture's axes are {image.grid.axes!r}")
    chosen = CODECS[codec]
    _refuse_loss(codec, chosen, ratio, near)
    values, offset, step, bits = _integers(image, codec, chosen.bits)
    planes = list(values.reshape(-1, *values.shape[-2:]))
    stored_bytes = values.size * (1 if bits <= 8 else 2)
    if ratio is None:
        streams = coded(planes, chosen, bits, -float(near) if near else None)
    else:
        streams = finest(planes, chosen, bits, stored_bytes / ratio)
    size = sum(map(len, streams))
    if ratio is not None and size * ratio > stored_bytes:
        raise InputError(f"{codec} reaches a ratio of {stored_bytes / size:.3g} on this picture at most, not {ratio:g}")
    result = np.empty(image.array.shape, image.array.dtype if image.array.dtype.kind in "iu" else np.float32)
    for plane, stream, into in zip(planes, streams, result.reshape(-1, *values.shape[-2:]), strict=True):
        decoded = chosen.decode(stream)
        if ratio is None and not near and not np.array_equal(decoded, plane):
            raise RuntimeError(f"{codec} did not give back what it was given")
        into[...] = _restored(decoded, image.array.dtype, offset, step)
    numbers = {"ratio": stored_bytes / size, "bits_per_pixel": 8 * size / values.size}
    return {"image": image.with_array(result), **numbers, **_loss(image.array, result)}


def _refuse_loss(codec: str, chosen: Codec, ratio: float | None, near: int | None) -> None:
    if near is not None and (codec != "jpegls" or ratio is not None):
        told = f"near={near} bounds the error of jpegls"
        raise InputError(f"{told}, and the codec is {codec}" if codec != "jpegls" else f"{told}; give it or a ratio")
    if ratio is None and not chosen.lossless:
        raise InputError(f"{codec} always loses; give a ratio, or use j2k, htj2k, jpegls or png")
    if ratio is not None and not chosen.settings:
        raise InputError(
            f"{codec} never loses, so it cannot be asked for a ratio; use j2k, htj2k, jpegls, jpeg or wavelet"
        )


def _integers(image: Image, codec: str, most_bits: int) -> tuple[NDArray[np.uint16], float, float, int]:
    """The picture as unsigned integers, and how to go back: value = offset + step * integer."""
    array = image.array
    low, high = float(array.min()), float(array.max())
    whole = array.dtype.kind in "biu" or all(
        (array[run] == np.rint(array[run])).all() for run in slabs.runs(array.shape)
    )
    if whole and (array.dtype.kind != "f" or high - min(low, 0) < 2**most_bits):
        offset = min(low, 0)
        bits = max(1, int(high - offset).bit_length())
        if bits > most_bits:
            raise InputError(
                f"{codec} holds {most_bits} bits and the picture's values from {low:.0f} to {high:.0f} need {bits}; "
                + ("use j2k, htj2k or jpegls, or rescale it first" if most_bits < 16 else "rescale it first")
            )
        return _stored(array, lambda part: part.astype(np.int64) - int(offset)), offset, 1.0, bits
    step = (high - low) / (2**most_bits - 1) or 1.0
    return _stored(array, lambda part: np.rint((part.astype(np.float64) - low) / step)), low, step, most_bits


def _stored(array: NDArray[Any], integers: Callable[[NDArray[Any]], NDArray[Any]]) -> NDArray[np.uint16]:
    values = np.empty(array.shape, np.uint16)
    for run in slabs.runs(array.shape):
        values[run] = integers(array[run])
    return values


def _restored(decoded: NDArray[Any], dtype: np.dtype[Any], offset: float, step: float) -> NDArray[Any]:
    if dtype.kind not in "biu":
        return offset + step * decoded.astype(np.float64)
    integers = decoded.astype(np.int64) + int(offset)
    if dtype.kind == "b":
        return integers > 0
    kind = np.iinfo(dtype)
    return np.clip(integers, kind.min, kind.max)


def _loss(before: NDArray[np.generic], after: NDArray[np.generic]) -> dict[str, float]:
    """Plane by plane."""
    span = float(before.max()) - float(before.min())
    most, squares, alike = 0.0, 0.0, []
    for pair in zip(*(one.reshape(-1, *before.shape[-2:]) for one in (before, after)), strict=True):
        first, second = (one.astype(np.float64) for one in pair)
        error = first - second
        most, squares = max(most, float(np.abs(error).max())), squares + float(np.vdot(error, error))
        if min(first.shape) >= SSIM_WINDOW and span:
            alike.append(float(structural_similarity(first, second, data_range=span)))
    found = {"max_error": most}
    if alike:
        found["ssim"] = float(np.mean(alike))
    if most and span:
        found["psnr_db"] = float(10 * np.log10(span**2 / (squares / before.size)))
    return found
