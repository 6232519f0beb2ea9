"""Image -> Image: smoothing, contrast, intensity, resampling."""

from radiolucent.core.promises import Waiver

from .enhance import clahe, window
from .intensity import rescale
from .resample import resample, resample_mask
from .smooth import gaussian, mean, median

OPS = (gaussian, mean, median, clahe, window, rescale, resample, resample_mask)
WAIVERS: tuple[Waiver, ...] = ()

__all__ = ["OPS", "WAIVERS", "clahe", "gaussian", "mean", "median", "resample", "resample_mask", "rescale", "window"]
