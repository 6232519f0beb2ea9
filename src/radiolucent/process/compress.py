"""What a picture looks like after coding and decoding, and what that cost."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from skimage.metrics import structural_similarity

from radiolucent.core import Image, InputError
from radiolucent.core.pixels import refuse_colour, refuse_not_finite
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
) -> dict[str, Image | float]:
    """Code a picture slice by slice and decode it again, without loss or at the finest setting that reaches `ratio`.

    A ratio that is reached without loss is reached so. Gives `image`, the decoded picture, and the numbers `ratio` (of
    8 or 16 bits a pixel to what was coded), `bits_per_pixel`, `max_error` [the image's unit], `ssim` (mean over slices,
    scikit-image's, window 7) and, where something was lost, `psnr_db` (of the picture's range). Integers are coded as
    they are, negative ones from their least value on, and keep their type; fractions are brought to 16 bits (jpeg: 12)
    over their range first, and what that loses counts. Without loss integers come back bit for bit, which is checked.
    j2k is JPEG 2000, jpegls JPEG-LS (lossy: near-lossless), wavelet the teaching baseline: quantised coefficients (CDF
    9/7), deflated. `radiolucent convert --codec` writes compressed DICOM.
    """
    refuse_colour(image)
    refuse_not_finite(image)
    if len(image.grid.spatial_axes) < 2:
        raise InputError(f"codecs take planes, and the picture's axes are {image.grid.axes!r}")
    chosen = CODECS[codec]
    _refuse_loss(codec, chosen, ratio)
    values, offset, step, bits = _integers(image, codec, chosen.bits)
    planes = list(values.reshape(-1, *values.shape[-2:]))
    stored_bytes = values.size * (1 if bits <= 8 else 2)
    streams = coded(planes, chosen, bits, None) if ratio is None else finest(planes, chosen, bits, stored_bytes / ratio)
    size = sum(map(len, streams))
    if ratio is not None and size * ratio > stored_bytes:
        raise InputError(f"{codec} reaches a ratio of {stored_bytes / size:.3g} on this picture at most, not {ratio:g}")
    decoded = np.stack([chosen.decode(stream) for stream in streams]).reshape(values.shape)
    if ratio is None and not np.array_equal(decoded, values):
        raise RuntimeError(f"{codec} did not give back what it was given")
    result = image.with_array(_restored(decoded, image.array, offset, step))
    numbers = {"ratio": stored_bytes / size, "bits_per_pixel": 8 * size / values.size}
    return {"image": result, **numbers, **_loss(image.array, result.array)}


def _refuse_loss(codec: str, chosen: Codec, ratio: float | None) -> None:
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
    whole = array.dtype.kind in "biu" or bool((array == np.rint(array)).all())
    if whole and (array.dtype.kind != "f" or high - min(low, 0) < 2**most_bits):
        offset = min(low, 0)
        bits = max(1, int(high - offset).bit_length())
        if bits > most_bits:
            raise InputError(
                f"{codec} holds {most_bits} bits and the picture's values from {low:.0f} to {high:.0f} need {bits}; "
                + ("use j2k, htj2k or jpegls, or rescale it first" if most_bits < 16 else "rescale it first")
            )
        return (array.astype(np.int64) - int(offset)).astype(np.uint16), offset, 1.0, bits
    step = (high - low) / (2**most_bits - 1) or 1.0
    return np.rint((array.astype(np.float64) - low) / step).astype(np.uint16), low, step, most_bits


def _restored(decoded: NDArray[Any], array: NDArray[Any], offset: float, step: float) -> NDArray[Any]:
    if array.dtype.kind in "biu":
        integers = decoded.astype(np.int64) + int(offset)
        if array.dtype.kind == "b":
            return integers > 0
        kind = np.iinfo(array.dtype)
        return np.clip(integers, kind.min, kind.max).astype(array.dtype)
    return (offset + step * decoded.astype(np.float64)).astype(np.float32)


def _loss(before: NDArray[np.generic], after: NDArray[np.generic]) -> dict[str, float]:
    first, second = before.astype(np.float64), after.astype(np.float64)
    error, span = first - second, float(np.ptp(first))
    found = {"max_error": float(np.abs(error).max())}
    planes = zip(first.reshape(-1, *first.shape[-2:]), second.reshape(-1, *first.shape[-2:]), strict=True)
    if min(first.shape[-2:]) >= SSIM_WINDOW and span:
        found["ssim"] = float(np.mean([structural_similarity(a, b, data_range=span) for a, b in planes]))
    if found["max_error"] and span:
        found["psnr_db"] = float(10 * np.log10(span**2 / np.mean(error**2)))
    return found
