"""Private elements: found by who made them, wherever their block lies."""

from __future__ import annotations

from typing import Any

from pydicom.dataset import Dataset


def private(dataset: Dataset, group: int, creator: str, element: int) -> Any:
    """The value of a private element, or `None` where its creator has no block, or no such element in it."""
    try:
        return dataset.private_block(group, creator)[element].value
    except KeyError:
        return None
