"""Image, Mask -> numbers: statistics, texture, keypoints."""

from radiolucent.core.promises import Waiver

from . import rows
from .clinical_bone import bone_density
from .clinical_calcium import agatston
from .clinical_heart import ejection_fraction
from .clinical_lesions import follow_up, lesions
from .clinical_size import size
from .clinical_uptake import uptake
from .draw import draw_keypoints, draw_matches
from .glcm import glcm
from .gldzm import gldzm
from .glrlm import glrlm
from .glszm import glszm
from .histogram import intensity_histogram
from .intensity import intensity
from .ivh import intensity_volume_histogram
from .keypoints import akaze, brisk, dense, kaze, orb, sift, surf
from .keypoints_volume import sift_3d
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
    sift_3d,
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
    size,
    lesions,
    follow_up,
    agatston,
    uptake,
    bone_density,
    ejection_fraction,
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
    Waiver("size", "flips", "it names the slice of the long axis, counted from the first"),
    Waiver("size", "swaps", "axial slices lie across the first axis where the directions are not known"),
    Waiver("lesions", "flips", "it names the slice of the long axis, counted from the first"),
    Waiver("lesions", "swaps", "axial slices lie across the first axis where the directions are not known"),
    Waiver("follow_up", "flips", "it names the slice of the long axis, counted from the first"),
    Waiver("follow_up", "swaps", "axial slices lie across the first axis where the directions are not known"),
    Waiver("agatston", "swaps", "axial slices lie across the first axis where the directions are not known"),
    Waiver("draw_matches", "same_grid", "it shows two pictures side by side"),
    Waiver("draw_matches", "flips", "the fixed picture stands on the left"),
    Waiver("draw_matches", "swaps", "the two pictures stand beside each other along x"),
)

__all__ = [
    "OPS",
    "WAIVERS",
    "agatston",
    "akaze",
    "bone_density",
    "brisk",
    "dense",
    "draw_keypoints",
    "draw_matches",
    "ejection_fraction",
    "follow_up",
    "glcm",
    "gldzm",
    "glrlm",
    "glszm",
    "hog",
    "intensity",
    "intensity_histogram",
    "intensity_volume_histogram",
    "kaze",
    "lesions",
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
    "sift_3d",
    "size",
    "surf",
    "texture",
    "uptake",
]
