"""Free text: what points to a person, a day or a place is cut out; words of the field stay.

Three nets, one over the other: everything known of the person from the header; shapes (dates, numbers, telephones, mail,
addresses, titles before names), each with a judge that lets b values, model names and projections stay; and words
(`strangers`). A name that no list has, alone and in lower case, passes; SECURITY.md says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from .kinds import Kind, kind
from .strangers import GONE, SOMEBODY, without_strangers
from .table import field_words

_A, _Z = r"(?<![^\W_])", r"(?![^\W_])"
"""Where a word begins and ends; an underscore is no part of it."""
_MONTH = (
    r"(?:jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|f[eé]v(?:rier)?|mar(?:ch|s|zo)?|märz|apr(?:il)?|avr(?:il)?|ma[iy]|mayo|"
    r"june?|juni|juin|july?|juli|juil(?:let)?|aug(?:ust)?|ao[uû]t|sept?(?:ember|embre|iembre)?|o[ck]t(?:ober|obre|ubre)?|"
    r"nov(?:ember|embre|iembre)?|de[cz](?:ember)?|d[eé]c(?:embre)?|dic(?:iembre)?)\.?"
)
_STREET = (
    r"(?:street|avenue|road|lane|drive|boulevard|court|place|square|way|terrace|row|parkway|highway|close|crescent|gardens?|"
    r"grove|hill|green|mews|walk|strasse|straße|weg|platz|allee|gasse|rue|via|calle|plaza|piazza|laan|straat|blvd|rd|ave|"
    r"pkwy|hwy|ln|st|str|dr|ct|pl|sq|av)"
)
_PLAIN_STREET = (
    r"(?:street|avenue|ave|road|rd|lane|ln|drive|boulevard|blvd|terrace|parkway|pkwy|crescent|strasse|straße)"
)
"""Words that are little else, so that names before them need no capital, and names after them have their number at the end."""
_STREET_FIRST = (
    r"(?:rue|rua|via|corso|calle|plaza|piazza|avenida|boulevard|avenue|laan|straat|strasse|straße|platz|allee|weg)"
)
_TITLE = r"(?:dr|prof|(?-i:Mr)|mrs|(?-i:Ms)|miss|herr|frau|madame|mme|sra|dott|nurse|doctor|professor)"
"""MR and MS in capitals are a modality and a disease."""
_FLAT = r"(?:,? (?:apt|unit|suite|no)\.? ?#?\d\w*)?"
_CITY = r"(?:(?-i:[A-ZÀ-Þ][a-zß-öø-ÿ]+),? )?"
_NUMBER = rf"(?<![.#\d]){_A}\d{{1,5}}[a-z]?,? "
_OF_PLACE = r"(?:(?-i:[A-ZÀ-Þ])|\d+(?:st|nd|rd|th))[^\W\d_.'’-]*[.'’-]?[^\W\d_]*"
_TIME = r"[T ]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?"
_ROUTE = r"(?:route|rte|highway|hwy|(?:county|state) (?:road|route))"
_WHOLE = re.compile(r"[\w.+'’-]+@[\w-]+(?:\.[\w-]+)+|(?:https?://|www\.)\S+", re.IGNORECASE)
"""Addresses of mail and pages, which go whole before names are cut out of them."""


def _always(_: re.Match[str]) -> bool:
    return True


def _names_a_place(found: re.Match[str]) -> bool:
    """Whether what looks like an address is one of a street that is spelled out, or has a word that is no word of radiology
    (6667 AXIAL CT has none)."""
    *inside, last = re.findall(r"[^\W\d_]+", found["way"])
    is_plain = last.istitle() or (re.fullmatch(_PLAIN_STREET, last, re.IGNORECASE) and last.lower() != "st")
    return bool(is_plain) or any(len(word) > 1 and word.lower() not in field_words() for word in inside)


_ISOTOPE = re.compile(
    r"^(?:F-?18|18-?F|C-?11|11-?C|GA-?68|68-?GA|CU-?64|64-?CU|TC-?99M?|99M?-?TC|I-?12[35]|I-?131)-", re.I
)


def _names_somewhere(found: re.Match[str]) -> bool:
    """Whether the last word of a street's name is none of radiology's (12 via Contrast)."""
    return re.findall(r"[^\W\d_]+", found.group())[-1].lower() not in field_words()


def _is_identifier(found: re.Match[str]) -> bool:
    """Digits with letters, unless they are few and the letters none of a name (MX8000, ACRIN-6667, 5500G, B0-1500,
    F18-PSMA-1007)."""
    digits = re.findall(r"\d\d+", _ISOTOPE.sub("", found.group()))
    if max(map(len, digits), default=0) > 4 or sum(map(len, digits)) > 5:
        return True
    return any(kind(part.lower()) in (Kind.NAME, Kind.NAMED) for part in re.findall(r"[A-Za-z]+", found.group()))


def _is_no_series(found: re.Match[str]) -> bool:
    """Six digits or more with lines between, unless they rise in steps as b values do (0-500-1000), or are decimals."""
    if re.search(r"(?<![\d.])\d{1,3}\.$", found.string[: found.start()]) and "-" not in found.group():
        return found.string[found.end() :][:1] == "."
    groups = [int(group) for group in found.group().split("-") if group]
    is_rising = len(groups) > 1 and groups == sorted(set(groups)) and groups[-1] <= 5000
    is_long = sum(map(str.isdigit, found.group())) > 5
    return is_long and not (is_rising and all(group % (5 if len(groups) > 2 else 50) == 0 for group in groups))


def _is_no_b_value(found: re.Match[str]) -> bool:
    """A year, unless other round numbers or the name of a codec stand before it, or it is measured in something."""
    before, after = found.string[: found.start()], found.string[found.end() :]
    if int(found.group()) != 2000:
        return not re.match(r" ?(?:ms|mA|mAs|ml|s/mm|HU)\b", after)
    return not re.search(r"(?:\d0[ _,/-]+|(?:b|TE|TR|TI|value)[ =_]*|JPEG ?)$", before, re.IGNORECASE)


def _is_a_day(found: re.Match[str]) -> bool:
    """Two numbers up to 31, one of them up to 12 (16.5/13/19 and 2.5/1.25 are none)."""
    first, second = (int(part) for part in re.split(r"[-/._]", found.group())[:2])
    return 0 < min(first, second) <= 12 and max(first, second) <= 31


_Judge = Callable[[re.Match[str]], bool]
_SHAPES: tuple[tuple[str, _Judge], ...] = (
    (r"\b\d{1,3}(?:\.\d{1,3}){3}\b", _always),
    (r"(?:\+|\b00)\d[\d ()/.-]{6,}\d", _always),
    (rf"\(?{_A}\d{{3}}\)?[ .-]\d{{3}}[ .-]\d{{4}}{_Z}", _always),
    (rf"{_A}\d{{3}}-\d{{2}}-\d{{4}}{_Z}", _always),
    (rf"{_A}0\d(?:[ .-]\d\d){{4}}{_Z}", _always),
    (rf"{_A}\d[\d-]{{4,}}\d{_Z}", _is_no_series),
    (rf"{_A}(?:tel|phone|fax|mobile|cell|ph)\b[.: ]*[\d(+][\d ()/.-]{{4,}}", _always),
    (rf"{_NUMBER}(?P<way>(?:{_OF_PLACE} ){{1,4}}?{_STREET}\b)\.?{_FLAT}", _names_a_place),
    (rf"{_NUMBER}(?P<way>(?:[^\W\d_'’-]+['’-]?[^\W\d_]* ){{1,2}}?{_PLAIN_STREET}\b)\.?{_FLAT}", _names_a_place),
    (
        rf"{_NUMBER}{_STREET_FIRST} (?:(?:del?|della|du|des|do|da) )?(?:(?-i:[A-ZÀ-Þ])[\w'’-]+ ?){{1,3}}",
        _names_somewhere,
    ),
    (rf"{_A}{_STREET_FIRST} (?:(?-i:[A-ZÀ-Þ])[\w'’-]+ ){{0,3}}\d{{1,5}}[a-z]?\b", _always),
    (rf"{_A}(?:[NSEW]{{1,2}}\.? )?\d+(?:st|nd|rd|th) (?:street|st|avenue|ave|road|rd)\b\.?", _always),
    (rf"\b(?:\d{{1,5}}[a-z]? )?{_ROUTE}\.? \d+\b", _always),
    (rf"{_A}[^\W\d_]+(?:strasse|straße|str\.|weg|platz|allee|gasse|straat|laan) ?\d+[a-z]?\b", _always),
    (
        rf"{_A}(?:19|20)\d\d[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?:{_TIME})?{_Z}",
        _always,
    ),
    (rf"(?<![\d.]){_A}\d{{1,2}}([-/._])\d{{1,2}}\1(?:\d{{4}}|\d{{2}}){_Z}(?![.\d])", _is_a_day),
    (rf"{_A}\d{{1,2}}(?:st|nd|rd|th|\.)?[ -]?(?:of )?{_MONTH}{_Z}(?:[ ,-]*(?:\d{{4}}|\d{{2}}){_Z})?", _always),
    (rf"{_A}{_MONTH}[ -]?\d{{1,2}}(?:st|nd|rd|th)?,?[ -]+\d{{4}}{_Z}", _always),
    (rf"{_A}{_MONTH}[ -]?(?:19|20)\d\d{_Z}", _always),
    (rf"{_A}(?:19|20)\d{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{{0,6}}{_Z}", _always),
    (rf"{_A}(?:19\d\d|20[0-4]\d){_Z}(?!\.\d)", _is_no_b_value),
    (
        rf"{_A}(?:mrn|id|acc(?:ession)?|case|ssn|nhs|visit|encounter|chart|record|dob|born|room|bed)"
        r"(?:[ .]?(?:no|nr|number|id))?\b\s*[.:#=]+\s*(?=[\w./-]*\d)[\w./-]+",
        _always,
    ),
    (r"#\s*\d{5,}", _always),
    (r"\bP\.? ?O\.? box \d+", _always),
    (rf"{_CITY}{_A}(?-i:[A-Z]{{2}}) \d{{5}}(?:-\d{{4}})?{_Z}", _always),
    (rf"(?-i:{_CITY}{_A}[A-Z]{{1,2}}\d[A-Z\d]? ?\d(?!MM|ND|RD|ST|TH|DS|GD|DP)[ABD-HJLNP-UW-Z]{{2}}{_Z})", _always),
    (rf"(?-i:{_CITY}{_A}[A-Z]\d[A-Z] ?\d[A-Z]\d{_Z})", _always),
    (rf"{_A}0\d{{2,4}}[ /-]\d{{5,}}{_Z}", _always),
    (rf"{_A}(?=[A-Z-]*\d)(?=\d*[A-Z])[A-Z\d-]*\d{{4,}}[A-Z\d-]*{_Z}", _is_identifier),
)
SHAPES = tuple((re.compile(pattern, re.IGNORECASE), judge) for pattern, judge in _SHAPES)
_TITLED = re.compile(rf"{_A}({_TITLE})\b\.?[ ]+((?:[^\W\d_]\.? )*)([^\W\d_]+(?:['’-][^\W\d_]+)*)", re.IGNORECASE)
_SPOKEN = r"([^\W\d_]{2,}(?:['’-][^\W\d_]+)*)"
_INITIAL = re.compile(
    rf"{_A}(?:[A-ZÀ-Þ]\. ?)+{_SPOKEN}|{_A}{_SPOKEN}, (?:[A-ZÀ-Þ]\.)+|{_A}{_SPOKEN} (?:[A-ZÀ-Þ]\.)+(?! ?[^\W\d_]{{2}})"
)
_WAY = re.compile(
    rf"{_A}(?:[A-ZÀ-Þ][\w'’-]* ){{1,3}}(?:Street|Avenue|Road|Lane|Boulevard|Crescent|Terrace|Mews|Parkway){_Z}(?! [Tt]raffic)|"
    rf"{_A}(?:Plaza|Calle|Rue|Via|Avenida|Piazza) (?:del?|della|du|des|de la|de los) [A-ZÀ-Þ]\w+"
)
"""Names of streets without a number."""
_DIGIT = re.compile(r"\d")
"""What every one of `SHAPES` has."""
_CAPITAL = re.compile(r"[^\W\d_]*[^\W\d_a-zß-öø-ÿ][^\W\d_]*(?:['’-][^\W\d_]+)*")
_CARET = re.compile(r"([^\W\d_]{2,})\^+([^\W\d_]{2,})")
_OTHER_SCRIPT = re.compile(
    r"[^\W\d_A-Za-z\u00aa\u00b5\u00ba\u00c0-\u024f\u0370-\u03ff\u1e00-\u1eff\u00b2\u00b3\u00b9]+|[\u0370-\u03ff]{3,}"
)
"""Words of scripts in which no word of the field is known, so that a name cannot be told from it; Greek signs stay."""
_JOINED = re.compile(r"(?:\[removed\][\s,;^]*){2,}")


@dataclass(frozen=True)
class Cleaned:
    """A text without what was found, and how many places were cut."""

    text: str
    cut: int


@lru_cache(maxsize=256)  # the files of one series say the same of the same patient
def cleaned(text: str, known: re.Pattern[str] | None = None) -> Cleaned:
    """Cut out everything that any of the nets catches."""
    text, cut = _WHOLE.subn(GONE, text)
    if known is not None:
        text, n = known.subn(lambda found: SOMEBODY if found.group().isalpha() else GONE, text)
        cut += n
    for shape, judge in SHAPES if _DIGIT.search(text) else ():
        text, n = _judged(text, shape, judge, GONE)
        cut += n
    text, n = _WAY.subn(GONE, text)
    cut += n
    text, n = _judged(text, _TITLED, _titles_a_person, r"\1 " + SOMEBODY)
    cut += n
    for pattern in (_INITIAL, _CARET):
        text, n = _judged(text, pattern, _has_no_word_of_the_field, SOMEBODY)
        cut += n
    text, n = _OTHER_SCRIPT.subn(GONE, text)
    left, m = without_strangers(text)
    left = left.replace(SOMEBODY, GONE)
    return Cleaned(_JOINED.sub(GONE + " ", left).strip() if cut + n + m else text, cut + n + m)


def _judged(text: str, pattern: re.Pattern[str], judge: _Judge, instead: str) -> tuple[str, int]:
    """The text with a shape replaced wherever the judge does not let it stay."""
    cut = 0

    def replaced(found: re.Match[str]) -> str:
        nonlocal cut
        if not judge(found):
            return found.group()
        cut += 1
        return found.expand(instead)

    return pattern.sub(replaced, text), cut


def _titles_a_person(found: re.Match[str]) -> bool:
    """What follows a title is somebody, but for words of the field (DR CHEST is a radiograph) and plain ones in lower case."""
    title, initials, word = found[1], found[2], found[3]
    if initials or (word[0].isupper() and not title.isupper()):
        return True
    return kind(word.lower()) not in ((Kind.FIELD, Kind.WORD) if word.islower() else (Kind.FIELD,))


def _has_no_word_of_the_field(found: re.Match[str]) -> bool:
    words = [word for word in found.groups() if word]
    return GONE[1:-1] not in words and all(_may_be_a_name(word) for word in found.groups() if word)


def _may_be_a_name(word: str) -> bool:
    of = kind(word.lower())
    return of is not Kind.FIELD and not (word.islower() and of is Kind.WORD)


@lru_cache(maxsize=256)
def looks_like_a_name(text: str) -> bool:
    """Whether two words beside each other have capitals and are no words of the field, or one follows a title."""
    if any(_titles_a_person(found) and found[3] != "somebody" for found in _TITLED.finditer(text)):
        return True
    strange = [m.span() for m in _CAPITAL.finditer(text) if without_strangers(m.group())[1]]
    return any(second[0] - first[1] <= 2 for first, second in pairwise(strange))
