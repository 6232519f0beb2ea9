"""Image -> Image: smoothing, contrast, intensity, resampling."""

from radiolucent.core.promises import Waiver

from .enhance import clahe, window
from .intensity import rescale
from .resample import resample, resample_mask
from .smooth import gaussian, mean, median

OPS = (gaussian, mean, median, clahe, window, rescale, resample, resample_mask)
WAIVERS = (
    Waiver("resample", "same_grid", "a new grid is what it is for; the place in space stays"),
    Waiver("resample_mask", "same_grid", "a new grid is what it is for; the place in space stays"),
    Waiver("clahe", "flips", "tiles that do not divide the picture have their odd pixel on one side"),
)

__all__ = ["OPS", "WAIVERS", "clahe", "gaussian", "mean", "median", "resample", "resample_mask", "rescale", "window"]
