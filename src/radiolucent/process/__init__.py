"""Image -> Image: smoothing, contrast, intensity, resampling."""

from radiolucent.core.promises import Waiver

from .enhance import clahe, window
from .frequency_band import band_pass, high_pass, homomorphic, low_pass, notch
from .frequency_gabor import gabor
from .frequency_restore import deconvolve
from .frequency_texture import laplacian_of_gaussian, laws
from .intensity import rescale
from .resample import resample, resample_mask
from .smooth import gaussian, mean, median
from .wavelet_response import riesz, simoncelli, wavelet_response

OPS = (
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
)
WAIVERS = (
    Waiver("resample", "same_grid", "a new grid is what it is for; the place in space stays"),
    Waiver("resample_mask", "same_grid", "a new grid is what it is for; the place in space stays"),
    Waiver("simoncelli", "flips", "IBSI-2's maps sample frequencies off zero where the size is even; exact does not"),
    Waiver("clahe", "flips", "tiles that do not divide the picture have their odd pixel on one side"),
)

__all__ = [
    "OPS",
    "WAIVERS",
    "band_pass",
    "clahe",
    "deconvolve",
    "gabor",
    "gaussian",
    "high_pass",
    "homomorphic",
    "laplacian_of_gaussian",
    "laws",
    "low_pass",
    "mean",
    "median",
    "notch",
    "resample",
    "resample_mask",
    "rescale",
    "riesz",
    "simoncelli",
    "wavelet_response",
    "window",
]
