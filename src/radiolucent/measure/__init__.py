"""Image, Mask -> numbers: statistics, texture, keypoints."""

from radiolucent.core.promises import Waiver

from . import rows
from .draw import draw_keypoints, draw_matches
from .glcm import glcm
from .gldzm import gldzm
from .glrlm import glrlm
from .glszm import glszm
from .histogram import intensity_histogram
from .intensity import intensity
from .ivh import intensity_volume_histogram
from .keypoints import akaze, brisk, dense, kaze, orb, sift, surf
from .local import local_intensity
from .match import match
from .morphology import morphology
from .ngldm import ngldm
from .ngtdm import ngtdm
from .radiomics import radiomics
from .register import register, register_keypoints
from .texture import hog, texture

OPS = (
    radiomics,
    morphology,
    local_intensity,
    intensity,
    intensity_histogram,
    intensity_volume_histogram,
    glcm,
    glrlm,
    glszm,
    gldzm,
    ngtdm,
    ngldm,
    texture,
    hog,
    sift,
    surf,
    orb,
    brisk,
    akaze,
    kaze,
    dense,
    match,
    draw_keypoints,
    draw_matches,
    register,
    register_keypoints,
)
WAIVERS = (
    Waiver("texture", "swaps", "pairs of pixels lie within the last two axes, whose spacing is alike"),
    Waiver("hog", "flips", "it tells where in the picture which direction is strong"),
    Waiver("hog", "swaps", "it tells where in the picture which direction is strong"),
    Waiver("sift", "flips", "the picture is halved from its first pixel, so a mirrored one is sampled elsewhere"),
    Waiver("sift", "swaps", "weak points at the contrast limit come and go with rounding, and slices lie in axis 0"),
    Waiver("orb", "flips", "the test pattern is not symmetric and ties in the corner score go by array order"),
    Waiver("orb", "swaps", "the test pattern is not symmetric and slices lie in axis 0"),
    Waiver("surf", "flips", "blobs are searched on every second, fourth and eighth pixel, counted from the first"),
    Waiver("brisk", "flips", "the picture is halved from its first pixel, so a mirrored one is sampled elsewhere"),
    Waiver("akaze", "flips", "the picture is halved from its first pixel, so a mirrored one is sampled elsewhere"),
    Waiver("match", "flips", "SURF samples every second, fourth and eighth pixel, counted from the first"),
    Waiver("register_keypoints", "flips", "it rests on `match`, which samples a mirrored picture elsewhere"),
    Waiver("draw_keypoints", "flips", "lines are drawn from pixel to pixel in one direction"),
    Waiver("draw_keypoints", "swaps", "lines are drawn from pixel to pixel in one direction"),
    Waiver("draw_matches", "same_grid", "it shows two pictures side by side"),
    Waiver("draw_matches", "flips", "the fixed picture stands on the left"),
    Waiver("draw_matches", "swaps", "the two pictures stand beside each other along x"),
)

__all__ = [
    "OPS",
    "WAIVERS",
    "akaze",
    "brisk",
    "dense",
    "draw_keypoints",
    "draw_matches",
    "glcm",
    "gldzm",
    "glrlm",
    "glszm",
    "hog",
    "intensity",
    "intensity_histogram",
    "intensity_volume_histogram",
    "kaze",
    "local_intensity",
    "match",
    "morphology",
    "ngldm",
    "ngtdm",
    "orb",
    "radiomics",
    "register",
    "register_keypoints",
    "rows",
    "sift",
    "surf",
    "texture",
]
