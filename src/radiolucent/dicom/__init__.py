"""The DICOM format itself: open, decode and encode one file, with limits on what it may ask for."""

from .decode import Decoded, decode, decode_dataset
from .encode import Radiograph, encode_radiograph
from .facts import Identity, facts, identity
from .header import damage_named, is_dicom, read_dataset, read_header
from .limits import MOST_BYTES, within_limits
from .pixels import stored_values
from .place import Place, places

__all__ = [
    "MOST_BYTES",
    "Decoded",
    "Identity",
    "Place",
    "Radiograph",
    "damage_named",
    "decode",
    "decode_dataset",
    "encode_radiograph",
    "facts",
    "identity",
    "is_dicom",
    "places",
    "read_dataset",
    "read_header",
    "stored_values",
    "within_limits",
]
