"""Identifiers of what is written, which follow from what is in it."""

from __future__ import annotations

import hashlib


def uid_of(*seeds: str) -> str:
    """Equal parts of one source give equal identifiers, others others (ITU-T X.667: an integer of 128 bits)."""
    return f"2.25.{int.from_bytes(hashlib.sha256(chr(0).join(seeds).encode()).digest()[:16])}"
