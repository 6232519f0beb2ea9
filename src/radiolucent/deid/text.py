"""Free text: what points to a person, a day or a place is cut out; words of the field stay.

Three nets, one over the other: everything known of the person from the header; shapes (dates, numbers, telephones, mail,
addresses, titles before names); and words (`strangers`): what has a capital stays only if it is a word of the standard,
what has none goes if it is a known name, and words of other scripts go. A name that no list has, alone and in lower
case, passes; SECURITY.md says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from .strangers import GONE, SOMEBODY, may_stay, without_strangers

_MONTH = r"(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-zé]*\.?"
_STREET = (
    r"(?:street|str|st|avenue|ave|av|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|place|pl|square|sq|way|terrace|row|"
    r"parkway|pkwy|highway|hwy|close|crescent|gardens?|grove|hill|green|mews|walk|strasse|straße|weg|platz|allee|gasse|"
    r"rue|via|calle|plaza|piazza|laan|straat)"
)
_PLAIN_STREET = (
    r"(?:street|str|st|avenue|ave|road|rd|lane|ln|drive|boulevard|blvd|terrace|parkway|pkwy|crescent|strasse|straße)"
)
"""Words that are little else, so that names before them need no capital."""
_TITLE = r"(?:dr|prof|(?-i:Mr)|mrs|(?-i:Ms)|miss|herr|frau|madame|mme|sra|dott|nurse|doctor|professor)"
"""MR and MS in capitals are a modality and a disease."""
_FLAT = r"(?:,? (?:apt|unit|suite|no)\.? ?#?\d\w*)?"
_ROUTE = r"(?:route|rte|highway|hwy|(?:county|state) (?:road|route))"
_UNIT = r"(?:mm|cm|m|ml|mg|g|kg|l|s|ms|sec|min|minutes?|mAs|mas|mA|kV|kv|kVp|Hz|T|x|slices?|views?|images?|phases?|th|st|nd|rd)"
_WHOLE = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:https?://|www\.)\S+", re.IGNORECASE)
"""Addresses of mail and pages, which go whole before names are cut out of them."""
SHAPES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b\d{1,3}(?:\.\d{1,3}){3}\b",
        r"\b\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?)?\b",
        r"\b\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})\b",
        rf"\b\d{{1,2}}(?:st|nd|rd|th|\.)?[ -]?(?:of )?{_MONTH}[ ,-]*(?:\d{{4}}|\d{{2}})?\b",
        rf"\b{_MONTH}[ -]?\d{{1,2}}(?:st|nd|rd|th)?,?[ -]+\d{{4}}\b",
        rf"\b{_MONTH}[ -]?(?:19|20)\d\d\b",
        r"\b(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{0,6}\b",
        r"\b(?:19|20)\d\d\b",
        r"(?:\+|\b00)\d[\d ()/.-]{6,}\d",
        r"\(?\b\d{3}\)?[ .-]\d{3}[ .-]\d{4}\b",
        r"\b\d{3}-\d{2}-\d{4}\b",
        r"\b(?:tel|phone|fax|mobile|cell|ph)\b[.: ]*[\d(+][\d ()/.-]{4,}",
        r"\b(?:mrn|id|acc(?:ession)?|case|ssn|nhs|visit|encounter|chart|record|dob|born|room|bed)"
        r"(?:[ .]?(?:no|nr|number|id))?\b\s*[.:#=]+\s*[\w./-]+",
        r"#\s*\d+",
        rf"\b\d{{1,5}}[a-z]?,? (?!(?-i:{_UNIT})\b)(?:(?-i:[A-ZÀ-Þ0-9])[\w.'’-]* ){{1,4}}?{_STREET}\b\.?{_FLAT}",
        rf"\b\d{{1,5}}[a-z]?,? (?!(?-i:{_UNIT})\b)(?:[\w'’-]+ ){{1,2}}?{_PLAIN_STREET}\b\.?{_FLAT}",
        rf"\b(?:{_STREET}) (?:(?-i:[A-ZÀ-Þ])[\w'’-]+ ){{0,3}}\d{{1,5}}[a-z]?\b(?! ?(?-i:{_UNIT})\b)",
        rf"\b(?:\d{{1,5}}[a-z]? )?{_ROUTE}\.? \d+\b",
        r"\b[^\W\d_]+(?:strasse|straße|str\.|weg|platz|allee|gasse|straat|laan) ?\d+[a-z]?\b",
        r"\bP\.? ?O\.? box \d+",
        r"\b[A-Z]{2} \d{5}(?:-\d{4})?\b",
        r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b",
        r"(?-i:\b[A-Z]\d[A-Z] ?\d[A-Z]\d\b)",
        r"\b0\d{2,4}[ /-]\d{5,}\b",
        r"\b\d[\d-]{4,}\d\b",
        r"\b(?!b\d{2,4}\b)(?=[A-Z-]*\d)(?=\d*[A-Z])[A-Z\d-]*\d{4,}[A-Z\d-]*\b",
    )
)
_TITLED = re.compile(rf"\b({_TITLE})\b\.?[ ]+(?:[^\W\d_]\.? )*[^\W\d_][\w'’-]*", re.IGNORECASE)
_INITIAL = re.compile(r"\b(?:[A-ZÀ-Þ]\. ?)+[A-ZÀ-Þ][\w'’-]+|\b[A-ZÀ-Þ][\w'’-]+,? (?:[A-ZÀ-Þ]\.)+")
_CAPITAL = re.compile(r"[^\W\d_]*[^\W\d_a-zß-öø-ÿ][^\W\d_]*(?:['’-][^\W\d_]+)*")
_CARET = re.compile(r"[^\W\d_]+(?:\^+[^\W\d_]+)+")
_OTHER_SCRIPT = re.compile(
    r"[^\W\d_A-Za-z\u00aa\u00b5\u00ba\u00c0-\u024f\u0370-\u03ff\u1e00-\u1eff]+|[\u0370-\u03ff]{3,}"
)
"""Words of scripts in which no word of the field is known, so that a name cannot be told from it; Greek signs stay."""
_JOINED = re.compile(r"(?:\[removed\][\s,;^]*){2,}")


@dataclass(frozen=True)
class Cleaned:
    """A text without what was found, and how many places were cut."""

    text: str
    cut: int


def cleaned(text: str, known: re.Pattern[str] | None = None) -> Cleaned:
    """Cut out everything that any of the nets catches."""
    text, cut = _without_addresses(text)
    if known is not None:
        text, n = known.subn(lambda found: SOMEBODY if found.group().isalpha() else GONE, text)
        cut += n
    for shape in SHAPES:
        text, n = shape.subn(GONE, text)
        cut += n
    for pattern, kept in ((_TITLED, r"\1 " + SOMEBODY), (_INITIAL, SOMEBODY)):
        text, n = pattern.subn(kept, text)
        cut += n
    text, n = _OTHER_SCRIPT.subn(GONE, text)
    cut += n
    text, n = _without_strangers(text, _CARET)
    left, m = without_strangers(text)
    return Cleaned(_JOINED.sub(GONE + " ", left).strip(), cut + n + m)


def _without_addresses(text: str) -> tuple[str, int]:
    return _WHOLE.subn(GONE, text)


def looks_like_a_name(text: str) -> bool:
    """Whether two words beside each other have capitals and are no words of the field, or one follows a title."""
    if _TITLED.search(text) or any(not may_stay(found.group()) for found in _CARET.finditer(text)):
        return True
    strange = [m.span() for m in _CAPITAL.finditer(text) if not may_stay(m.group())]
    return any(second[0] - first[1] <= 2 for first, second in pairwise(strange))


def _without_strangers(text: str, pattern: re.Pattern[str]) -> tuple[str, int]:
    cut = 0

    def judged(match: re.Match[str]) -> str:
        nonlocal cut
        if match.group() in ("removed", "somebody") or may_stay(match.group()):
            return match.group()
        cut += 1
        return GONE

    return pattern.sub(judged, text), cut
