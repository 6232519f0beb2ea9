"""Whether each header describes pixels that can be there, and says what was done to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from radiolucent.core import Finding, Severity
from radiolucent.dicom import Header

from .limits import broken, named

Headers = tuple[Header, ...]

ALLOCATED = (1, 8, 16, 32, 64)
WINDOW = (1.0, 2.0**17)
LOSSY_RATIO = 10.0
INTERCEPT_HU = (-10240.0, -500.0)
SLOPE = (0.01, 100.0)
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"


def rescale(headers: Headers) -> tuple[Finding, ...]:
    """A CT whose rescale cannot give Hounsfield units: air would not be near -1000."""
    odd = [h for h in headers if h.word("Modality") == "CT" and not _localizer(h) and not _gives_hu(h)]
    says = "Rescale slope and intercept cannot give Hounsfield units: air would not lie near -1000"
    limit = (
        f"slope {SLOPE[0]} to {SLOPE[1]:g}, intercept {INTERCEPT_HU[0]:g} to {INTERCEPT_HU[1]:g} for unsigned values"
    )
    worst = odd[0].number("RescaleIntercept") if odd else None
    return _files("header.rescale", odd, says, limit, severity="block", value=worst)


def _gives_hu(header: Header) -> bool:
    if header.values.get("ModalityLUTSequence"):
        return True
    slope, intercept = header.number("RescaleSlope"), header.number("RescaleIntercept")
    if slope is None or intercept is None or not SLOPE[0] <= abs(slope) <= SLOPE[1]:
        return False
    signed = header.number("PixelRepresentation") == 1
    return INTERCEPT_HU[0] <= intercept <= (0 if signed else INTERCEPT_HU[1])


def bits(headers: Headers) -> tuple[Finding, ...]:
    """Bits Allocated, Bits Stored and High Bit that cannot all be true."""
    odd = [h for h in headers if h.number("Rows") and not _bits_fit(h)]
    says = "Bits Allocated, Bits Stored and High Bit contradict each other"
    limit = f"stored at most allocated ({', '.join(map(str, ALLOCATED))}), high bit one below stored"
    return _files("header.bits", odd, says, limit, severity="block", value=odd[0].number("BitsStored") if odd else None)


def _bits_fit(header: Header) -> bool:
    allocated, stored, high = (header.number(word) for word in ("BitsAllocated", "BitsStored", "HighBit"))
    if allocated is None or stored is None:
        return header.word("PhotometricInterpretation") == ""
    return allocated in ALLOCATED and 0 < stored <= allocated and high in (None, stored - 1)


def padding(headers: Headers) -> tuple[Finding, ...]:
    """A padding value that the file cannot store: it will be taken for tissue."""
    odd = [h for h in headers if not all(_can_store(h, value) for value in h.numbers("PixelPaddingValue"))]
    says = "The padding value lies beyond what the file can store, so padded pixels cannot be told from others"
    value = odd[0].number("PixelPaddingValue") if odd else None
    return _files("header.padding", odd, says, "within the range of the stored bits", value=value)


def _can_store(header: Header, value: float) -> bool:
    stored = header.number("BitsAllocated") or header.number("BitsStored")
    if not stored:
        return True
    signed = header.number("PixelRepresentation") == 1
    low, high = (-(2 ** (stored - 1)), 2 ** (stored - 1) - 1) if signed else (0, 2**stored - 1)
    return low <= value <= high


def value_range(headers: Headers) -> tuple[Finding, ...]:
    """Smallest and largest pixel value in the wrong order, or beyond what the file can store."""
    odd = [h for h in headers if not _range_fits(h)]
    says = "Smallest and Largest Image Pixel Value contradict each other or the bits stored"
    value = odd[0].number("LargestImagePixelValue") if odd else None
    return _files("header.value_range", odd, says, "smallest at most largest, both within the stored bits", value=value)


def _range_fits(header: Header) -> bool:
    low, high = header.number("SmallestImagePixelValue"), header.number("LargestImagePixelValue")
    if low is not None and high is not None and low > high:
        return False
    return all(_can_store(header, value) for value in (low, high) if value is not None)


def monochrome1(headers: Headers) -> tuple[Finding, ...]:
    """Pictures that store white as low: tools that ignore it see a negative."""
    odd = [h for h in headers if h.word("PhotometricInterpretation") == "MONOCHROME1"]
    return _files(
        "header.monochrome1",
        odd,
        "Low values are white (MONOCHROME1); reading turns them",
        "MONOCHROME2",
        severity="info",
    )


def window(headers: Headers) -> tuple[Finding, ...]:
    """A display window that shows nothing: no width, or beside all values that the file can store."""
    odd = [h for h in headers if not _shows_something(h)]
    says = "The display window has no width, or lies beside all values that the file can store"
    value = odd[0].number("WindowWidth") if odd else None
    return _files(
        "header.window", odd, says, f"width {WINDOW[0]:g} to {WINDOW[1]:g}, over storable values", value=value
    )


def _shows_something(header: Header) -> bool:
    widths, centres = header.numbers("WindowWidth"), header.numbers("WindowCenter")
    if not widths or not centres:
        return True
    if not all(WINDOW[0] <= width <= WINDOW[1] for width in widths):
        return False
    stored, slope = header.number("BitsStored") or 16, header.number("RescaleSlope") or 1.0
    signed, shift = header.number("PixelRepresentation") == 1, header.number("RescaleIntercept") or 0.0
    ends = (-(2 ** (stored - 1)), 2 ** (stored - 1)) if signed else (0, 2**stored)
    low, high = sorted(slope * end + shift for end in ends)
    return all(low <= c + w / 2 and c - w / 2 <= high for c, w in zip(centres, widths))


def lossy(headers: Headers) -> tuple[Finding, ...]:
    """Pictures that were compressed with loss, by flag or by transfer syntax."""
    odd = [h for h in headers if h.word("LossyImageCompression") in ("01", "1") or h.is_lossy_syntax]
    ratios = [ratio for h in odd for ratio in h.numbers("LossyImageCompressionRatio")]
    says = "Compressed with loss" + (f", up to {max(ratios):g} to 1" if ratios else ", the ratio is not stated")
    return _files(
        "header.lossy", odd, says, "no loss", value=max(ratios) if ratios else None, unit=":1" if ratios else ""
    )


def lossy_ratio(headers: Headers) -> tuple[Finding, ...]:
    """Loss beyond what diagnostic guidelines allow."""
    worst = {h.file: max(h.numbers("LossyImageCompressionRatio"), default=0.0) for h in headers}
    odd = [h for h in headers if worst[h.file] > LOSSY_RATIO]
    says = "Compressed so strongly that texture is no longer the patient's"
    limit = f"at most {LOSSY_RATIO:g} to 1"
    return _files("header.lossy_ratio", odd, says, limit, value=max(worst.values()), unit=":1")


def lossy_unstated(headers: Headers) -> tuple[Finding, ...]:
    """A transfer syntax with loss in a file that says there was none."""
    odd = [h for h in headers if h.is_lossy_syntax and h.word("LossyImageCompression") in ("00", "0")]
    return _files(
        "header.lossy_unstated", odd, "The transfer syntax is lossy, the header denies it", "flag 01 with such a syntax"
    )


def truncated(headers: Headers) -> tuple[Finding, ...]:
    """Fewer bytes of pixels than the header promises."""
    odd = [h for h in headers if h.bytes_promised is not None and (h.bytes_there or 0) < h.bytes_promised]
    lost = max(((h.bytes_promised or 0) - (h.bytes_there or 0) for h in odd), default=0)
    return _files(
        "header.truncated", odd, "Pixels are cut off", "0 bytes missing", severity="block", value=lost, unit="bytes"
    )


def burned_in(headers: Headers) -> tuple[Finding, ...]:
    """Text burnt into the pixels, by the file's own word: it may identify, and nets learn it."""
    odd = [h for h in headers if h.word("BurnedInAnnotation") == "YES"]
    return _files("header.burned_in", odd, "Text is burnt into the pixels: it may name the patient", "NO")


