"""Image -> Mask: by grey value, by competing regions."""

from radiolucent.core.promises import Waiver

from .competition import watershed
from .feature import otsu

OPS = (otsu, watershed)
WAIVERS = (
    Waiver("watershed", "flips", "pixels reached by two floods at once go to the one that was first in array order"),
    Waiver("watershed", "swaps", "pixels reached by two floods at once go to the one that was first in array order"),
)

__all__ = ["OPS", "WAIVERS", "otsu", "watershed"]
