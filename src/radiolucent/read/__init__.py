"""From files to Cases, and from tables, folders and archives to cohorts."""

from .cohort import Cohort, cohort
from .dicom import Examination
from .key import content_key, key_file, keyed, secret_key
from .mask import as_mask, label_names, mask, masks
from .prepare import prepare, prepare_frames
from .readers import READERS, content_files, examine, read
from .reference import pixels, pixels_and_headers
from .sequence import sequence, stated_frames

__all__ = [
    "READERS",
    "Cohort",
    "Examination",
    "as_mask",
    "cohort",
    "content_files",
    "content_key",
    "examine",
    "key_file",
    "keyed",
    "label_names",
    "mask",
    "masks",
    "pixels",
    "pixels_and_headers",
    "prepare",
    "prepare_frames",
    "read",
    "secret_key",
    "sequence",
    "stated_frames",
]
