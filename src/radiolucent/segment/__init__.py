"""Image -> Mask: by grey value, by regions that grow or compete, by units that learn."""

from radiolucent.core.promises import Waiver

from .competition import region_competition, watershed
from .feature import otsu
from .growing import growcut, seeded_region_growing
from .learning import hopfield, self_organising_map

OPS = (otsu, watershed, seeded_region_growing, growcut, region_competition, self_organising_map, hopfield)
WAIVERS = (
    Waiver("watershed", "flips", "pixels reached by two floods at once go to the one that was first in array order"),
    Waiver("watershed", "swaps", "pixels reached by two floods at once go to the one that was first in array order"),
    Waiver(
        "region_competition",
        "flips",
        "pixels move in two turns like the fields of a chessboard; a flip changes whose is first",
    ),
)

__all__ = [
    "OPS",
    "WAIVERS",
    "growcut",
    "hopfield",
    "otsu",
    "region_competition",
    "seeded_region_growing",
    "self_organising_map",
    "watershed",
]
