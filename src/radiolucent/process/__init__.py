"""Image -> Image: smoothing, contrast, intensity, resampling."""

from radiolucent.core.promises import Waiver

from .bias import n4
from .compress import compress
from .contrast import black_top_hat, equalise, gamma, local_contrast, match_histogram, unsharp_mask, white_top_hat
from .crop import crop, crop_border, pad
from .denoise import bilateral, curvature_flow, non_local_means, perona_malik, total_variation
from .enhance import clahe, window
from .frequency_band import band_pass, high_pass, homomorphic, low_pass, notch
from .frequency_fourier import fourier, inverse_fourier
from .frequency_gabor import gabor
from .frequency_kspace import suppress_ringing, undersample, unring, zero_fill
from .frequency_restore import deconvolve
from .frequency_texture import laplacian_of_gaussian, laws
from .intensity import fill_not_finite, invert, rescale
from .like import resample_like, resample_mask_like
from .orient import reorient, reorient_mask
from .reach import REACHES
from .resample import resample, resample_mask, resize
from .smooth import gaussian, mean, median
from .speckle import frost, lee, srad
from .standard import hu_clip, nyul, white_stripe, z_score
from .temporal import temporal
from .transform import apply_transform, apply_transform_mask
from .vessels import frangi, sato
from .wavelet_denoise import multiscale_enhance, wavelet_denoise
from .wavelet_response import riesz, simoncelli, wavelet_response
from .wavelet_transform import inverse_wavelet_transform, wavelet_scales, wavelet_transform

