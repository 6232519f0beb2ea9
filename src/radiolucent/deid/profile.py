"""The Basic Profile with chosen options, as one action for every attribute there is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from radiolucent.core import InputError, unknown

from .table import Rule, keywords, rules, types_inside, types_of, vrs

KEEP = {
    "full-dates": ("113106", "Retain Longitudinal Temporal Information Full Dates Option"),
    "modified-dates": ("113107", "Retain Longitudinal Temporal Information Modified Dates Option"),
    "patient-characteristics": ("113108", "Retain Patient Characteristics Option"),
    "device": ("113109", "Retain Device Identity Option"),
    "uids": ("113110", "Retain UIDs Option"),
    "safe-private": ("113111", "Retain Safe Private Option"),
    "institution": ("113112", "Retain Institution Identity Option"),
}
CLEAN = {
    "pixels": ("113101", "Clean Pixel Data Option"),
    "faces": ("113102", "Clean Recognizable Visual Features Option"),
    "graphics": ("113103", "Clean Graphics Option"),
    "structured-content": ("113104", "Clean Structured Content Option"),
    "descriptors": ("113105", "Clean Descriptors Option"),
}
BASIC = ("113100", "Basic Application Confidentiality Profile")
"""Codes of context group 7050."""

ACTIONS = {
    "K": "kept: no rule speaks of it",
    "H": "kept by an option",
    "X": "removed",
    "Z": "emptied",
    "D": "replaced by a dummy",
    "U": "identifier replaced",
    "N": "replaced by a pseudonym",
    "I": "replaced by a pseudonym",
    "E": "replaced by a pseudonym",
    "S": "date shifted",
    "A": "kept by an option; ages over 89 are told as 90",
    "C": "text cleaned",
    "R": "items treated one by one",
    "Q": "items treated one by one, texts cleaned",
    "F": "items treated one by one, texts replaced",
    "P": "private element that is known to be safe kept",
    "L": "kept: no rule speaks of it; a free text, looked at",
    "O": "overlay kept: a region, no text",
}

PATIENT_NAME, PATIENT_ID, PATIENT_AGE = 0x00100010, 0x00100020, 0x00101010
WRITTEN = (0x0040A160, 0x00700006)
"""What somebody wrote or dictated, wherever there are content items or drawings."""
CODING_SCHEME = (0x00080115, 0x00080116)
NEVER_UID = {
    0x00080016, 0x0008001A, 0x0008001B, 0x00080062, 0x0008010C, 0x00080117, 0x00080118, 0x0008040E, 0x00081150,
    0x0008115A, 0x00083002, 0x00340003, 0x04000010, 0x04000510, 0x30100052, 0x30100053,
}  # fmt: skip
"""Unique identifiers of kinds of thing (classes, syntaxes, code systems), which identify nobody."""

SIGNED = (0x04000120, 0x04000520)
"""A signature and encrypted content, which hold for the original's bytes only."""
MARKED = (0x00120062, 0x00120063, 0x00120064, 0x00280303)
"""Identity removed, method, codes of the method, what became of dates: written anew."""
RECOGNIZABLE = 0x00280302
NAMING_URL = (0x0008010E, 0x00080120)
"""Addresses of code systems; all others lead to a place where the patient is known."""

DESCRIBING = re.compile(r"(?:Description|Comments?|Explanation|Notes|Rationale|Reason|Summary|Title)$")
"""Attributes in whose values people write, listed or not."""

TEXT = frozenset(("LO", "SH", "ST", "LT", "UT", "UC"))


@dataclass(frozen=True)
class Options:
    """What is kept, and what is cleaned instead of removed."""

    keep: frozenset[str] = frozenset()
    clean: frozenset[str] = frozenset()

    @property
    def codes(self) -> tuple[tuple[str, str], ...]:
        """Value and meaning of the codes that say what was done."""
        named = {**CLEAN, **KEEP}
        return (BASIC, *(named[name] for name in named if name in self.keep | self.clean))

    @property
    def time(self) -> str:
        """The value of LongitudinalTemporalInformationModified."""
        if "full-dates" in self.keep:
            return "UNMODIFIED"
        return "MODIFIED" if "modified-dates" in self.keep else "REMOVED"


def options(keep: Iterable[str] = (), clean: Iterable[str] = ()) -> Options:
    """Check the names of options; raises `InputError` for an unknown one, or two that exclude each other."""
    keep, clean = frozenset(keep), frozenset(clean)
    for kind, asked, known in (("option to keep", keep, KEEP), ("option to clean", clean, CLEAN)):
        for name in sorted(asked - set(known)):
            raise unknown(kind, name, known)
    if {"full-dates", "modified-dates"} <= keep:
        raise InputError("full-dates and modified-dates exclude each other; keep one of them")
    return Options(keep, clean)


