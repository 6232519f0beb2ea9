"""The cohort job, step by step."""

from .job import learn
from .question import Question

__all__ = ["Question", "learn"]
