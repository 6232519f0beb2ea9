"""Which words of a free text are names: by what each is in the lists (`kinds`), how it is written, and what stands beside it.

- A name goes, in any case; one that is also an English word only with a capital; one that is also a word of the field
  (Dixon, Hickman, long) only beside a person: what went, another such name, a title, a word that announces somebody.
- A word in no list goes if it has a capital, unless it is written like a code: up to four capitals, more where they cannot
  be spoken, or letters at a digit. Without a capital it goes beside another unknown one.
- Words of the field and of English stay, but for those that make up the name of a hospital.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from .kinds import Kind, kind
from .table import joint_eponyms

GONE, SOMEBODY = "[removed]", "[somebody]"
"""What stands for what was cut; the second, within this package only, for what is known to have been a person."""
_WORD = re.compile(r"\[removed\]|\[somebody\]|[^\W\d_²³¹]+(?:['’][^\W\d_]+)*")
_CAMEL = re.compile(r"(?<=[a-zß-öø-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-ZÀ-Þ])(?=[A-ZÀ-Þ][a-zß-öø-ÿ]{2})")
_OF_CLAN = re.compile(r"(?:Mc|Mac|De|Di|Du|La|Le|Van|Von|Fitz|Al|El|O['’]|D['’])[A-ZÀ-Þ][a-zß-öø-ÿ]+$")
"""Families whose name has a capital in the middle."""
_BESIDE = re.compile(r"[ ,;^&._/-]{0,2}")
_UNSPEAKABLE = re.compile(r"[^AEIOUYÄÖÜ]*|.*[^AEIOUYÄÖÜ]{4}.*|.*Q[^U].*")
_CODE, _LONG_CODE = 4, 6
"""Letters of a code, and of one that cannot be spoken or touches a digit."""
_BORNE_BY = frozenset(
    {"disease", "syndrome", "sign", "lymphoma", "deformity", "malformation", "hernia", "cyst", "contracture", "palsy", "anomaly",
     "catheter", "drain", "tube", "filter", "sarcoma", "thyroiditis", "arthropathy", "encephalopathy", "granulomatosis",
     "phenomenon", "diverticulum", "duct", "ligament", "canal", "fascia", "procedure", "shunt", "fistula", "score", "fracture",
     "classification", "line", "lines", "view", "views", "method", "projection", "pouch", "operation", "triad", "tetralogy",
     "maneuver", "manoeuvre", "anastomosis", "ganglion", "foramen", "tendon", "criteria", "balloon", "collar", "chorea",
     "ophthalmopathy", "rod", "rods", "nail", "screw", "screws", "biplane", "stent", "graft", "valve", "ulcer", "bodies", "gland",
     "membrane"}
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
_HOUSES = frozenset(
    ("hospital", "hospitals", "clinic", "clinics", "infirmary", "university", "hospice", "krankenhaus", "klinik", "klinikum",
     "center", "centre", "institute")
)  # fmt: skip
"""What is named after a place or a person."""
_BEARABLE = frozenset((Kind.EPONYM, Kind.NAMED, Kind.NAME))


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int
    kind: Kind
    manner: str

    @property
    def is_cut(self) -> bool:
        return self.text in (GONE, SOMEBODY)


def may_stay(word: str) -> bool:
    """Whether all parts of a word are words of the field, and nobody's names."""
    return all(_judged(part)[0] is Kind.FIELD for part in re.findall(r"[^\W\d_]+", word))


def without_strangers(text: str) -> tuple[str, int]:
    """The text without the words that are names, and how many places were cut."""
    tokens = _tokens(text)
    gone = {k for k, one in enumerate(tokens) if one.is_cut}
    before = len(gone)
    gone |= {k for k in range(len(tokens)) if _goes_alone(text, tokens, k)}
    beside = [k for k in range(len(tokens) - 1) if _BESIDE.fullmatch(text, tokens[k].end, tokens[k + 1].start)]
    gone |= _announced(text, tokens, beside)
    gone |= {k + one for k in beside if _are_a_person(tokens[k], tokens[k + 1]) for one in (0, 1)}
    _spread(text, gone, tokens, beside)
    gone |= _enclosed(gone, tokens, beside) | _houses(text, tokens)
    return _cut(text, tokens, gone), len(gone) - before


