"""The text of a report: sections, sentences, mentions, what is denied or doubted, places, sizes, labels."""

from .context import Context, said_of
from .findings import findings
from .labels import CHESTXRAY14, CHEXPERT, labels
from .report import Observation, Reading, read_report
from .sizes import Size, sizes

__all__ = [
    "CHESTXRAY14",
    "CHEXPERT",
    "Context",
    "Observation",
    "Reading",
    "Size",
    "findings",
    "labels",
    "read_report",
    "said_of",
    "sizes",
]
