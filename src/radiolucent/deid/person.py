"""What a header itself tells of its patient, so that it can be found again in free text and in what is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from .key import Key

PATIENT_ID, PATIENT_NAME, BIRTH_DATE = 0x00100020, 0x00100010, 0x00100030
NAMES = (
    PATIENT_NAME, 0x00101001, 0x00101005, 0x00101060, 0x00080090, 0x00081048, 0x00081050, 0x00081060, 0x00081070,
    0x00321032, 0x00102297, 0x00080096, 0x0008009C,
)  # fmt: skip
"""The patient's names, the mother's, and those of physicians and operators."""
NUMBERS = (PATIENT_ID, 0x00101000, 0x00080050, 0x00102154, 0x00101040, 0x00101090, 0x00380010, 0x00080081, 0x00080080)
"""Identifiers, accession and admission, telephone, address, institution."""
MANUFACTURER = 0x00080070
"""Some devices state their maker as the institution; the maker stays."""
INSTITUTION = frozenset((0x00080080, 0x00080081))
WANTED = frozenset((*NAMES, *NUMBERS, BIRTH_DATE, MANUFACTURER))
LEAST = 3
"""A part of a name or identifier that is shorter is no trace of anybody."""
SHORT = 2
"""A family or given name of two letters is looked for in texts that are cleaned, but nowhere else."""
_SPLIT = re.compile(rb"[\^=\\\s,;./()\[\]]+")
_SPLIT_TEXT = re.compile(r"[\^=\\\s,;./()\[\]]+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")
"""Scripts that put no space between words."""
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905
_COMMON = frozenset((b"the", b"and", b"for", b"test", b"none", b"unknown", b"anonymous", b"anon", b"removed", b"phd"))


@dataclass(frozen=True)
class Person:
    """Raw values by tag, and what follows from them under a key."""

    key: Key
    values: dict[int, bytes]
    study: bytes = b""

    @cached_property
    def patient(self) -> bytes:
        """What stands for the patient in the key's digests: the ID, else name and birth date, else the study."""
        if number := self._stripped(PATIENT_ID):
            return number
        named = b"\0".join((self._stripped(PATIENT_NAME).upper(), self._stripped(BIRTH_DATE)))
        return b"name\0" + named if self._stripped(PATIENT_NAME) else b"study\0" + self.study

    @cached_property
    def days_back(self) -> int:
        return self.key.days_back(self.patient)

    @cached_property
    def pseudonym(self) -> str:
        return self.key.word("patient", self.patient)

    @cached_property
    def tokens(self) -> tuple[bytes, ...]:
        """Lower-case pieces of bytes that would point to the person, longest first."""
        found: set[bytes] = set()
        for tag in NAMES:
            found |= set(_SPLIT.split(self.values.get(tag, b"").strip(b" \0")))
        for tag in NUMBERS:
            whole = self.values.get(tag, b"").strip(b" \0")
            found |= {whole, *whole.split(b"\\")}
        found |= set(birth_forms(self._stripped(BIRTH_DATE)))
        kept = {piece.strip(b" \0-").lower() for piece in found} - {self._stripped(MANUFACTURER).lower()}
        return tuple(sorted((piece for piece in kept if _tells(piece)), key=lambda piece: (-len(piece), piece)))

    def pattern_in(self, decode: Callable[[bytes], str]) -> re.Pattern[str]:
        """The tokens as whole words in any case, as text of the file's own character set."""
        maker = decode(self._stripped(MANUFACTURER)).lower()
        found = {piece for tag in NAMES for piece in _SPLIT_TEXT.split(decode(self.values.get(tag, b"")))}
        for tag in NUMBERS:
            whole = decode(self.values.get(tag, b""))
            found |= {whole, *whole.split("\\")}
        found |= {form.decode() for form in birth_forms(self._stripped(BIRTH_DATE))}
        kept = {piece.strip(" \0-").lower() for piece in found} - {maker}
        short = {part for part in self._parts(decode) if len(part) == SHORT and part.isalpha()}
        return bounded(short | {piece for piece in kept if _tells(piece.encode())})

    def _parts(self, decode: Callable[[bytes], str]) -> set[str]:
        """Family and given name of the patient, each whole, in lower case."""
        names = decode(self._stripped(PATIENT_NAME)).lower().replace("=", "\\").split("\\")
        return {part.strip(" \0") for name in names for part in name.split("^")[:2]}

    @property
    def has_escapes(self) -> bool:
        """Whether names switch character sets, so that their bytes cannot be compared."""
        return any(b"\x1b" in self.values.get(tag, b"") for tag in NAMES)

    def _stripped(self, tag: int) -> bytes:
        return self.values.get(tag, b"").strip(b" \0")


def bounded(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern of whole words, the longest first; beside those of four letters and more a digit may stand (OKAFOR2)."""
    listed = sorted(words, key=lambda word: (-len(word), word))
    spaced = [word for word in listed if not _UNSPACED.search(word)]
    long = _either(word for word in spaced if word.isalpha() and len(word) > LEAST)
    short = _either(word for word in spaced if not (word.isalpha() and len(word) > LEAST))
    unspaced = _either(word for word in listed if _UNSPACED.search(word))
    return re.compile(
        rf"(?<![^\W_]){short}(?:['’]s)?(?![^\W_])|(?<![^\W\d_]){long}(?:['’]s)?(?![^\W\d_])|{unspaced}", re.IGNORECASE
    )


def _either(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(re.escape(word) for word in words) or '(?!)'})"


def birth_forms(day: bytes) -> tuple[bytes, ...]:
    """A date yyyymmdd in the forms that people write."""
    text = day[:8].decode("ascii", "replace")
    if not re.fullmatch(r"\d{8}", text) or not 1 <= int(text[4:6]) <= 12:
        return ()
    year, month, dom = text[:4], text[4:6], text[6:]
    forms = [text]
    for mark in "-/.":
        forms += [mark.join((year, month, dom)), mark.join((dom, month, year)), mark.join((month, dom, year))]
    name, plain = _MONTHS[int(month) - 1], str(int(dom))
    forms += [f"{plain} {name} {year}", f"{dom}-{name}-{year}", f"{name} {plain}, {year}", f"{name} {plain} {year}"]
    forms += [dom + month + year, month + dom + year]
    return tuple(form.encode() for form in forms)


def _tells(piece: bytes) -> bool:
    least = LEAST if piece.isascii() else 2
    return len(piece) >= least and piece not in _COMMON and bool(piece.strip(b"0-. *?"))
