"""Files of CT and MR as series, which of them a face can be taken out of, and how its samples become air."""

from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from radiolucent.core import Grid, Image
from radiolucent.dicom import places, stored_values
from radiolucent.dicom.values import line_of, physical_unit

from .blanking import fill
from .deface import Cut, head_size_mm, taken
from .elements import DamageError, scan
from .file import content
from .header import MODALITY, SERIES, SOP_CLASS, STUDY
from .opening import opened
from .person import PATIENT_ID

SLICES = {"1.2.840.10008.5.1.4.1.1.2": "CT", "1.2.840.10008.5.1.4.1.1.4": "MR"}
"""Classes of single slices."""
CLASSES = tuple(f"{known}{more}".encode() for known in SLICES for more in ("", ".1", ".2", ".3", ".4"))
TAGS = {MODALITY, SOP_CLASS, PATIENT_ID, STUDY, SERIES}
ELSEWHERE = {
    "CHEST", "THORAX", "LUNG", "ABDOMEN", "PELVIS", "HIP", "KNEE", "LEG", "FOOT", "ANKLE", "HAND", "WRIST", "ELBOW", "ARM",
    "SHOULDER", "BREAST", "HEART", "LIVER", "KIDNEY", "PROSTATE", "LSPINE", "TSPINE", "EXTREMITY", "CHESTABDOMEN",
    "ABDOMENPELVIS", "CHESTABDPELVIS", "ABDPELVIS",
}  # fmt: skip
"""Body parts in whose pictures no cut for a head is made."""
HEAD = re.compile(
    r"head|brain|skull|crani|cerebr|neuro|facial|sinus|orbit|pituit|kopf|sch[aä]del|hirn|t[eê]te|cr[aâ]ne|cerveau|cabeza|encef",
    re.IGNORECASE,
)
NAMING = ("BodyPartExamined", "StudyDescription", "SeriesDescription", "ProtocolName")
LEAST_MM, MOST_MM = (130, 100, 0), (280, 280, 450)
"""Length, width and height of a head with its neck; one that a header names may be smaller."""
AIR_HU = -1000

Series = tuple[bytes, bytes, bytes]


def series_of(path: Path) -> Series | None:
    """Patient, study and series of a file that is CT or MR by its class or its modality; `None` for all else.

    What cannot be parsed here cannot be de-identified either, for the parser is the same.
    """
    try:
        start = opened(content(path))
        elements, _ = scan(start.data, start.at, len(start.data), start.syntax)
        found = {one[0]: bytes(start.data[one[3] : one[4]]).strip(b" \0") for one in elements if one[0] in TAGS}
    except (DamageError, OSError, struct.error, LookupError, ValueError, TypeError, AttributeError, ArithmeticError):
        return None
    except RecursionError:
        return None
    if found.get(MODALITY) not in (b"CT", b"MR") and (found.get(SOP_CLASS) or start.sop_class) not in CLASSES:
        return None
    return found.get(PATIENT_ID, b""), found.get(STUDY, b""), found.get(SERIES, b"")


def unfit(header: Dataset) -> str:
    """Why no face can be taken out of the series of this file; empty for plain slices that may be of a head."""
    if str(header.get("SOPClassUID")) not in SLICES or int(header.get("NumberOfFrames") or 1) > 1:
        return "it is CT or MR of another kind than single slices (several frames, a secondary capture, raw data)"
    if "MOSAIC" in (header.get("ImageType") or ()):
        return "its slices are tiles of a mosaic"
    if header.get("PhotometricInterpretation") != "MONOCHROME2" or int(header.get("SamplesPerPixel") or 1) != 1:
        return "its pixels are not grey with white high"
    if "ModalityLUTSequence" in header or "RealWorldValueMappingSequence" in header:
        return "its values are mapped by more than slope and intercept"
    if header.get("Modality") == "CT" and physical_unit(header) != "HU":
        return "its values are no Hounsfield units"
    if "".join(letter for letter in str(header.get("BodyPartExamined") or "").upper() if letter.isalpha()) in ELSEWHERE:
        return "its header says that it is no head"
    place = places(header, 1)[0]
    return "" if place.position_mm and place.spacing_mm else "a slice does not say where it lies, or how large it is"


def strange(image: Image, header: Dataset) -> str:
    """Why a volume is not taken for that of a head, by its size; empty where it is."""
    size = head_size_mm(image)
    if any(mm > most for mm, most in zip(size, MOST_MM)):
        return "it shows more than a head and its neck"
    is_named = any(HEAD.search(str(header.get(keyword) or "")) for keyword in NAMING)
    if not is_named and any(mm < least for mm, least in zip(size, LEAST_MM)):
        return "its header names no head, and its size is not that of one"
    return ""


def take_out(dataset: Dataset, cut: Cut) -> int:
    """Fill what of a slice `cut` takes away with air, in place; gives the number of samples that changed.

    Air is -1000 HU in CT, or the least that the file can store; in MR the file's own least value. Other samples keep
    their bits.
    """
    stored = stored_values("the file", dataset)
    where = _taken(dataset, cut)
    air = _air(stored, dataset)
    changed = int(np.count_nonzero(where & (stored != air)))
    if changed:
        fill(dataset, [where], air, stored)
    return changed


def _taken(dataset: Dataset, cut: Cut) -> NDArray[np.bool_]:
    place = places(dataset, 1)[0]
    if place.position_mm is None or place.right is None or place.down is None or place.spacing_mm is None:
        raise ValueError("a slice has no place")
    shape = (1, int(dataset.Rows), int(dataset.Columns))
    x, y, z = (float(value) for value in np.cross(place.right, place.down))
    grid = Grid(shape, "zyx", (1.0, *place.spacing_mm), None, place.position_mm, ((x, y, z), place.down, place.right))
    return taken(cut, Image(np.zeros(shape, np.uint8), grid))


def _air(stored: NDArray[Any], dataset: Dataset) -> Any:
    slope, intercept = line_of(dataset, 0)
    if dataset.get("Modality") != "CT":
        return stored.min() if slope >= 0 else stored.max()
    bits = int(dataset.get("BitsStored") or stored.dtype.itemsize * 8)
    lowest = -(2 ** (bits - 1)) if int(dataset.get("PixelRepresentation") or 0) else 0
    air = round((AIR_HU - intercept) / slope)
    return stored.dtype.type(min(max(air, lowest), lowest + 2**bits - 1))
