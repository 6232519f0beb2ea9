"""One fault for each check, at the strength that the check has to find; the strengths were fixed before the first run."""

from collections.abc import Callable
from copy import deepcopy
from typing import NamedTuple

import numpy as np
from clean_series import another_uid
from pydicom.dataset import Dataset
from rendered_text import rendered
from scipy.ndimage import gaussian_filter

SECTIONS = ("CT", "MR", "PT")
ALL = ("CT", "MR", "DX", "US", "PT")

Series = list[Dataset]


class Fault(NamedTuple):
    """A rule, how its fault is planted (series, rng -> series), the strength in words, and where it can occur."""

    code: str
    strength: str
    plant: Callable[[Series, np.random.Generator], Series]
    modalities: tuple[str, ...] = ALL


def _any(series, rng) -> Dataset:
    return series[int(rng.integers(len(series)))]


def _inner(series, rng) -> int:
    return int(rng.integers(2, len(series) - 2))


def one(keyword, value):
    """Set an element of one file."""

    def plant(series, rng):
        setattr(_any(series, rng), keyword, value)
        return series

    return plant


def every(**elements):
    """Set elements of every file; `None` removes one."""

    def plant(series, rng):
        for made in series:
            for keyword, value in elements.items():
                if value is not None:
                    setattr(made, keyword, value)
                elif keyword in made:
                    delattr(made, keyword)
        return series

    return plant


def _missing(series, rng):
    del series[_inner(series, rng)]
    return series


def _uneven(series, rng):
    made = series[_inner(series, rng)]
    made.ImagePositionPatient = [*made.ImagePositionPatient[:2], float(made.ImagePositionPatient[2]) + 0.3]
    return series


def _copied(series, rng):
    return [*series, deepcopy(_any(series, rng))]


def _copied_with_own_uid(series, rng):
    again = deepcopy(_any(series, rng))
    another_uid(again)
    again.InstanceNumber = len(series) + 1
    return [*series, again]


def _conflict(series, rng):
    again = deepcopy(_any(series, rng))
    again.PixelData = bytes(again.PixelData)[::-1]
    return [*series, again]


def _turned(series, rng):
    angle = np.radians(0.5)
    _any(series, rng).ImageOrientationPatient = [np.cos(angle), np.sin(angle), 0, -np.sin(angle), np.cos(angle), 0]
    return series


def _tilted(series, rng):
    for k, made in enumerate(series):
        x, y, z = (float(v) for v in made.ImagePositionPatient)
        made.ImagePositionPatient = [x, y + 2.5 * k * np.tan(np.radians(1.0)), z]
    return series


def _few(series, rng):
    return series[:3]


def _swapped_numbers(series, rng):
    k = _inner(series, rng)
    series[k].InstanceNumber, series[k + 1].InstanceNumber = series[k + 1].InstanceNumber, series[k].InstanceNumber
    return series


def _cut(series, rng):
    made = _any(series, rng)
    made.PixelData = bytes(made.PixelData)[:-2]
    return series


def _no_ascii(series, rng):
    made = _any(series, rng)
    del made.SpecificCharacterSet
    made.add_new(0x00104000, "LT", "")
    made[0x00104000]._value = "Größe".encode("latin-1")
    return series


def _program(series, rng):
    _any(series, rng).preamble = b"MZ" + bytes(126)
    return series


def _lossy_syntax(series, rng):
    _any(series, rng).file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.4.50"
    return series


