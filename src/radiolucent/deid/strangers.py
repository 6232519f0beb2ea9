"""Which words of a free text are names: by the words of the standard, lists of names, and what stands beside them.

- A word with a capital goes unless the standard has it; a word without one goes if it is a known name and not the
  standard's.
- A name that is also a word of the standard (an eponym, mostly) goes where it stands beside what went, or after a word
  that announces a person.
- Two unknown words beside each other go, and so does an unknown word beside what went.
"""

from __future__ import annotations

import re
from itertools import pairwise

from .table import english, field_words, names, words

GONE, SOMEBODY = "[removed]", "[somebody]"
"""What stands for what was cut; the second, within this package only, for what is known to have been a person."""
_WORD = re.compile(r"\[removed\]|\[somebody\]|[^\W\d_]+(?:['’-][^\W\d_]+)*")
_PIECES = re.compile(r"['’^-]+|(?<=[a-z])(?=[A-Z])")
_BESIDE = re.compile(r"[ ,;^&.]{0,2}")
_CLINICAL = re.compile(
    r"(?:osis|oses|itis|a?emia|ectomy|otomy|ostomy|omas?|pathy|pathies|gra(?:phy|m|ms|phic)|scopy|plasty|plegi[ac]|"
    r"paresis|ptysis|pn(?:o?ea|o?eic)|phagia|phasia|uria|rrh(?:o?ea|age)|algias?|megaly|trophy|trophic|plasia|plastic|genic|tomy|cele|lysis|lytic|penia|metry|"
    r"edema|iasis|iases|ectasi[sa]|stas[ie]s|malacia|tension|ations?|ated|ating|ized?|ised?|ical|ular|eal|inal|ial|ous)s?$"
)
"""Endings of medical words that names do not have."""
_PREFIX = re.compile(
    r"(?:re|un|non|pre|post|sub|supra|infra|inter|intra|peri|para|retro|trans|hyper|hypo|micro|macro|multi|bi|semi|anti|"
    r"over|under)(?=[a-z]{4})"
)
"""What makes a new word of a known one (restaging, postoperative)."""
_SHORT_FORM = re.compile(r"[A-Z]{2,5}s?")
_BORNE_BY = frozenset(
    {"disease", "syndrome", "sign", "lymphoma", "tumor", "tumour", "fracture", "deformity", "malformation", "hernia", "cyst",
     "contracture", "palsy", "anomaly", "lesion", "nodule", "nodules", "node", "catheter", "drain", "tube", "filter", "sarcoma",
     "thyroiditis", "arthropathy", "encephalopathy", "granulomatosis", "phenomenon", "diverticulum", "duct", "ligament",
     "canal", "fascia", "space", "spot", "artery", "vein", "ring", "procedure", "shunt", "fistula", "score", "classification"}
)  # fmt: skip
"""What bears the name of whoever described it."""
_PARTICLES = frozenset(
    ("san", "santa", "santo", "saint", "sainte", "st", "sankt", "von", "van", "de", "del", "al", "el")
)
_BEFORE = frozenset(
    {"name", "named", "by", "called", "signed", "physician", "doctor", "radiologist", "technologist", "tech", "operator",
     "mother", "father", "wife", "husband", "son", "daughter", "sister", "brother", "contact", "referring", "attending",
     "attn", "cc", "patient", "pt", "guardian", "kin", "nurse", "consultant", "dr", "prof", "per", "for", "from"}
)  # fmt: skip
"""Words after which a person is likely to be named."""


def may_stay(word: str) -> bool:
    """Whether all pieces of a word are words of the standard or of the field."""
    return len(word) == 1 or all(part.lower() in words() for part in _PIECES.split(word) if part)


def without_strangers(text: str) -> tuple[str, int]:
    """The text without the words that are names, and how many places were cut."""
    found = list(_WORD.finditer(text))
    gone = {k for k, one in enumerate(found) if one.group() in (GONE, SOMEBODY)}
    before = len(gone)
    is_mixed = any(one.group().islower() and len(one.group()) > 2 for one in found)
    gone |= {
        k
        for k, one in enumerate(found)
        if _is_name(one.group()) and not (is_mixed and _is_short_form(one.group())) and not _is_borne(found, k)
    }
    beside = [(k, k + 1) for k in range(len(found) - 1) if _stand_together(text, found[k], found[k + 1])]
    gone |= _announced(found, beside)
    gone |= {k for pair in beside if _are_two_unknown(*(found[k].group() for k in pair)) for k in pair}
    _spread(gone, found, beside)
    gone |= _enclosed(gone, found, beside)
    return _cut(text, found, gone), len(gone) - before


def _is_name(word: str) -> bool:
    if word in (GONE, SOMEBODY):
        return False
    return not may_stay(word) if word != word.lower() else _is_listed(word) and not may_stay(word)


