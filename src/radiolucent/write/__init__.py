"""From Images and Masks to files, chosen by suffix; pictures for people."""

from .dicom import write_series
from .picture import before_after, contours, overlay, png_bytes, windowed
from .whole import whole_file, whole_text
from .writers import WRITERS, write

__all__ = [
    "WRITERS",
    "before_after",
    "contours",
    "overlay",
    "png_bytes",
    "whole_file",
    "whole_text",
    "windowed",
    "write",
    "write_series",
]