HEADER_FAULTS = (
    Fault("series.missing_slice", "1 of 9 slices", _missing, SECTIONS),
    Fault("series.uneven_spacing", "one slice 0.3 mm off, of 2.5 mm", _uneven, SECTIONS),
    Fault("series.duplicate_position", "one slice twice, with a UID of its own", _copied_with_own_uid, SECTIONS),
    Fault("series.duplicate_instance", "one file twice", _copied),
    Fault("series.instance_conflict", "one UID twice, other pixels", _conflict),
    Fault("series.mixed_orientation", "one slice turned by 0.5°", _turned, SECTIONS),
    Fault("series.gantry_tilt", "1°", _tilted, SECTIONS),
    Fault("series.too_few_slices", "3 slices", _few, SECTIONS),
    Fault("series.instance_order", "two numbers swapped", _swapped_numbers, SECTIONS),
    Fault("series.thickness_gap", "1 mm thick, 2.5 mm apart", every(SliceThickness=1.0), SECTIONS),
    Fault("series.thickness_gap", "8 mm thick, 2.5 mm apart", every(SliceThickness=8.0), SECTIONS),
    Fault("series.mixed_spacing", "one slice 1 % larger", one("PixelSpacing", [0.808, 0.808]), SECTIONS),
    Fault("series.mixed_rows", "one slice with 2 rows fewer", one("Rows", 62), SECTIONS),
    Fault("series.mixed_columns", "one slice with 2 columns fewer", one("Columns", 62), SECTIONS),
    Fault("series.mixed_kernel", "one slice", one("ConvolutionKernel", "B70f"), ("CT",)),
    Fault("series.mixed_kvp", "one slice at 100 kV of 120", one("KVP", 100), ("CT",)),
    Fault("series.mixed_contrast", "one slice", one("ContrastBolusAgent", "IOPAMIDOL"), ("CT",)),
    Fault("series.mixed_thickness", "one slice 5 mm of 2.5", one("SliceThickness", 5.0), SECTIONS),
    Fault("series.mixed_frame_of_reference", "one slice", one("FrameOfReferenceUID", "1.2.8"), SECTIONS),
    Fault("series.mixed_patient_position", "one slice", one("PatientPosition", "FFS"), SECTIONS),
    Fault("series.mixed_modality", "one slice", one("Modality", "OT"), SECTIONS),
    Fault("series.mixed_photometric", "one slice", one("PhotometricInterpretation", "MONOCHROME1"), SECTIONS),
    Fault("series.mixed_representation", "one slice", one("PixelRepresentation", 1), SECTIONS),
    Fault("series.mixed_rescale", "one slice, intercept off by 24", one("RescaleIntercept", -1000), ("CT",)),
    Fault("series.mixed_rescale", "one slice, slope 1.01", one("RescaleSlope", 1.01), ("CT",)),
    Fault("series.mixed_repetition_time", "one slice 520 ms of 500", one("RepetitionTime", 520), ("MR",)),
    Fault("series.mixed_patient", "one slice", one("PatientID", "P2"), SECTIONS),
    Fault("header.laterality", "Laterality against Image Laterality", every(ImageLaterality="L", Laterality="R")),
    Fault(
        "header.laterality",
        "description against Laterality",
        every(ImageLaterality="L", SeriesDescription="RIGHT KNEE"),
    ),
    Fault("header.orientation_conflict", "rows run to the right", every(PatientOrientation=["R", "P"]), SECTIONS),
    Fault(
        "header.detector_spacing", "Pixel Spacing 10 % above the detector's", every(PixelSpacing=[0.22, 0.22]), ("DX",)
    ),
    Fault("header.rescale", "no intercept", every(RescaleIntercept=None), ("CT",)),
    Fault("header.rescale", "intercept 0", every(RescaleIntercept=0), ("CT",)),
    Fault("header.rescale", "slope 0", every(RescaleSlope=0), ("CT",)),
    Fault("header.bits", "stored above allocated", one("BitsStored", 17)),
    Fault("header.bits", "high bit two above", one("HighBit", 13)),
    Fault("header.padding", "-2000 in unsigned 16 bits", every(PixelPaddingValue=-2000)),
    Fault("header.value_range", "smallest above largest", every(SmallestImagePixelValue=9, LargestImagePixelValue=3)),
    Fault("header.monochrome1", "every file", every(PhotometricInterpretation="MONOCHROME1")),
    Fault("header.window", "width 0", every(WindowWidth=0)),
    Fault("header.window", "centre 100000", every(WindowCenter=100000)),
    Fault("header.lossy", "flag 01, ratio 8", every(LossyImageCompression="01", LossyImageCompressionRatio=8)),
    Fault("header.lossy_ratio", "ratio 20", every(LossyImageCompression="01", LossyImageCompressionRatio=20)),
    Fault("header.lossy_unstated", "JPEG baseline, flag 00", _lossy_syntax),
    Fault("header.truncated", "2 bytes", _cut),
    Fault("header.burned_in", "YES", every(BurnedInAnnotation="YES")),
    Fault("header.secondary", "Secondary Capture class", every(SOPClassUID="1.2.840.10008.5.1.4.1.1.7")),
    Fault("header.secondary", "ImageType", every(ImageType=["DERIVED", "SECONDARY"])),
    Fault("header.derived", "ImageType", every(ImageType=["DERIVED", "PRIMARY"])),
    Fault("header.no_spacing", "absent", every(PixelSpacing=None), SECTIONS),
    Fault("header.no_place", "position absent", every(ImagePositionPatient=None), SECTIONS),
    Fault("header.pet_units", "counts", every(Units="CNTS"), ("PT",)),
    Fault("header.pet_units", "no decay correction", every(DecayCorrection="NONE"), ("PT",)),
    Fault("header.no_regions", "absent", every(SequenceOfUltrasoundRegions=None), ("US",)),
    Fault("header.executable", "MZ in one preamble", _program),
    Fault("header.charset", "latin-1 without a character set", _no_ascii),
    Fault("header.charset", "unknown name", every(SpecificCharacterSet="ISO_IR 999")),
    Fault("header.age", "30 years beside the dates", every(PatientAge="024Y")),
    Fault("header.age", "birth after the study", every(PatientBirthDate="20250101", PatientAge=None)),
    Fault("header.age", "130 years", every(PatientAge="130Y", PatientBirthDate=None)),
    Fault("header.dates", "series 10 days before the study", every(SeriesDate="20240302")),
    Fault("header.unreadable_date", "the 45th of March", every(AcquisitionDate="20240345")),
)