def secondary(headers: Headers) -> tuple[Finding, ...]:
    """Captured or second-hand pictures: values and geometry may be those of a screen."""
    odd = [
        h
        for h in headers
        if h.word("SOPClassUID").startswith(SECONDARY_CAPTURE) or "SECONDARY" in h.words("ImageType")[1:2]
    ]
    return _files("header.secondary", odd, "Not a primary picture (secondary capture or reformatted)", "PRIMARY")


def derived(headers: Headers) -> tuple[Finding, ...]:
    """Pictures computed from others."""
    odd = [h for h in headers if h.words("ImageType")[:1] == ("DERIVED",)]
    return _files("header.derived", odd, "Computed from other pictures (DERIVED)", "ORIGINAL", severity="info")


def no_spacing(headers: Headers) -> tuple[Finding, ...]:
    """Sections without a usable pixel spacing: nothing in mm can be measured."""
    odd = [h for h in headers if _is_section(h) and not _positive_pair(h)]
    return _files(
        "header.no_spacing", odd, "Pixel Spacing is absent or not positive", "two positive numbers", severity="block"
    )


def _positive_pair(header: Header) -> bool:
    pair = header.numbers("PixelSpacing", 2)
    return bool(pair) and min(pair) > 0


def no_place(headers: Headers) -> tuple[Finding, ...]:
    """Sections that do not say where in the patient they lie."""
    odd = [h for h in headers if _is_section(h) and (h.position_mm is None or h.axes is None or not _square(h))]
    says = "Position or orientation is absent, or its rows and columns are not at right angles"
    return _files("header.no_place", odd, says, "position and two unit vectors at right angles", severity="block")


