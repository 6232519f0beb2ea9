"""Pictures and cohorts whose answer is known by construction."""

from .lung import lung
from .radiographs import radiographs
from .shapes import LETTERS, grid, letter, lettered, sphere, tube

__all__ = ["LETTERS", "grid", "letter", "lettered", "lung", "radiographs", "sphere", "tube"]
