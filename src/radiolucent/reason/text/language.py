"""Whether a text is a report in a language that is read here, and which one."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Literal

from radiolucent.core import Finding

from .lexicon import lexicon

Language = Literal["en", "zh", ""]

_COMMON = frozenset(lexicon("relations")["english"])
"""Words of which every English report has many."""
MOST_WORDS_UNKNOWN = 8
LEAST_SHARE = 0.1


def language_of(text: str) -> Language:
    """English or Chinese, or "" where the text is in neither (or holds no words)."""
    letters = Counter(text)  # each letter is named once, however often it stands
    counted: Counter[str] = Counter()
    for char, n in letters.items():
        if char.isalpha():
            counted[_script(char)] += n
    total = counted.total()
    if not total:
        return ""
    if counted["CJK"] >= 0.15 * total and not counted["HIRAGANA"] and not counted["HANGUL"]:
        return "zh"
    if counted["LATIN"] < 0.8 * total:
        return ""
    found = re.findall(r"[^\W\d_]+", text.lower())
    known = sum(word in _COMMON for word in found)
    return "en" if len(found) < MOST_WORDS_UNKNOWN or known >= LEAST_SHARE * len(found) else ""


def problem(text: str) -> Finding | None:
    """What keeps a text from being read as a report, or `None`."""
    if not text.strip():
        return _says("text.empty", "The report is empty: there is nothing to read.")
    letters = Counter(text)
    broken = sum(n for char, n in letters.items() if _is_broken(char))
    if broken > 0.01 * len(text) or _is_mojibake(letters):
        return _says("text.encoding", "The report's letters are broken: it was decoded wrongly; save it as UTF-8.")
    if not any(char.isalpha() for char in text):
        return _says("text.no_words", "The report holds no words, only digits and signs: nothing can be concluded.")
    if not language_of(text):
        return _says("text.language", "The report is neither English nor Chinese: nothing was concluded from it.")
    return None


def _says(code: str, words: str) -> Finding:
    return Finding(says=words, code=code, severity="warn")


def _script(char: str) -> str:
    if "㐀" <= char <= "鿿":
        return "CJK"
    return "LATIN" if char.isascii() else unicodedata.name(char, "?").split()[0]


def _is_broken(char: str) -> bool:
    return char == "\ufffd" or (unicodedata.category(char) == "Cc" and char not in "\n\r\t\f\v")


def _is_mojibake(letters: Counter[str]) -> bool:
    """Chinese bytes read as Latin letters: most signs come from the upper half of Latin-1."""
    upper = sum(n for char, n in letters.items() if "\x80" <= char <= "\xff")
    return upper > 0.3 * (letters.total() - letters[" "])