def _tokens(text: str) -> list[_Token]:
    joint = [found.span() for found in _joint().finditer(text)] if "-" in text else []
    made = []
    for found in _WORD.finditer(text):
        for a, b in _parts(found.group(), found.start()):
            of, manner = _judged(text[a:b])
            is_joint = any(start <= a and b <= end for start, end in joint)
            made.append(_Token(text[a:b], a, b, Kind.FIELD if is_joint else of, manner))
    return made


@cache
def _joint() -> re.Pattern[str]:
    """Eponyms of several names, each of which would go alone (Hill-Sachs)."""
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, joint_eponyms()))})(?![^\W_])", re.IGNORECASE)


def _parts(word: str, start: int) -> list[tuple[int, int]]:
    """Where a word of small and large letters falls into pieces, if it is none itself."""
    whole = [(start, start + len(word))]
    if word.islower() or word.isupper() or word[1:].islower() or _OF_CLAN.match(word):
        return whole
    if word in (GONE, SOMEBODY):
        return whole
    ends = [0, *(m.start() for m in _CAMEL.finditer(word)), len(word)]
    pieces = [(a, b) for a, b in pairwise(ends) if b > a]
    is_known = _judged(word)[0] is not Kind.UNKNOWN
    if is_known and any(_judged(word[a:b])[0] is not Kind.FIELD for a, b in pieces):
        return whole
    return [(start + a, start + b) for a, b in pieces]


@lru_cache(maxsize=1 << 16)
def _judged(word: str) -> tuple[Kind, str]:
    """What a word is, and whether it is written small, large or with a capital."""
    lowered = re.sub(r"['’]s?$", "", word.lower().replace("’", "'"))
    manner = "lower" if word.islower() else "upper" if word.isupper() and len(word) > 1 else "title"
    if "'" in lowered and kind(lowered) is Kind.UNKNOWN:
        lowered = lowered.replace("'", "")
    return kind(lowered), manner


def _goes_alone(text: str, tokens: list[_Token], k: int) -> bool:
    one = tokens[k]
    if one.is_cut or one.kind in (Kind.FIELD, Kind.EPONYM, Kind.WORD):
        return False
    if one.kind is Kind.UNKNOWN:
        return not one.text.isascii() or (one.manner != "lower" and not _is_code(text, one))
    return (one.kind is Kind.NAME or one.manner != "lower") and not _is_borne(text, tokens, k)


def _is_code(text: str, one: _Token) -> bool:
    """Written as short forms are: LSQX, DSCQX, ROIs, LS16."""
    word = one.text[:-1] if one.text.endswith("s") and one.text[:-1].isupper() else one.text
    touches = text[one.start - 1 : one.start].isdigit() or text[one.end : one.end + 1].isdigit()
    if len(word) <= 3 or (touches and len(word) <= _LONG_CODE):
        return True
    if not word.isupper() or not word.isascii():
        return False
    return len(word) <= _CODE or (len(word) <= _LONG_CODE and not _can_be_spoken(word))


def _is_borne(text: str, tokens: list[_Token], k: int) -> bool:
    """A name that a disease, sign or device bears: Crohn disease, Colles' fracture, Foley catheter."""
    if k + 1 == len(tokens):
        return False
    between = text[tokens[k].end : tokens[k + 1].start]
    return tokens[k + 1].text.lower() in _BORNE_BY and between in (" ", "' ", "’ ", "_", "-")


def _is_at_home(text: str, tokens: list[_Token], k: int) -> bool:
    """An eponym before what bears it, or before a number."""
    is_numbered = re.match(r" (?:\d|[IV]+\b)", text[tokens[k].end :])
    return tokens[k].kind is Kind.EPONYM and (bool(is_numbered) or _is_borne(text, tokens, k))