def _square(header: Header) -> bool:
    axes = header.axes
    return axes is not None and abs(float(axes[0] @ axes[1])) < 0.01


def pet_units(headers: Headers) -> tuple[Finding, ...]:
    """PET whose values cannot become SUV: no unit, or counts, or activity without decay correction."""
    odd = [h for h in headers if h.word("Modality") == "PT" and not _has_activity(h)]
    says = "Values are no activity that can become SUV (unit or decay correction is absent)"
    return _files("header.pet_units", odd, says, "BQML with decay correction, GML or CM2ML")


def _has_activity(header: Header) -> bool:
    unit = header.word("Units")
    return unit in ("GML", "CM2ML") or (unit == "BQML" and header.word("DecayCorrection") in ("START", "ADMIN"))


def no_regions(headers: Headers) -> tuple[Finding, ...]:
    """Ultrasound that does not say how large its pixels are."""
    odd = [h for h in headers if h.word("Modality") == "US" and not h.values.get("SequenceOfUltrasoundRegions")]
    odd = [h for h in odd if not _positive_pair(h)]
    return _files(
        "header.no_regions", odd, "No ultrasound region states the size of a pixel", "at least one calibrated region"
    )


def executable(headers: Headers) -> tuple[Finding, ...]:
    """A preamble that starts like a program: the file can be run as one."""
    odd = [h for h in headers if h.has_executable]
    return _files("header.executable", odd, "The preamble starts like a program; the file could be run", "no program")


def charset(headers: Headers) -> tuple[Finding, ...]:
    """Text that its character set does not know."""
    odd = [h for h in headers if h.charset]
    return _files("header.charset", odd, odd[0].charset.capitalize() if odd else "", "text in the stated character set")


CHECKS: tuple[Callable[[Headers], tuple[Finding, ...]], ...] = (
    rescale, bits, padding, value_range, monochrome1, window, lossy, lossy_ratio, lossy_unstated, truncated, burned_in,
    secondary, derived, no_spacing, no_place, pet_units, no_regions, executable, charset,
)  # fmt: skip
"""Descriptions of pixels, each a function of the headers of one series."""


def _files(
    code: str,
    odd: Iterable[Header],
    says: str,
    limit: str,
    *,
    severity: Severity = "warn",
    value: float | None = None,
    unit: str = "",
) -> tuple[Finding, ...]:
    """A finding about some files of the series, or none."""
    files = tuple(odd)
    if not files:
        return ()
    words = f"{says}: {len(files)} file{'s' * (len(files) > 1)}."
    return broken(code, words, limit, severity=severity, value=value, unit=unit, where=named(files))


def _is_section(header: Header) -> bool:
    """A picture of the body's inside in one plane; enhanced files state their place frame by frame."""
    return header.word("Modality") in ("CT", "MR", "PT") and not header.values.get("PerFrameFunctionalGroupsSequence")


def _localizer(header: Header) -> bool:
    return "LOCALIZER" in header.words("ImageType") or _has_frames(header)


def _has_frames(header: Header) -> bool:
    return bool(header.values.get("PerFrameFunctionalGroupsSequence"))
