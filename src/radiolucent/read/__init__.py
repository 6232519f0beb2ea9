"""From files to Cases, and from tables, folders and archives to cohorts."""

from .cohort import Cohort, cohort
from .dicom import Examination
from .key import content_key, key_file, keyed, secret_key
from .mask import as_mask, label_names, mask, masks
from .prepare import prepare
from .readers import READERS, examine, read
from .reference import pixels

__all__ = [
    "READERS",
    "Cohort",
    "Examination",
    "as_mask",
    "cohort",
    "content_key",
    "examine",
    "key_file",
    "keyed",
    "label_names",
    "mask",
    "masks",
    "pixels",
    "prepare",
    "read",
    "secret_key",
]
