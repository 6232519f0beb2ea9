"""What a word is, by the lists alone: of the field, of English, a name, or nothing that is known."""

from __future__ import annotations

import re
from bisect import bisect_left
from enum import Enum
from functools import cache, lru_cache
from string import ascii_lowercase
from unicodedata import combining, normalize

from .table import clinical, english, field_words, names, words, words_too


class Kind(Enum):
    """`FIELD`: of the field and nobody's name. `EPONYM`: both, or English and few are called so. `WORD`: English and
    nobody's name. `NAMED`: English, and many are called so.
    `NAME`: a name that means nothing. `UNKNOWN`: in no list, and not made of what is."""

    FIELD, EPONYM, WORD, NAMED, NAME, UNKNOWN = range(6)


_CLINICAL = re.compile(
    r"(?:osis|oses|itis|a?emia|ectomy|otomy|ostomy|omas?|pathy|pathies|gra(?:phy|m|ms|phic)|scopy|plasty|plegi[ac]|"
    r"paresis|ptysis|pn(?:o?ea|o?eic)|phagia|phasia|uria|rrh(?:o?ea|age)|algias?|megaly|trophy|trophic|plasia|plastic|"
    r"genic|cele|lysis|lytic|penia|metry|edema|iasis|iases|ectasi[sa]|stas[ie]s|malacia|centesis|desis|pexy)$"
)
"""Endings of medical words that names do not have."""
_PREFIX = re.compile(
    r"(?:re|un|non|pre|post|sub|supra|infra|inter|intra|peri|para|retro|trans|hyper|hypo|micro|macro|multi|bi|semi|anti|"
    r"over|under|cardio|pleuro|naso|oro|gastro|hydro|pneumo|thoraco|abdomino|dextro|levo|poly|neuro|vaso|angio|osteo|chondro|"
    r"fibro|cysto|ha?emo|lympho|myo|musculo|veno|arterio|radio|ultra|extra|endo|broncho|hepato|spleno|uretero|vesico|recto|utero|"
    r"costo|sterno|femoro|tibio|patello|acetabulo|lumbo|cervico|cranio|fronto|parieto|temporo|occipito|antero|postero|infero|supero|"
    r"medio|latero|aorto|ilio|porto|mesenterico|bilio|entero|immuno|adeno|chemo|sub)(?=[a-z]{4})"
)
"""What makes a new word of a known one (restaging, postoperative)."""
_GLUED = frozenset(
    ("ct", "mr", "us", "xr", "rt", "lt", "ax", "fs", "bh", "wb", "sm", "hi", "ac", "ap", "pa", "ls", "tl", "pd", "se", "ir", "te",
     "tr", "dw", "br", "wo", "iv", "fl", "mri", "pet", "abd", "pel", "pre", "bil", "lat", "cor", "sag", "tra", "axi", "tse", "fse",
     "gre", "epi", "tof", "mra", "mrv", "mrc", "mpr", "mip", "adc", "dwi", "dti", "asl", "swi", "cta", "ctv", "cap", "sub", "loc",
     "gad", "con", "dyn", "art", "ven", "neo", "low", "wwo", "non", "std", "vol", "mag", "pha", "seg", "mid", "iso", "obl", "inf",
     "sup", "ant", "tum", "fat", "sat", "rib", "hip", "fov", "ssh", "spc", "fov", "att", "csf", "kub", "uni", "cal", "ped", "and")
)  # fmt: skip
"""Short forms that are written together with words of radiology."""
_PART, _WHOLE, _MISSPELT, _CUT_SHORT = 4, 4, 8, 5
"""Letters of a long part of a word, of all its long parts, of a word that is known with a letter wrong, and of what is left
of a word."""


