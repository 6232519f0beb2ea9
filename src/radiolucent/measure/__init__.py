"""Image, Mask -> numbers: statistics, texture, keypoints."""

from radiolucent.core.promises import Waiver

from . import rows
from .intensity import intensity
from .keypoints import orb, sift
from .texture import hog, texture

OPS = (intensity, texture, hog, sift, orb)
WAIVERS: tuple[Waiver, ...] = ()

__all__ = ["OPS", "WAIVERS", "hog", "intensity", "orb", "rows", "sift", "texture"]
