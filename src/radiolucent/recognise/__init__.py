"""Case -> Findings, Mask: what a picture shows (machine, part, plane, side), and where a thing or a model's attention is."""

from radiolucent.core import Waiver

from .anatomy import body_part, orientation
from .find import boxes, template
from .markers import markers
from .modality import modality

OPS = (modality, body_part, orientation, markers, template, boxes)
WAIVERS = (
    Waiver("modality", "flips", "the field of an ultrasound probe widens downwards, and side matters to the eye"),
    Waiver("modality", "swaps", "sound resolves depth (rows) better than breadth (columns), and slices lie in axis 0"),
    Waiver("body_part", "swaps", "slices lie in axis 0: their sections are judged"),
    Waiver("markers", "flips", "letters are read, and it tells where they are"),
    Waiver("markers", "swaps", "letters are read, and it tells where they are"),
)

__all__ = ["OPS", "WAIVERS", "body_part", "boxes", "markers", "modality", "orientation", "template"]
