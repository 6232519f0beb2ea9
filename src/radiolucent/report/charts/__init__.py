"""Drawings as plain SVG: crisp on paper and phone, coloured by the page's own variables, text that can be selected."""

from .bars import Bar, stacked_bars
from .confusion import confusion_matrix
from .curves import Curve, decision_curve, reliability_diagram, roc_curve
from .flow import flow_of_inclusion
from .forest import Mark, forest

__all__ = [
    "Bar",
    "Curve",
    "Mark",
    "confusion_matrix",
    "decision_curve",
    "flow_of_inclusion",
    "forest",
    "reliability_diagram",
    "roc_curve",
    "stacked_bars",
]
