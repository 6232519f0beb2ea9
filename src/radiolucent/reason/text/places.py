"""Sides and places of what is named: which place belongs to which observation, and on which side it lies."""

from __future__ import annotations

from collections.abc import Sequence

from .mentions import Mention
from .words import Word

SIDES = {
    "left": "left", "leftward": "left", "right": "right", "rightward": "right", "bilateral": "bilateral", "both": "bilateral",
    "bilaterally": "bilateral", "bibasilar": "bilateral", "biapical": "bilateral", "bibasal": "bilateral",
    "左": "left", "右": "right", "双": "bilateral", "两": "bilateral", "rul": "right", "rml": "right", "rll": "right",
    "lul": "left", "lll": "left", "lingula": "left", "lingular": "left",
}  # fmt: skip
PARTS = frozenset(("，", "。", "；", ";", "but", "with", "and"))
"""Words that part clauses; a place beyond one is taken only where there is none on this side."""
FAR = 14
"""Words beyond which a place is not joined to an observation."""


def place_of(mention: Mention, found: Sequence[Mention], sentence: Sequence[Word]) -> Mention | None:
    """The nearest place in the same sentence, one beyond a parting word counting as farther; a place within the name first."""
    apart = [(_apart(mention, place, sentence), k, place) for k, place in enumerate(found)]
    near = min(apart, default=None, key=lambda one: one[:2])
    return near[2] if near is not None and near[0] <= FAR else None


def _apart(mention: Mention, place: Mention, sentence: Sequence[Word]) -> int:
    if place.first < mention.last and mention.first < place.last:
        return -1
    low, high = (place.last, mention.first) if place.last <= mention.first else (mention.last, place.first)
    between = [word.plain for word in sentence[low:high]]
    return len(between) + 6 * sum(word in PARTS for word in between)


def side_of(mention: Mention, place: Mention | None, sentence: Sequence[Word]) -> str:
    """Left, right, bilateral or "": by the nearest word of side; left and right of one thing are both sides."""
    low, high = mention.first, mention.last
    if place is not None:
        low, high = min(low, place.first), max(high, place.last)
    within = {SIDES[word.plain] for word in sentence[low:high] if word.plain in SIDES}
    if not within:
        within = _nearest(sentence, range(low - 1, max(low - 6, -1), -1)) or _nearest(
            sentence, range(high, min(high + 4, len(sentence)))
        )
    return next(iter(within)) if len(within) == 1 else "bilateral" if within else ""


def _nearest(sentence: Sequence[Word], steps: range) -> set[str]:
    """The first word of side on the way, no parting word between."""
    for k in steps:
        if sentence[k].plain in SIDES:
            return {SIDES[sentence[k].plain]}
        if sentence[k].plain in PARTS or sentence[k].plain == ",":
            break
    return set()
