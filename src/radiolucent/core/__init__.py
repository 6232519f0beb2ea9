"""The few things that flow, their geometry and the errors; knows nobody."""

from .errors import InputError, UnreadableError, unknown
from .frozen import FrozenMap, fingerprint, freeze, read_only
from .promises import Promise, Waiver
from .require import require
from .types import (
    FACTS,
    Case,
    Finding,
    Grid,
    Image,
    Keypoints,
    Mask,
    Severity,
    Step,
    Transform,
)

__all__ = [
    "FACTS",
    "Case",
    "Finding",
    "FrozenMap",
    "Grid",
    "Image",
    "InputError",
    "Keypoints",
    "Mask",
    "Promise",
    "Severity",
    "Step",
    "Transform",
    "UnreadableError",
    "Waiver",
    "fingerprint",
    "freeze",
    "read_only",
    "require",
    "unknown",
]
