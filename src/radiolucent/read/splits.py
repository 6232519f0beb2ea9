"""What people call the parts of a split."""

from __future__ import annotations

_NAMES = {
    "train": ("train", "training", "tr"),
    "val": ("val", "valid", "validation", "validate", "dev", "tune", "tuning"),
    "test": ("test", "testing", "ts", "holdout", "held-out"),
}
_MEANING = {name: split for split, names in _NAMES.items() for name in names}


def split_name(text: str) -> str | None:
    """`train`, `val` or `test` for any usual spelling of them, else `None`."""
    return _MEANING.get(text.strip().lower())