def _is_short_form(word: str) -> bool:
    """Two to five capitals (and an s) that are neither a name nor a word, among words in lower case: PICC, RUQ, LFTs."""
    forms = {word.lower(), word.lower().rstrip("s")}
    return bool(_SHORT_FORM.fullmatch(word)) and not forms & names() and not forms & english()


def _is_borne(found: list[re.Match[str]], k: int) -> bool:
    """A name that a disease, sign or device bears: Crohn disease, Colles' fracture, Foley catheter."""
    if k + 1 == len(found):
        return False
    between = found[k].string[found[k].end() : found[k + 1].start()]
    return found[k + 1].group().lower() in _BORNE_BY and between in (" ", "' ", "’ ")


def _is_listed(word: str) -> bool:
    """A known name, or one of two joined names; never a short form of the field."""
    lowered = word.lower()
    parts = [part for part in re.split("['’-]", lowered) if len(part) > 2]
    return lowered not in field_words() and (lowered in names() or any(part in names() for part in parts))


def _is_unknown(word: str) -> bool:
    """In no list of words, and not built like a word of medicine."""
    lowered = word.lower()
    if not lowered.isalpha() or len(word) < 3 or _CLINICAL.search(lowered):
        return False
    return not any(one in words() or one in english() for one in (lowered, _PREFIX.sub("", lowered, count=1)))


def _is_eponym(word: str) -> bool:
    """A word with a capital that the standard has and English has not: mostly named after somebody."""
    lowered = word.lower()
    return (
        len(word) > 4
        and word != lowered
        and lowered.isalpha()
        and lowered in words()
        and lowered not in english()
        and lowered not in field_words()
        and not _CLINICAL.search(lowered)
    )


def _are_two_unknown(first: str, second: str) -> bool:
    """Two unknown words, or one and a name that is also a word of the standard, written in the same manner."""
    unknown = [_is_unknown(word) for word in (first, second)]
    listed = [_is_listed(word) for word in (first, second)]
    return _manner(first) == _manner(second) and any(unknown) and all(u or k for u, k in zip(unknown, listed))


def _manner(word: str) -> str:
    return "lower" if word.islower() else "upper" if word.isupper() else "title"


def _stand_together(text: str, first: re.Match[str], second: re.Match[str]) -> bool:
    return bool(_BESIDE.fullmatch(text, first.end(), second.start()))


def _announced(found: list[re.Match[str]], beside: list[tuple[int, int]]) -> set[int]:
    """Names with a capital after a word that announces a person; capitals throughout announce nobody."""
    gone = set()
    for first, second in [*beside, *_after_colons(found)]:
        word = found[second].group()
        if found[first].group().lower() in _BEFORE and word[:1].isupper() and not word.isupper() and _is_listed(word):
            gone.add(second)
    return gone


def _after_colons(found: list[re.Match[str]]) -> list[tuple[int, int]]:
    return [
        (k, k + 1)
        for k, (first, second) in enumerate(pairwise(found))
        if re.fullmatch(r" ?[:=] ?", first.string[first.end() : second.start()])
    ]


def _spread(gone: set[int], found: list[re.Match[str]], beside: list[tuple[int, int]]) -> None:
    """What stands beside a name that went, in the same manner, and is a name or unknown, goes too; from both sides.

    Of what the other nets cut it is not known whether it was a name: beside that, only a name with a capital goes.
    """
    for first, second in [*beside, *((b, a) for a, b in reversed(beside))]:
        beside_word, word = found[first].group(), found[second].group()
        if first not in gone or second in gone:
            continue
        if beside_word == GONE:
            is_part = _manner(word) == "title" and _is_listed(word)
        elif beside_word == SOMEBODY:
            is_part = _is_unknown(word) or (_manner(word) == "title" and (_is_listed(word) or _is_eponym(word)))
        else:
            is_part = _manner(word) == _manner(beside_word) and (
                _is_listed(word) or _is_unknown(word) or _is_eponym(word)
            )
        if is_part or (second < first and _is_particle(word)):
            gone.add(second)


def _is_particle(word: str) -> bool:
    """What stands before names of places and families, with a capital."""
    return word[:1].isupper() and word.lower() in _PARTICLES


def _enclosed(gone: set[int], found: list[re.Match[str]], beside: list[tuple[int, int]]) -> set[int]:
    """Words with one capital between two that went, as in the names of places."""
    after = {first for first, second in beside if second in gone}
    before = {second for first, second in beside if first in gone}
    return {k for k in (after & before) - gone if _manner(found[k].group()) == "title" and len(found[k].group()) > 1}


def _cut(text: str, found: list[re.Match[str]], gone: set[int]) -> str:
    pieces, at = [], 0
    for k, one in enumerate(found):
        if k in gone:
            pieces += [text[at : one.start()], GONE]
            at = one.end()
    return "".join((*pieces, text[at:]))