def _are_a_person(first: _Token, second: _Token) -> bool:
    """Two unknown words that can be spoken, or one and a name, or two names that the field has too, in the same manner."""
    if first.is_cut or second.is_cut or first.manner != second.manner:
        return False
    kinds = {first.kind, second.kind}
    if min(len(first.text), len(second.text)) < 3:
        return False
    if kinds <= {Kind.UNKNOWN, *_BEARABLE} and Kind.UNKNOWN in kinds:
        least = 3 if first.manner == "upper" else 2
        return all(len(one.text) > least and _can_be_spoken(one.text) for one in (first, second))
    return kinds == {Kind.EPONYM} and first.manner == "title"


def _announced(text: str, tokens: list[_Token], beside: list[int]) -> set[int]:
    """Names with a capital after a word that announces a person; capitals throughout announce nobody."""
    colons = {k for k, (a, b) in enumerate(pairwise(tokens)) if re.fullmatch(r" ?[:=] ?", text[a.end : b.start])}
    return {k + 1 for k in {*beside, *colons} if tokens[k].text.lower() in _BEFORE and _may_be_announced(tokens[k + 1])}


def _may_be_announced(one: _Token) -> bool:
    return one.manner != "upper" and (one.kind is Kind.UNKNOWN or (one.manner == "title" and one.kind in _BEARABLE))


def _spread(text: str, gone: set[int], tokens: list[_Token], beside: list[int]) -> None:
    """What stands beside a name that went, in the same manner, and is a name or unknown, goes too; from both sides.

    What a disease or a device bears stays, and so does an eponym before a number (Gleason 4+3). Of what the other nets cut
    it is not known whether it was a name: beside that, only a name with a capital goes.
    """
    for first, second in [*((k, k + 1) for k in beside), *((k + 1, k) for k in reversed(beside))]:
        if first not in gone or second in gone or _is_at_home(text, tokens, second):
            continue
        if _is_part(tokens[first], tokens[second]) or (
            second < first and _is_particle(text, *tokens[second : first + 1])
        ):
            gone.add(second)


def _is_part(beside: _Token, one: _Token) -> bool:
    """Whether a word belongs to the name that stood beside it."""
    is_unknown = one.kind is Kind.UNKNOWN and _can_be_spoken(one.text)
    if beside.text == GONE:
        return one.manner == "title" and one.kind in _BEARABLE
    if beside.text == SOMEBODY:
        return is_unknown or (one.manner != "lower" and one.kind in _BEARABLE)
    return one.manner == beside.manner and (is_unknown or one.kind in _BEARABLE)


def _can_be_spoken(word: str) -> bool:
    return len(word) > 2 and not (word.isascii() and _UNSPEAKABLE.fullmatch(word.upper()))


def _is_particle(text: str, one: _Token, name: _Token) -> bool:
    """What stands before names of places and families, with a capital."""
    return one.text.istitle() and one.text.lower() in _PARTICLES and text[one.end : name.start] in (" ", ". ", ".")


def _enclosed(gone: set[int], tokens: list[_Token], beside: list[int]) -> set[int]:
    """Words with one capital between two that went, as in the names of places."""
    after = {k for k in beside if k + 1 in gone}
    before = {k + 1 for k in beside if k in gone}
    return {k for k in (after & before) - gone if tokens[k].manner == "title" and len(tokens[k].text) > 1}


def _houses(text: str, tokens: list[_Token]) -> set[int]:
    """The words with a capital before a hospital or a university, as far as they are none of the field."""
    gone: set[int] = set()
    for k, one in enumerate(tokens):
        at = k - 1
        while one.text.lower() in _HOUSES and at >= 0 and _is_written_on(text, tokens[at], tokens[at + 1]):
            gone |= {at} if tokens[at].kind is not Kind.FIELD else set()
            at -= 1
    return gone


def _is_written_on(text: str, one: _Token, after: _Token) -> bool:
    return one.manner != "lower" and text[one.end : after.start] in (" ", ". ", "-")


def _cut(text: str, tokens: list[_Token], gone: set[int]) -> str:
    pieces, at = [], 0
    for k in sorted(gone):
        pieces += [text[at : tokens[k].start], GONE]
        at = tokens[k].end
    return "".join((*pieces, text[at:]))