@dataclass(frozen=True)
class Plan:
    """Actions by tag: at the top level, in items, and in items of a particular sequence."""

    top: dict[int, str]
    inner: dict[int, str]
    inside: dict[tuple[int, int], str]
    options: Options


@lru_cache(maxsize=256)
def plan(chosen: Options, sop_class: str) -> Plan:
    """What is done to every attribute of an object of this class."""
    inner, ruled = _everything(chosen)
    top = dict(inner)
    for tag, kind in types_of(sop_class).items():
        top[tag] = _action(ruled[tag], chosen, kind)
    top |= dict.fromkeys((*MARKED, RECOGNIZABLE) if "faces" in chosen.clean else MARKED, "M")
    within = {pair: _action(ruled[pair[1]], chosen, kind) for pair, kind in types_inside().items()}
    return Plan(top, inner, within, chosen)


@lru_cache(maxsize=8)
def _everything(chosen: Options) -> tuple[dict[int, str], dict[int, Rule]]:
    made = {tag: _unruled(tag, vr, chosen) for tag, vr in vrs().items()}
    ruled = {int(rule.tag, 16): rule for rule in rules() if "x" not in rule.tag and rule.tag != "private"}
    for tag, rule in ruled.items():
        made[tag] = _action(rule, chosen, "3")
    return made, ruled


def _unruled(tag: int, vr: str, chosen: Options) -> str:
    """What the table does not list is kept, but for kinds of value that could only identify, and for free text that is to
    be cleaned."""
    if vr == "SQ":
        return "R"
    if vr in ("DA", "DT") and "modified-dates" in chosen.keep:
        return "S"
    if vr in ("PN", "DA", "DT", "TM") or (vr == "UR" and tag not in NAMING_URL):
        return "D"
    if tag in SIGNED:
        return "X"
    if "descriptors" in chosen.clean and vr in TEXT and DESCRIBING.search(keywords()[tag]) and tag not in WRITTEN:
        return "C"
    if vr in ("LT", "ST", "UT"):
        return "D" if tag in WRITTEN else "K" if tag in CODING_SCHEME else "L"
    return "U" if vr == "UI" and tag not in NEVER_UID and tag >> 16 > 8 else "K"


def _action(rule: Rule, chosen: Options, kind: str) -> str:
    codes = {rule.options[name]: name for name in sorted(chosen.keep | chosen.clean) if name in rule.options}
    if "modified-dates" in chosen.keep & rule.options.keys() and rule.vr in ("DA", "DT"):
        return "S"  # also where another option would keep the day as it is
    if "K" in codes:
        return _kept(rule)
    if "C" in codes and (cleaned := _cleaned(rule, codes["C"])):
        return cleaned
    return _basic(rule, kind)


def _kept(rule: Rule) -> str:
    if rule.vr == "SQ":
        return "R"
    return "A" if int(rule.tag, 16) == PATIENT_AGE else "H"


def _cleaned(rule: Rule, option: str) -> str | None:
    if rule.vr == "SQ":
        return "Q"
    if option == "modified-dates":
        return {"DA": "S", "DT": "S", "SH": "S", "TM": "H"}.get(rule.vr)
    if option == "device" and rule.vr == "AE":
        return "E"
    return "C" if rule.vr in TEXT else None


def _basic(rule: Rule, kind: str) -> str:
    action = resolved(rule.basic, kind)
    if action == "Z" and int(rule.tag, 16) in (PATIENT_NAME, PATIENT_ID):
        return "N" if int(rule.tag, 16) == PATIENT_NAME else "I"
    if rule.vr == "SQ":
        return {"D": "F", "U": "R"}.get(action, action)
    return "U" if (action, rule.vr) == ("D", "UI") else action


def resolved(code: str, kind: str) -> str:
    """One letter of a code such as X/Z/D, by the attribute's Type: what the IOD cannot be without stays as a dummy.

    X/Z/U* is always U: references stay, with new identifiers, which tell as little as their absence.
    """
    if code in ("D", "U"):
        return code
    if "U" in code:
        return "U"
    if kind in ("1", "1C") and ("D" in code or kind == "1"):
        return "Z" if code == "X/Z" else "D"
    if kind == "3":
        return "Z" if code.startswith("Z") else "X"
    return "D" if "Z" not in code and "D" in code else "Z"
