"""What a prediction rests on: heat maps from feature maps or occlusion, shares of columns for tables."""

from .gradcam import gradcam
from .occlusion import occlusion
from .table import permutation_importance, shapley

__all__ = ["gradcam", "occlusion", "permutation_importance", "shapley"]
