"""Study -> a document for people: one self-contained page, and a few lines for the terminal."""

from .page import study_page
from .study import Gallery, Importance, Picture, Study
from .summary import summary

__all__ = ["Gallery", "Importance", "Picture", "Study", "study_page", "summary"]