OPS = (
    *(compress,),
    *(zero_fill, undersample, suppress_ringing, unring),
    *(n4,),
    *(invert, fill_not_finite),
    *(fourier, inverse_fourier),
    *(crop, crop_border, pad),
    *(reorient, reorient_mask),
    *(resample_like, resample_mask_like),
    *(apply_transform, apply_transform_mask),
    *(wavelet_denoise, multiscale_enhance),
    *(wavelet_transform, inverse_wavelet_transform, wavelet_scales),
    *(z_score, hu_clip, nyul, white_stripe),
    *(frangi, sato),
    *(equalise, match_histogram, gamma, unsharp_mask, local_contrast, white_top_hat, black_top_hat),
    *(temporal,),
    *(lee, frost, srad),
    *(bilateral, non_local_means, total_variation, perona_malik, curvature_flow),
    *(deconvolve,),
    *(low_pass, high_pass, band_pass, notch, homomorphic),
    *(laplacian_of_gaussian, laws, gabor, wavelet_response, simoncelli, riesz),
    gaussian,
    mean,
    median,
    clahe,
    window,
    rescale,
    resample,
    resample_mask,
    resize,
)
WAIVERS = (
    Waiver("apply_transform", "swaps", "a transform belongs to the grids that it was found between"),
    Waiver("apply_transform_mask", "swaps", "a transform belongs to the grids that it was found between"),
    Waiver("undersample", "swaps", "lines are left out along one axis by name"),
    Waiver("n4", "flips", "every n-th pixel is taken from one side on, and rounding decides when it has converged"),
    Waiver("n4", "swaps", "every n-th pixel is taken from one side on, and rounding decides when it has converged"),
    Waiver("unring", "swaps", "frequencies are encoded in the plane, whose axes are told by name"),
    Waiver("zero_fill", "same_grid", "a finer grid is what it is for; the place in space stays"),
    Waiver("inverse_fourier", "flips", "of an even number of frequencies one has no mirror"),
    Waiver(
        "fourier",
        "flips",
        "the phase tells on which side things lie, and of an even number of frequencies one has no mirror",
    ),
    Waiver("inverse_fourier", "same_grid", "from a grid in cycles/mm back to one in mm"),
    Waiver("fourier", "same_grid", "frequencies lie on a grid in cycles/mm"),
    Waiver(
        "wavelet_denoise",
        "flips",
        "the decimated transform begins at one side; cycle spinning brings the answers nearer",
    ),
    Waiver("inverse_wavelet_transform", "flips", "coefficients lie in the order of their place, coarse first"),
    Waiver("wavelet_transform", "flips", "coefficients lie in the order of their place, coarse first"),
    Waiver("resample", "same_grid", "a new grid is what it is for; the place in space stays"),
    Waiver("resample_mask", "same_grid", "a new grid is what it is for; the place in space stays"),
    Waiver("simoncelli", "flips", "IBSI-2's maps sample frequencies off zero where the size is even; exact does not"),
    Waiver("clahe", "flips", "tiles that do not divide the picture have their odd pixel on one side"),
    Waiver("total_variation", "flips", "the method's differences look one way along each axis"),
    Waiver("temporal", "2-D", "frames over time are needed, and this picture has none"),
    Waiver("temporal", "3-D", "frames over time are needed, and this picture has none"),
    Waiver("temporal", "anisotropic", "frames over time are needed, and this picture has none"),
    Waiver("temporal", "one_slice", "frames over time are needed, and this picture has none"),
    Waiver("resample_like", "same_grid", "the reference's grid is what it is for"),
    Waiver("resample_mask_like", "same_grid", "the reference's grid is what it is for"),
    Waiver("crop", "same_grid", "a smaller grid is what it is for; places in space stay"),
    Waiver("crop_border", "same_grid", "a smaller grid is what it is for; places in space stay"),
    Waiver("pad", "same_grid", "a larger grid is what it is for; places in space stay"),
    Waiver("resize", "same_grid", "a new grid is what it is for; the place in space stays"),
    Waiver("reorient", "2-D", "directions in space are needed, and most specimens have none"),
    Waiver("reorient", "3-D", "directions in space are needed, and most specimens have none"),
    Waiver("reorient", "anisotropic", "directions in space are needed, and most specimens have none"),
    Waiver("reorient", "one_slice", "directions in space are needed, and most specimens have none"),
    Waiver("reorient", "same_grid", "turned axes are what it is for; places in space stay"),
    Waiver("reorient_mask", "2-D", "directions in space are needed, and most specimens have none"),
    Waiver("reorient_mask", "3-D", "directions in space are needed, and most specimens have none"),
    Waiver("reorient_mask", "anisotropic", "directions in space are needed, and most specimens have none"),
    Waiver("reorient_mask", "one_slice", "directions in space are needed, and most specimens have none"),
    Waiver("reorient_mask", "same_grid", "turned axes are what it is for; places in space stay"),
    Waiver("compress", "flips", "coders scan rows from one corner, so the size in bits is another"),
    Waiver("compress", "swaps", "slices and rows are coded as such, so the size in bits is another"),
)

__all__ = [
    "OPS",
    "REACHES",
    "WAIVERS",
    "apply_transform",
    "apply_transform_mask",
    "band_pass",
    "bilateral",
    "black_top_hat",
    "clahe",
    "compress",
    "crop",
    "crop_border",
    "curvature_flow",
    "deconvolve",
    "equalise",
    "fill_not_finite",
    "fourier",
    "frangi",
    "frost",
    "gabor",
    "gamma",
    "gaussian",
    "high_pass",
    "homomorphic",
    "hu_clip",
    "inverse_fourier",
    "inverse_wavelet_transform",
    "invert",
    "laplacian_of_gaussian",
    "laws",
    "lee",
    "local_contrast",
    "low_pass",
    "match_histogram",
    "mean",
    "median",
    "multiscale_enhance",
    "n4",
    "non_local_means",
    "notch",
    "nyul",
    "pad",
    "perona_malik",
    "reorient",
    "reorient_mask",
    "resample",
    "resample_like",
    "resample_mask",
    "resample_mask_like",
    "rescale",
    "resize",
    "riesz",
    "sato",
    "simoncelli",
    "srad",
    "suppress_ringing",
    "temporal",
    "total_variation",
    "undersample",
    "unring",
    "unsharp_mask",
    "wavelet_denoise",
    "wavelet_response",
    "wavelet_scales",
    "wavelet_transform",
    "white_stripe",
    "white_top_hat",
    "window",
    "z_score",
    "zero_fill",
]
