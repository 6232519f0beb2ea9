"""A node of the knowledge graph with what stands around it: a group for each relation, left and right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from . import svg

ROW, GAP = 22, 16
FILLS = {"Finding": "fill0", "Condition": "fill5", "Anatomy": "fill2", "Measurement": "fill1", "Guideline": "fill3"}
"""Colours of kinds; every other kind is grey, and the words under a group say what it holds."""


@dataclass(frozen=True)
class Group:
    """Nodes that one relation joins with the centre: the relation's words, (name, kind) of each, on which side."""

    words: str
    nodes: tuple[tuple[str, str], ...]
    to_right: bool


def neighbours(key: str, title: str, says: str, centre: str, groups: Sequence[Group]) -> tuple[Markup, Markup]:
    """The picture twice: for a wide page (two sides), for a phone (one below the other)."""
    sides = _parted(groups)
    height = max(map(_height, sides)) + 8
    middle = height / 2
    parts = [part for side, own in zip((False, True), sides) for part in _side(own, side, middle)]
    parts += _centre(260, middle, 200, centre)
    wide = svg.drawing(f"{key}-w", title, says, (720, height), parts, "wide")
    tall = _height(groups) + 60
    narrow = svg.drawing(f"{key}-n", title, says, (350, tall), _below(groups, centre), "narrow")
    return wide, narrow


def kinds_shown(groups: Sequence[Group]) -> list[str]:
    """The kinds in a picture, in the order in which they first appear."""
    return list(dict.fromkeys(kind for group in groups for _, kind in group.nodes if kind))


def legend(key: str, title: str, names: Mapping[str, str]) -> Markup:
    """A dot of each kind with its word, on lines that fit a phone."""
    parts, x, y = [], 8.0, 12.0
    for kind, word in names.items():
        width = 36 + len(word) * 7.6
        if x + width > 350:
            x, y = 8.0, y + ROW
        parts += [svg.circle(x, y, 5, FILLS.get(kind, "fillx")), svg.text(x + 11, y + 4.5, word)]
        x += width
    return svg.drawing(key, title, ", ".join(names.values()), (350, y + 12), parts, "square")


def _height(groups: Sequence[Group]) -> float:
    return sum(ROW * (len(group.nodes) + 1) + GAP for group in groups)


def _centre(x: float, y: float, width: float, name: str) -> list[Markup]:
    box = svg.rect(x, y - 19, width, 38, "box")
    return [box, svg.fitted(x + width / 2, y + 5, name, width - 16, "strong", "middle")]


def _parted(groups: Sequence[Group]) -> tuple[list[Group], list[Group]]:
    """Left and right of about equal height: what is said of the node goes left as long as there is room."""
    left: list[Group] = []
    right: list[Group] = []
    for group in sorted(groups, key=lambda one: one.to_right):
        (left if _height([*left, group]) <= max(_height(groups) / 2, ROW * 3) else right).append(group)
    return left, right


def _side(groups: Sequence[Group], to_right: bool, middle: float) -> Iterator[Markup]:
    """The groups of one side, each with a spine; a line along the side joins them with the centre."""
    spine, bus, edge, text = (500, 480, 460, 516) if to_right else (220, 240, 260, 204)
    y = middle - _height(groups) / 2 + GAP / 2
    joints = [middle]
    for group in groups:
        last = y + ROW * len(group.nodes)
        joints.append((y + ROW + last) / 2 + 6)
        yield svg.line(bus, joints[-1], spine, joints[-1], "axis")
        yield svg.line(spine, y + ROW + 6, spine, last + 6, "axis")
        yield from _entries(group, spine, text, y, 198)
        y = last + ROW + GAP
    if groups:
        yield svg.line(edge, middle, bus, middle, "axis")
        yield svg.line(bus, min(joints), bus, max(joints), "axis")


def _below(groups: Sequence[Group], centre: str) -> Iterator[Markup]:
    yield from _centre(1, 24, 348, centre)
    if groups:
        yield svg.line(10, 43, 10, 60 + _height(groups) - ROW - GAP + 6, "axis")
    y = 60.0
    for group in groups:
        yield from _entries(group, 10, 26, y, 315)
        y += ROW * (len(group.nodes) + 1) + GAP


def _entries(group: Group, spine: float, x: float, top: float, width: float) -> Iterator[Markup]:
    anchor: svg.Anchor = "start" if x > spine else "end"
    yield svg.fitted(x, top + 12, group.words, width, "tick", anchor)
    for place, (name, kind) in enumerate(group.nodes, 1):
        y = top + ROW * place
        yield svg.circle(spine, y + 6, 5, FILLS.get(kind, "fillx"))
        yield svg.fitted(x, y + 11, name, width, "ink", anchor)
