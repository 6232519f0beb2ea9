"""Image -> Mask: by edges and contours, by grey value, by least energy, by regions that grow or compete, by units that learn."""

from radiolucent.core.promises import Waiver

from .boundary import canny_fill, live_wire
from .cluster import bias_corrected_fuzzy_c_means, fuzzy_c_means, gaussian_mixture, k_means
from .competition import region_competition, watershed
from .contour import geodesic_active_contour, snake
from .energy import grabcut, graph_cut, random_walker
from .feature import otsu
from .fields import convex_partition, markov_random_field
from .growing import growcut, seeded_region_growing
from .learning import hopfield, self_organising_map
from .level_sets import chan_vese, level_sets
from .superpixel import mean_shift, superpixels
from .threshold import multi_otsu, sauvola, threshold

OPS = (
    threshold, multi_otsu, sauvola,
    k_means, gaussian_mixture, fuzzy_c_means, bias_corrected_fuzzy_c_means,
    superpixels, mean_shift,
    canny_fill, live_wire,
    snake, geodesic_active_contour,
    otsu,
    graph_cut, random_walker, grabcut, chan_vese, level_sets, markov_random_field, convex_partition,
    watershed, seeded_region_growing, growcut, region_competition, self_organising_map, hopfield,
)  # fmt: skip
CHESSBOARD = "pixels move in two turns like the fields of a chessboard, and a flip changes whose turn is first"
SLICES = "lines run in slices, so the order of the axes counts"
WAIVERS = (
    Waiver("live_wire", "flips", "of equally cheap paths one is taken, and keypoints are not turned with the picture"),
    Waiver("live_wire", "swaps", SLICES),
    Waiver("snake", "flips", "the points of the line begin elsewhere when the picture is turned over"),
    Waiver("snake", "swaps", SLICES),
    Waiver("superpixels", "flips", "superpixels begin on a grid of places that is not in the middle of the picture"),
    Waiver("superpixels", "swaps", "superpixels begin on a grid of places that depends on the order of the axes"),
    Waiver("watershed", "flips", "pixels reached by two floods at once go to the one that was first in array order"),
    Waiver("watershed", "swaps", "pixels reached by two floods at once go to the one that was first in array order"),
    Waiver("markov_random_field", "flips", CHESSBOARD),
    Waiver("region_competition", "flips", CHESSBOARD),
)

__all__ = [
    "OPS",
    "WAIVERS",
    "bias_corrected_fuzzy_c_means",
    "canny_fill",
    "chan_vese",
    "convex_partition",
    "fuzzy_c_means",
    "gaussian_mixture",
    "geodesic_active_contour",
    "grabcut",
    "graph_cut",
    "growcut",
    "hopfield",
    "k_means",
    "level_sets",
    "live_wire",
    "markov_random_field",
    "mean_shift",
    "multi_otsu",
    "otsu",
    "random_walker",
    "region_competition",
    "sauvola",
    "seeded_region_growing",
    "self_organising_map",
    "snake",
    "superpixels",
    "threshold",
    "watershed",
]
