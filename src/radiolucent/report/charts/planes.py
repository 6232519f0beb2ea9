"""Where slices lie in the patient: the three planes of the body, to one scale, with letters at their sides."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from . import svg

Outline = tuple[tuple[float, float, float], ...]
"""The corners of one slice in LPS [mm]."""

VIEWS = ((0, 1, "RL", "AP", "axial"), (0, 2, "RL", "HF", "coronal"), (1, 2, "AP", "HF", "sagittal"))
"""Axis to the right, axis downwards (z is turned: the head is above), letters at the ends, and the plane's name."""

SIDE, PHONE, MARGIN, MOST = 220.0, 350.0, 30.0, 60
APART = 16.0
"""Ends of a stack that lie nearer on the drawing [pixels] are not numbered."""


def three_planes(
    key: str, title: str, says: str, outlines: Sequence[Outline], odd: Collection[int], names: Sequence[str]
) -> tuple[Markup, Markup]:
    """The same figure for wide and for narrow screens; slices in `odd` stand out. `names` are the planes' words.

    Where slices are seen from their side, the first and the last bear their numbers.
    """
    shown = _shown(len(outlines), odd)
    corners, drawn_odd = np.array([outlines[k] for k in shown]), [k in odd for k in shown]
    middle = (corners.reshape(-1, 3).min(0) + corners.reshape(-1, 3).max(0)) / 2
    reach = float(np.ptp(corners.reshape(-1, 3), axis=0).max()) or 1.0
    scale = (SIDE - 2 * MARGIN) / reach
    panels = [
        [*_panel(corners - middle, drawn_odd, view, name, scale), *_ends(corners - middle, len(outlines), view, scale)]
        for view, name in zip(VIEWS, names, strict=True)
    ]
    wide = [_moved(panel, k * (SIDE + 10), 0) for k, panel in enumerate(panels)]
    narrow = [_moved(panel, (PHONE - SIDE) / 2, k * (SIDE + 10)) for k, panel in enumerate(panels)]
    long = 3 * SIDE + 20
    return (
        svg.drawing(f"{key}-w", title, says, (long, SIDE), wide, "wide"),
        svg.drawing(f"{key}-n", title, says, (PHONE, long), narrow, "narrow"),
    )


def _shown(n: int, odd: Collection[int]) -> list[int]:
    """Of many slices some are drawn, evenly; the odd ones always."""
    return sorted({int(k) for k in np.linspace(0, n - 1, min(n, MOST))} | {k for k in odd if k < n})


def _flat(outline: NDArray[np.float64], view: tuple[int, int, str, str, str], scale: float) -> NDArray[np.float64]:
    """Corners on the panel: x to the right, y downwards."""
    right, down, _, _, _ = view
    sign = -1 if down == 2 else 1
    return np.stack([SIDE / 2 + scale * outline[:, right], SIDE / 2 + sign * scale * outline[:, down]], axis=1)


def _ends(corners: NDArray[np.float64], count: int, view: tuple[int, int, str, str, str], scale: float) -> list[Markup]:
    """Numbers beside (or below, where slices stand upright) the first and the last slice, if these lie apart."""
    first, last = _flat(corners[0], view, scale), _flat(corners[-1], view, scale)
    across, along = np.abs(first.mean(0) - last.mean(0))
    if max(across, along) < APART:
        return []
    parts = []
    for outline, number in ((first, 1), (last, count)):
        if along >= across:
            x, y = outline[outline[:, 0].argmax()]
            parts.append(svg.text(x + 3, y + 4, str(number), "tick"))
        else:
            x, y = outline[outline[:, 1].argmax()]
            parts.append(svg.text(x, y + 12, str(number), "tick", "middle"))
    return parts


def _panel(
    corners: NDArray[np.float64], odd: Sequence[bool], view: tuple[int, int, str, str, str], name: str, scale: float
) -> list[Markup]:
    _, _, across, along, _ = view
    centre = SIDE / 2
    parts = [svg.text(MARGIN, 13, name, "strong")]
    for outline, is_odd in sorted(zip(corners, odd, strict=True), key=lambda pair: pair[1]):
        points = [(float(x), float(y)) for x, y in _flat(np.vstack([outline, outline[:1]]), view, scale)]
        parts.append(svg.polyline(points, "curve c1" if is_odd else "faint"))
    parts.append(svg.text(6, centre + 4, across[0], "tick ink"))
    parts.append(svg.text(SIDE - 6, centre + 4, across[1], "tick ink", "end"))
    parts.append(svg.text(centre, MARGIN - 4, along[0], "tick ink", "middle"))
    parts.append(svg.text(centre, SIDE - 16, along[1], "tick ink", "middle"))
    return parts + _scale_bar(scale)


def _scale_bar(scale: float) -> list[Markup]:
    length = svg.round_step((SIDE - 2 * MARGIN) / scale / 5)
    y, end = SIDE - 6, MARGIN + scale * length
    return [svg.line(MARGIN, y, end, y, "whisker"), svg.text(end + 6, y + 4, f"{length:g} mm", "tick")]


def _moved(parts: Sequence[Markup], x: float, y: float) -> Markup:
    return Markup('<g transform="translate({} {})">{}</g>').format(x, y, Markup("").join(parts))
