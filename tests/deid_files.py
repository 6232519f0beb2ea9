"""Files with a planted value at a chosen place, for tests of de-identification."""

import numpy as np
import small_dicom
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset, write_file_meta_info
from pydicom.sequence import Sequence

NAME, PLANTED_UID = "Okafor", "1.2.3.4.5.6.7"
_TEXT = f"{NAME}^Miriam"
_VALUES = {
    "PN": _TEXT, "DA": "19800213", "DT": "19800213101112", "TM": "101112", "AS": "042Y", "UI": PLANTED_UID,
    "AE": NAME.upper(), "CS": NAME.upper(), "DS": "47.11", "IS": "4711", "US": 2, "UL": 4711, "FL": 2.5, "FD": 2.5,
    "SS": 3, "SL": 3, "UR": f"http://{NAME}.example/",
}  # fmt: skip


def planted(tag: int, vr: str) -> DataElement:
    """An element of this VR that tells a name, a day or a number."""
    if vr == "SQ":
        item = Dataset()
        item.ReferencedSOPInstanceUID = PLANTED_UID
        item.PersonName, item.TextValue, item.Date = _TEXT, _TEXT, "19800213"
        return DataElement(tag, "SQ", Sequence([item]))
    default = _TEXT.encode() + b"!" if vr in ("OB", "OW", "UN", "OF", "OD", "OL") else _TEXT
    return DataElement(tag, vr, _VALUES.get(vr, default))


def ct_with(tag: int, vr: str, inside: int | None = None) -> bytes:
    """A CT file with a planted element at the top level, or in an item of the sequence `inside`."""
    made = small_dicom.dataset(np.arange(16, dtype=np.uint16).reshape(4, 4))
    made.PatientID, made.PatientName = "", ""
    element = planted(tag, vr)
    if tag >> 16 & 1:
        block = (made if inside is None else Dataset()).private_block(tag >> 16, "somebody", create=True)
        holder = block.dataset
    elif inside is None:
        holder = made
    else:
        holder = Dataset()
    if tag >> 16 == 2 and inside is None:
        made.SOPInstanceUID = PLANTED_UID
        made.file_meta.MediaStorageSOPInstanceUID = PLANTED_UID
    else:
        holder[tag] = element
    if inside is not None:
        made[inside] = DataElement(inside, "SQ", Sequence([holder]))
    return file_of(made)


def file_of(made: Dataset) -> bytes:
    """The bytes of a file; unlike pydicom's own writer, elements of any group may stand in the data set."""
    buffer = DicomBytesIO()
    buffer.is_little_endian, buffer.is_implicit_VR = True, False
    buffer.write(b"\0" * 128 + b"DICM")
    write_file_meta_info(buffer, made.file_meta)
    write_dataset(buffer, made)
    return bytes(buffer.getvalue())
