"""Free text: what points to a person, a day or a place is cut out; words of the field stay.

Three nets, one over the other: everything known of the person from the header; shapes (dates, numbers, telephones, mail,
addresses, titles before names); and, for what has a capital, a list of words that may stay: the words of the standard
itself. A name in lower case that the header does not know passes; SECURITY.md says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from .table import words

GONE = "[removed]"
_MONTH = r"(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-zé]*\.?"
_STREET = (
    r"(?:street|str|st|avenue|ave|av|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|place|pl|square|sq|way|terrace|"
    r"parkway|pkwy|highway|hwy|close|crescent|strasse|straße|weg|platz|allee|gasse|rue|via|calle|plaza|piazza|laan|straat)"
)
_TITLE = r"(?:dr|prof|(?-i:Mr)|mrs|(?-i:Ms)|miss|herr|frau|madame|mme|sra|dott|nurse|doctor|professor)"
"""MR and MS in capitals are a modality and a disease."""
_BEFORE = (
    r"(?:name[ds]?|patient|pt|by|for|from|called|signed|physician|doctor|radiologist|technologist|tech|operator|mother|"
    r"father|wife|husband|son|daughter|sister|brother|contact|referr(?:ed|ing)|attending|per|with|via)"
)
SHAPES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
        r"(?:https?://|www\.)\S+",
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
        rf"\b\d{{1,5}}[a-z]?,? (?:[\w.'-]+ ){{1,4}}?{_STREET}\b\.?(?:,? (?:apt|unit|suite|no)\.? ?\w+)?",
        rf"\b(?:{_STREET}) (?:[\w'-]+ ){{0,3}}\d{{1,5}}[a-z]?\b",
        r"\b[^\W\d_]+(?:strasse|straße|str\.|weg|platz|allee|gasse|straat|laan) ?\d+[a-z]?\b",
        r"\bP\.? ?O\.? box \d+",
        r"\b[A-Z]{2} \d{5}(?:-\d{4})?\b",
        r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b",
        r"\b\d[\d-]{4,}\d\b",
        r"\b(?=[A-Z-]*\d)(?=\d*[A-Z])[A-Z\d-]*\d{4,}[A-Z\d-]*\b",
    )
)
_TITLED = re.compile(rf"\b({_TITLE})\b\.?[ ]+(?:[^\W\d_]\.? )*[^\W\d_][\w'’-]*(?:[ ]+[A-ZÀ-Þ][\w'’-]*)*", re.IGNORECASE)
_LED = re.compile(rf"\b({_BEFORE})\b([:= ]+)((?!{_BEFORE}\b)[A-ZÀ-Þ][\w'’-]*\.?(?:[ ,]+[A-ZÀ-Þ][\w'’-]*\.?)*)")
_INITIAL = re.compile(r"\b(?:[A-ZÀ-Þ]\. ?)+[A-ZÀ-Þ][\w'’-]+|\b[A-ZÀ-Þ][\w'’-]+,? (?:[A-ZÀ-Þ]\.)+")
_CAPITAL = re.compile(r"[^\W\d_]*[^\W\d_a-zß-öø-ÿ][^\W\d_]*(?:['’-][^\W\d_]+)*")
_CARET = re.compile(r"[^\W\d_]+(?:\^+[^\W\d_]+)+")
_PIECES = re.compile(r"['’^-]+|(?<=[a-z])(?=[A-Z])")
_JOINED = re.compile(r"(?:\[removed\][\s,;^]*){2,}")


@dataclass(frozen=True)
class Cleaned:
    """A text without what was found, and how many places were cut."""

    text: str
    cut: int


def cleaned(text: str, known: re.Pattern[str] | None = None) -> Cleaned:
    """Cut out everything that any of the nets catches."""
    cut = 0
    if known is not None:
        text, cut = known.subn(GONE, text)
    for shape in SHAPES:
        text, n = shape.subn(GONE, text)
        cut += n
    for pattern, kept in ((_TITLED, r"\1 " + GONE), (_INITIAL, GONE)):
        text, n = pattern.subn(kept, text)
        cut += n
    for words_of in (_CARET, _CAPITAL):
        text, n = _without_strangers(text, words_of)
        cut += n
    return Cleaned(_JOINED.sub(GONE + " ", text).strip(), cut)


def looks_like_a_name(text: str) -> bool:
    """Whether two words beside each other have capitals and are no words of the field, or one follows a title."""
    if _TITLED.search(text) or any(not _may_stay(found.group()) for found in _CARET.finditer(text)):
        return True
    strange = [m.span() for m in _CAPITAL.finditer(text) if not _may_stay(m.group())]
    return any(second[0] - first[1] <= 2 for first, second in pairwise(strange))


def _without_strangers(text: str, pattern: re.Pattern[str]) -> tuple[str, int]:
    cut = 0

    def judged(match: re.Match[str]) -> str:
        nonlocal cut
        if match.group() == "removed" or _may_stay(match.group()):
            return match.group()
        cut += 1
        return GONE

    return pattern.sub(judged, text), cut


def _may_stay(word: str) -> bool:
    if len(word) == 1:
        return True
    return all(part.lower() in words() for part in _PIECES.split(word) if part)