class PixelFault(NamedTuple):
    """A rule, how its fault is planted in the values (planes, rng -> planes), the strength, and where it can occur."""

    code: str
    strength: str
    plant: Callable[[np.ndarray, np.random.Generator], np.ndarray]
    modalities: tuple[str, ...] = ALL


def _span(planes):
    low, high = np.percentile(planes, [1, 99])
    return high - low


def _clipped(planes, rng):
    return np.minimum(planes, planes.min() + 0.6 * np.ptp(planes))


def _dead(axis):
    def plant(planes, rng):
        line = int(rng.integers(planes.shape[1] // 3, 2 * planes.shape[1] // 3))
        np.moveaxis(planes[int(rng.integers(len(planes)))], axis, 0)[line] = planes.min()
        return planes

    return plant


def _empty_plane(planes, rng):
    planes[int(rng.integers(len(planes)))] = planes.min()
    return planes


def _jump(planes, rng):
    k = int(rng.integers(2, len(planes) - 2))
    planes[k] = planes.min() + 1.3 * (planes[k] - planes.min())
    return planes


def _undefined(planes, rng):
    planes[tuple(int(rng.integers(n)) for n in planes.shape)] = np.nan
    return planes


def _unsigned(planes, rng):
    return np.where(planes < -100, planes + 65536, planes)


def _shifted(planes, rng):
    return planes + 1024


def _cropped(planes, rng):
    return planes[:, 16:48, 16:48]


def _calipers(planes, rng):
    colour = np.repeat(planes[..., None], 3, axis=-1)
    for row, column in rng.integers(8, 56, (2, 2)):
        colour[:, row - 4 : row + 5, column] = colour[:, row, column - 4 : column + 5] = [255, 255, 0]
    return colour


def _named(planes, rng):
    ink = rendered("ROE 1951", None, 12)
    top, left = (int(rng.integers(0, n - m + 1)) for n, m in zip(planes.shape[1:3], ink.shape))
    under = planes[:, top : top + ink.shape[0], left : left + ink.shape[1]]
    under[:] = under + 0.5 * _span(planes) * ink
    return planes


def _noisy(share):
    def plant(planes, rng):
        size = share * _span(planes)
        if planes.min() < 0:
            return planes + rng.normal(0, size, planes.shape)
        return np.hypot(planes + rng.normal(0, size, planes.shape), rng.normal(0, size, planes.shape))

    return plant


def _hazy(planes, rng):
    return planes + 1.2 * _span(planes)


def _blurred(planes, rng):
    return gaussian_filter(planes, (0, 4, 4))


def _shaded(planes, rng):
    return planes * np.linspace(0.3, 1.7, planes.shape[2])


def _ghosted(planes, rng):
    return planes + 0.2 * np.roll(planes, planes.shape[1] // 2, axis=1)


PIXEL_FAULTS = (
    PixelFault("intensity.not_finite", "one pixel", _undefined),
    PixelFault("intensity.saturation", "clipped at 60 % of the range", _clipped),
    PixelFault("intensity.dead_lines", "one row of one plane", _dead(0)),
    PixelFault("intensity.dead_lines", "one column of one plane", _dead(1)),
    PixelFault("intensity.constant_plane", "one plane", _empty_plane, SECTIONS),
    PixelFault("intensity.plane_jump", "one plane 30 % brighter", _jump, SECTIONS),
    PixelFault("intensity.wrapped", "negative values plus 65536", _unsigned, ("CT",)),
    PixelFault("intensity.ct_air", "1024 HU too high", _shifted, ("CT",)),
    PixelFault("intensity.cut_off", "the middle half of the field", _cropped, SECTIONS),
    PixelFault("intensity.overlay", "two calipers of 9 pixels", _calipers, ("US",)),
    PixelFault("intensity.lettering", "eight signs of 12 pixels, half the span brighter", _named),
    PixelFault("intensity.noise", "20 % of the span", _noisy(0.2), ("CT", "MR", "DX")),
    PixelFault("intensity.snrd", "20 % of the span", _noisy(0.2), ("MR",)),
    PixelFault("intensity.cnr", "50 % of the span", _noisy(0.5), ("CT", "MR")),
    PixelFault("intensity.cjv", "50 % of the span", _noisy(0.5), ("MR",)),
    PixelFault("intensity.efc", "50 % of the span", _noisy(0.5), ("MR",)),
    PixelFault("intensity.fber", "a haze of 1.2 times the span", _hazy, ("MR",)),
    PixelFault("intensity.fwhm", "a Gaussian of 4 pixels", _blurred, ("CT", "MR", "DX")),
    PixelFault("intensity.inu_range", "from 0.3 to 1.7 across the picture", _shaded, ("MR",)),
    PixelFault("intensity.gsr", "a ghost of 20 %", _ghosted, ("MR",)),
)
