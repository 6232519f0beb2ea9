"""Confusion matrix: counts, with the share of each row as shade."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from ..numbers import number, percent
from . import svg


def confusion_matrix(
    key: str, title: str, says: str, counts: Sequence[Sequence[int]], classes: Sequence[str], *, axes: tuple[str, str]
) -> Markup:
    """Rows are the truth, columns what was predicted; the shade is the share within a row."""
    n = len(classes)
    left, top = 104.0, 46.0
    cell = (350.0 - left) / n
    height = min(cell, 84.0) if n < 4 else cell
    parts = [svg.text((left + 350) / 2, 14, axes[1], "tick", "middle"), svg.text(0, 14, axes[0], "tick")]
    for j, name in enumerate(classes):
        parts.append(svg.fitted(left + (j + 0.5) * cell, top - 10, name, cell, "" if n < 5 else "tick", "middle"))
    for i, name in enumerate(classes):
        middle = top + (i + 0.5) * height
        parts.append(svg.fitted(left - 8, middle + 4, name, left - 8, "" if n < 5 else "tick", "end"))
        total = sum(counts[i])
        for j in range(n):
            corner = (left + j * cell, top + i * height)
            parts += _cell(corner, (cell, height), counts[i][j], total, is_right=i == j)
    return svg.drawing(key, title, says, (350, top + n * height + 4), parts, "square")


def _cell(
    corner: tuple[float, float], size: tuple[float, float], count: int, total: int, *, is_right: bool
) -> list[Markup]:
    (x, y), (width, height) = corner, size
    share = count / total if total else 0.0
    colour = "right" if is_right else "wrong"
    shade = svg.rect(x + 1, y + 1, width - 2, height - 2, f"cell {colour}", opacity=0.06 + 0.34 * share)
    middle = (x + width / 2, y + height / 2)
    if width < 52:
        return [shade, svg.text(middle[0], middle[1] + 4, number(count, 0), "tick ink", "middle")]
    return [
        shade,
        svg.text(middle[0], middle[1] - 1, number(count, 0), "big", "middle"),
        svg.text(middle[0], middle[1] + 17, percent(share if total else None), "tick ink", "middle"),
    ]
