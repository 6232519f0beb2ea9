"""What a header says about text in its pixels: by flag, by kind of picture, and by ultrasound regions."""

from __future__ import annotations

from pydicom.dataset import Dataset

from radiolucent.dicom.ultrasound import ultrasound_regions
from radiolucent.kernels.lettering import Box, clipped

LEAST_SHARE = 0.2
"""Regions that cover less than this share of the picture are not believed to be all there is to see."""

_CLASSES = {
    "1.2.840.10008.5.1.4.1.1.7": "secondary capture",
    "1.2.840.10008.5.1.4.1.1.6": "ultrasound",
    "1.2.840.10008.5.1.4.1.1.3": "ultrasound",
    "1.2.840.10008.5.1.4.1.1.12": "angiography or fluoroscopy",
    "1.2.840.10008.5.1.4.1.1.77": "visible light",
    "1.2.840.10008.5.1.4.1.1.104": "encapsulated document",
}
_MODALITIES = {
    "US": "ultrasound", "IVUS": "ultrasound", "XA": "angiography or fluoroscopy", "RF": "angiography or fluoroscopy",
    "SC": "secondary capture", "OT": "other modality", "ES": "endoscopy", "XC": "photograph", "GM": "microscopy",
    "ECG": "waveform", "DOC": "document", "BDUS": "ultrasound", "BMD": "densitometry", "OPT": "ophthalmology",
}  # fmt: skip


def suspicion(dataset: Dataset) -> str:
    """Why text is likely in these pixels, by the header alone; empty where nothing speaks for it.

    Files with a reason are to be looked at first: flagged, secondary captures, ultrasound, angiography, photographs.
    """
    if str(dataset.get("BurnedInAnnotation") or "").strip().upper() == "YES":
        return "Burned In Annotation says YES"
    kind = str(dataset.get("SOPClassUID") or "")
    for stem, name in _CLASSES.items():
        if kind == stem or kind.startswith(stem + "."):
            return name
    words = dataset.get("ImageType") or ()
    if not isinstance(words, str) and "SECONDARY" in [str(word) for word in words][1:2]:
        return "secondary capture"
    return _MODALITIES.get(str(dataset.get("Modality") or ""), "")


def banners(dataset: Dataset) -> tuple[Box, ...]:
    """The margins of the picture outside all ultrasound regions, where devices write who is examined and when.

    Empty without regions, and where they cannot be believed (beyond the picture, or too small to be the whole of it).
    """
    rows, columns = int(dataset.get("Rows") or 0), int(dataset.get("Columns") or 0)
    given = [Box(t, left, b + 1, r + 1) for t, left, b, r in (r.box for r in ultrasound_regions(dataset))]
    regions = [clipped(box, (rows, columns)) for box in given]
    regions = [box for box in regions if box.area > 1]
    if not regions:
        return ()
    top, left = min(r.top for r in regions), min(r.left for r in regions)
    bottom, right = max(r.bottom for r in regions), max(r.right for r in regions)
    if (bottom - top) * (right - left) < LEAST_SHARE * rows * columns:
        return ()
    strips = (
        Box(0, 0, top, columns),
        Box(bottom, 0, rows, columns),
        Box(top, 0, bottom, left),
        Box(top, right, bottom, columns),
    )
    return tuple(strip for strip in strips if strip.area)
