"""File -> file: identifiers taken out of what a hospital exports."""

from .header import DamageError, Done, RefusedError, deidentify
from .key import Key, open_key
from .profile import Options, options
from .sealed import SealedMap

__all__ = ["DamageError", "Done", "Key", "Options", "RefusedError", "SealedMap", "deidentify", "open_key", "options"]