@lru_cache(maxsize=1 << 16)
def kind(word: str) -> Kind:
    """The kind of a word in lower case, without marks."""
    if len(word) < 2 or word in field_words():
        return Kind.FIELD
    is_name = word in names() or _plain(word) in names()
    if len(word) == 2:
        return Kind.EPONYM if is_name else Kind.FIELD
    if word in clinical():
        return Kind.EPONYM if is_name else Kind.FIELD
    if word in english():
        return Kind.NAMED if is_name else Kind.EPONYM if word in words_too() else Kind.WORD
    if is_name:
        return Kind.NAME
    return Kind.FIELD if _is_made_of_known(word) else Kind.UNKNOWN


def _plain(word: str) -> str:
    """Without accents."""
    return word if word.isascii() else "".join(c for c in normalize("NFD", word) if not combining(c))


def _is_made_of_known(word: str) -> bool:
    """Built like a word of medicine, of a known word with a prefix, of two words of the field, or misspelt."""
    if (_CLINICAL.search(word) and len(word) > 7) or _is_plural(word):
        return True
    if _known(_PREFIX.sub("", word, count=1)) or _is_glued(word) or _is_cut_short(word):
        return True
    if len(word) < _MISSPELT:
        return False
    return _known(_american(word)) or any(one in _long_field() for one in _misspelt(word))


def _is_plural(word: str) -> bool:
    return (
        len(word) > 4
        and word[-1] == "s"
        and (word[:-1] in clinical() or word[:-1] in field_words())
        and word[:-1] not in names()
    )


def _american(word: str) -> str:
    """British spelling undone (gynaecological, tunnelled, colour)."""
    for british, american in (("ae", "e"), ("oe", "e"), ("lled", "led"), ("lling", "ling"), ("our", "or")):
        word = word.replace(british, american)
    return word


def _known(word: str) -> bool:
    return word in field_words() or ((word in clinical() or word in english()) and word not in names())


def _is_glued(word: str, at: int = 0, parts: int = 0, letters: int = 0) -> bool:
    """Two to five of the field's own words written as one, some of them long (NECKCHESTABDOMEN, CTSPINE, SAGMPRAGEWHOLEHD)."""
    if at == len(word):
        return 1 < parts < 6 and letters >= _WHOLE
    ends = (end for end in range(at + 1, len(word) + 1) if _is_part(word[at:end], at > 0 and end < len(word)))
    return parts < 5 and any(
        _is_glued(word, end, parts + 1, letters + (end - at if end - at >= _PART else 0)) for end in ends
    )


def _is_part(piece: str, is_inside: bool) -> bool:
    if len(piece) < 3:
        return not is_inside and (piece in _GLUED or (len(piece) == 1 and piece in "lrstc"))
    return piece in _GLUED or (len(piece) >= _PART and (piece in field_words() or piece in _long_words()))


def _is_cut_short(word: str) -> bool:
    """The beginning of a long word, as fields of 16 letters leave it (COLONOGRA, EXTRE)."""
    at = bisect_left(_sorted_field(), word)
    return len(word) >= _CUT_SHORT and at < len(_sorted_field()) and _sorted_field()[at].startswith(word)


@cache
def _sorted_field() -> tuple[str, ...]:
    return tuple(sorted(word for word in _long_field() & words() if len(word) > _MISSPELT))


@cache
def _long_words() -> frozenset[str]:
    return frozenset(word for word in words() & english() if len(word) > 5) - names()


@cache
def _long_field() -> frozenset[str]:
    return frozenset(word for word in clinical() & english() if len(word) >= _MISSPELT) - names()


def _misspelt(word: str) -> set[str]:
    """Words that become this one when a letter is left out, put in, changed, or swapped with the next."""
    halves = [(word[:k], word[k:]) for k in range(1, len(word) + 1)]
    made = {a + b[1:] for a, b in halves if b} | {a + b[1] + b[0] + b[2:] for a, b in halves if len(b) > 1}
    made |= {a + c + b for a, b in halves for c in ascii_lowercase}
    return made | {a + c + b[1:] for a, b in halves if b for c in ascii_lowercase}
