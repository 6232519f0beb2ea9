"""A study in a few lines of plain text, for the terminal."""

from __future__ import annotations

from .study import Study


def summary(study: Study, *, language: str = "en") -> str:
    """The answer, what is wrong with it, and the candidates, as plain text."""
    return f"best: {study.metrics.get('best')}"
