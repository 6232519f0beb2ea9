"""Items of sequences: what becomes of the attributes that no rule speaks of, where their sequence is replaced or cleaned.

A mode is the action of the sequence: R (items treated one by one), Q (and texts cleaned), F (and texts replaced).
"""

from __future__ import annotations

from collections.abc import Callable

from .elements import Element, vr_of
from .profile import TEXT, Options

STANDARD_SCHEMES = frozenset((b"DCM", b"SCT", b"SRT", b"SNM3", b"LN", b"UCUM", b"RADLEX", b"FMA", b"NCIt", b"IBSI"))
CODE_VALUE, SCHEME, CODE_MEANING, LONG_CODE, URN_CODE = 0x00080100, 0x00080102, 0x00080104, 0x00080119, 0x00080120
CODES = (CODE_VALUE, SCHEME, CODE_MEANING, LONG_CODE, URN_CODE)
REPLACED = TEXT | {"PN", "AE", "UR", "DA", "DT", "TM", "AS"}


def scheme_of(elements: list[Element], raw: Callable[[Element], bytes]) -> str:
    """Whether an item is a code of a standard or a local one; empty where it is no code."""
    for element in elements:
        if element[0] == SCHEME:
            return "standard" if raw(element).strip(b" \0") in STANDARD_SCHEMES else "local"
    return ""


def in_mode(action: str, mode: str, element: Element, scheme: str, options: Options) -> str:
    """The action on one element of an item. What a local code means is free text."""
    tag = element[0]
    if tag == CODE_MEANING and scheme == "local" and action in "KL" and mode in "RQ":
        return "C" if mode == "Q" or "descriptors" in options.clean else action
    return action if mode == "R" else _replaced_or_cleaned(action, mode, element, scheme)


def _replaced_or_cleaned(action: str, mode: str, element: Element, scheme: str) -> str:
    tag, vr = element[:2]
    vr = vr_of(tag) if vr == "UN" else vr
    if vr == "SQ":
        return mode if action in ("R", "K", "H") else action
    if mode == "Q":
        return "C" if vr in TEXT and action in "KDL" and tag not in CODES else action
    if action not in "KL" or (scheme == "standard" and tag in CODES):
        return action
    if vr == "UI":
        return "K"
    return "D" if vr in REPLACED else "K"
