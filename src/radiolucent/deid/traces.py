"""What is known of a person, taken out of values that stay."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from .table import words
from .text import Cleaned, cleaned

LEAST = 5
"""What is known of the patient and is shorter may stand in numbers and in binary data by chance."""


_UID = re.compile(r"(?<![\w.])(?=[\d.]{16})[12]\.\d+(?:\.\d+){3,}")
"""Identifiers in a text, which go whole."""


@lru_cache(maxsize=1 << 12)
def cleaned_once(text: str, known: re.Pattern[str]) -> Cleaned:
    """Files of a series share most of their texts."""
    text, n = _UID.subn("[removed]", text)
    left = cleaned(text, known)
    return Cleaned(left.text, left.cut + n)


def without_known(text: str, known: re.Pattern[str], gone: str) -> str:
    """`gone` in the place of everything known, but words of the field and short numbers that are also somebody's."""
    return known.sub(lambda one: one.group() if _is_common(one.group().lower()) else gone, text)


def _is_common(word: str) -> bool:
    return word in words() or (word.isdigit() and len(word) < LEAST)


def blotted(raw: bytes, tokens: Iterable[bytes]) -> bytes:
    """Names inside of what is no text, letter by letter, so that the rest keeps its place."""
    lowered = raw.lower()
    for token in tokens:
        if len(token) >= LEAST and token in lowered:
            raw = re.sub(re.escape(token), b"X" * len(token), raw, flags=re.IGNORECASE)
    return raw


def is_theirs(raw: bytes, tokens: tuple[bytes, ...]) -> bool:
    """Whether one of several numbers is the patient's own."""
    return any(len(one.strip()) >= LEAST and one.strip() in tokens for one in raw.split(b"\\"))
