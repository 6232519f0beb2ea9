"""The DICOM format itself: open, decode and encode one file, with limits on what it may ask for."""

from .alike import Alike
from .decode import Decoded, decode, decode_dataset
from .directory import is_directory, listed_files
from .encode import Radiograph, encode_radiograph
from .facts import Identity, facts, identity
from .header import damage_named, is_dicom, read_dataset, read_header
from .limits import MOST_BYTES, within_limits
from .pixels import stored_values
from .place import Place, places
from .private import private
from .record import Header, header_record
from .segments import Contours, Segments, decode_contours, decode_segments
from .variant import Variant, variants
from .waiting import TooWideError, Waiting

__all__ = [
    "MOST_BYTES",
    "Alike",
    "Contours",
    "Decoded",
    "Header",
    "Identity",
    "Place",
    "Radiograph",
    "Segments",
    "TooWideError",
    "Variant",
    "Waiting",
    "damage_named",
    "decode",
    "decode_contours",
    "decode_dataset",
    "decode_segments",
    "encode_radiograph",
    "facts",
    "header_record",
    "identity",
    "is_dicom",
    "is_directory",
    "listed_files",
    "places",
    "private",
    "read_dataset",
    "read_header",
    "stored_values",
    "variants",
    "within_limits",
]
