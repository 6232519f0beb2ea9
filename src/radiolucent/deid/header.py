"""De-identify one DICOM file by PS3.15 Annex E: bytes in, bytes out, pixels copied as they are."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from .charsets import charsets_of
from .dates import capped_age
from .elements import PIXELS, DamageError, Element, Syntax, scan
from .frames import remarks
from .key import Key
from .marks import marks, preamble
from .opening import Opened, deflated, opened
from .person import BIRTH_DATE, INSTITUTION, PATIENT_NAME, WANTED, Person
from .profile import Options, plan
from .rewrite import CHARSET, Rewriter

SOP_CLASS, INSTANCE, STUDY, SERIES = 0x00080016, 0x00080018, 0x0020000D, 0x0020000E
BURNED_IN, MODALITY, OVERLAY_TYPE = 0x00280301, 0x00080060, 0x60000040
QUASI = {0x00100040: "sex", 0x00101010: "age", 0x00101020: "size", 0x00101030: "weight", 0x00102160: "ethnic group"}
ENCRYPTED, ON_A_SERVER = 0x04000500, 0x00287FE0
LOOKED_AT = (
    WANTED | set(QUASI) | {ENCRYPTED, ON_A_SERVER, SOP_CLASS, INSTANCE, STUDY, SERIES, BURNED_IN, MODALITY, CHARSET}
)
ORIGINALS = {
    0x00100010: "PatientName", 0x00100020: "PatientID", 0x00100030: "PatientBirthDate", 0x00080050: "AccessionNumber",
    INSTANCE: "SOPInstanceUID", STUDY: "StudyInstanceUID", SERIES: "SeriesInstanceUID",
}  # fmt: skip
"""What a sealed map holds."""
IN_FRAMES = "a comment or other text inside of a compressed frame; overwritten"
FRAGMENTS = b"\xfe\xff\0\xe0"
DIRECTORY = b"1.2.840.10008.1.3.10"
DOCUMENTS = b"1.2.840.10008.5.1.4.1.1.104."
PICTURED = (b"US", b"SC", b"XA", b"OT", b"ES", b"IVUS", b"XC", b"RF", b"GM", b"OP")
"""Modalities whose pixels often bear text."""


class RefusedError(ValueError):
    """The file is whole, and is none that can be de-identified; the message never quotes it."""


@dataclass(frozen=True)
class Done:
    """One de-identified file: its bytes, what it is now, and what was done.

    `done` counts (tag, action), `doubts` (tag, why). `patient`, `study`, `series`, `instance` are pseudonyms; `name` and
    `birth` stand for the original name and birth date, to tell patients apart; `quasi` is what was kept of the person.
    """

    pieces: list[Any]
    patient: str
    study: str
    series: str
    instance: str
    name: str
    birth: str
    modality: str
    done: Counter[tuple[int, str]] = field(default_factory=Counter)
    doubts: Counter[tuple[int, str]] = field(default_factory=Counter)
    quasi: dict[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    originals: dict[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        """The whole file."""
        return b"".join(self.pieces)


def deidentify(data: Any, key: Key, options: Options) -> Done:
    """De-identify the bytes of one file.

    Raises `DamageError` for damaged files and `RefusedError` for directories of media and encapsulated documents.
    """
    try:
        return _deidentified(opened(data), key, options)
    except (DamageError, RefusedError):
        raise
    except (struct.error, LookupError, ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise DamageError(f"the file is damaged ({type(error).__name__})") from error


def _deidentified(start: Opened, key: Key, options: Options) -> Done:
    elements, _ = scan(start.data, start.at, len(start.data), start.syntax)
    if not elements:
        raise DamageError("the file holds no element")
    values = _values(start.data, elements)
    sop_class = values.get(SOP_CLASS) or start.sop_class
    _refuse(sop_class, values)
    person = _person(key, tuple(_hidden(values, options)), values.get(STUDY, b""))
    rewriter = Rewriter(
        plan(options, sop_class.decode("latin-1")), person, memoryview(start.data),
        charsets=charsets_of(values.get(CHARSET, b"")), regions=_regions(start.data, elements, options),
    )  # fmt: skip
    told = _told_in_frames(start, elements, rewriter)
    due = marks(options, start.syntax)
    pieces = rewriter.top(elements, start.syntax, due)
    if person.has_escapes or _still_told(pieces, rewriter):
        rewriter.sweep = True
        rewriter.pixels.clear()
        rewriter.done, rewriter.doubts = Counter(), Counter()
        pieces = rewriter.top(elements, start.syntax, due)
    if told:
        rewriter.doubts[PIXELS[0], IN_FRAMES] = told
    instance = _kept_uid(rewriter, values.get(INSTANCE, b""), options)
    head = preamble(sop_class, instance, start.transfer_syntax)
    body = [deflated(b"".join(pieces))] if start.is_deflated else pieces
    return _told([head, *body], rewriter, values, elements)


def _told_in_frames(start: Opened, elements: list[Element], rewriter: Rewriter) -> int:
    """Overwrite what compressed frames tell beside their pixels, in a copy of the file; say how often."""
    spans: list[tuple[int, int]] = []
    for one in elements[-4:]:
        if one[0] == PIXELS[0] and start.data[one[3] : one[3] + 4] == FRAGMENTS:
            spans += remarks(start.data, one, start.syntax, rewriter.may_stay)
    if spans:
        copy = bytearray(start.data)
        for a, b in spans:
            copy[a:b] = bytes(b - a)
        rewriter.data = memoryview(copy)
    return len(spans)


def _hidden(values: dict[int, bytes], options: Options) -> Iterator[tuple[int, bytes]]:
    """What points to the person, without what an option keeps."""
    for tag in sorted(WANTED & values.keys()):
        if tag not in INSTITUTION or "institution" not in options.keep:
            yield tag, values[tag]


@lru_cache(maxsize=64)
def _person(key: Key, values: tuple[tuple[int, bytes], ...], study: bytes) -> Person:
    """Files of one study tell the same of their patient."""
    return Person(key, dict(values), study)


def _values(data: Any, elements: list[Element]) -> dict[int, bytes]:
    return {one[0]: bytes(data[one[3] : one[4]]).strip(b" \0") for one in elements if one[0] in LOOKED_AT}


def _refuse(sop_class: bytes, values: dict[int, bytes]) -> None:
    if sop_class == DIRECTORY:
        raise RefusedError("a directory of a medium lists names and files; make a new one for the output")
    if sop_class.startswith(DOCUMENTS):
        raise RefusedError("an encapsulated document cannot be cleaned; it is not copied")
    if ENCRYPTED in values:
        raise RefusedError("encrypted attributes cannot be cleaned; it is not copied")
    if ON_A_SERVER in values:
        raise RefusedError("its pixels lie on a server, whose address would be passed on; fetch them first")


def _regions(data: Any, elements: list[Element], options: Options) -> frozenset[int]:
    if "graphics" not in options.clean:
        return frozenset()
    types = {one[0] >> 16: bytes(data[one[3] : one[4]]).strip(b" \0") for one in elements if _is_overlay_type(one[0])}
    return frozenset(group for group, kind in types.items() if kind == b"R")


def _is_overlay_type(tag: int) -> bool:
    return tag & 0xFF00FFFF == OVERLAY_TYPE


def _still_told(pieces: list[Any], rewriter: Rewriter) -> bool:
    """Whether what was kept holds a token of the person anywhere but in the pixels."""
    pixels = {id(piece) for piece in rewriter.pixels}
    lowered = b"".join([piece for piece in pieces if id(piece) not in pixels]).lower()
    return any(token in lowered for token in rewriter.person.tokens)


def _kept_uid(rewriter: Rewriter, original: bytes, options: Options) -> bytes:
    return original if "uids" in options.keep else rewriter.uid(original)


def _told(pieces: list[Any], rewriter: Rewriter, values: dict[int, bytes], elements: list[Element]) -> Done:
    person, key = rewriter.person, rewriter.person.key
    name = values.get(PATIENT_NAME, b"").upper()
    modality = values.get(MODALITY, b"")
    return Done(
        pieces=pieces,
        patient=person.pseudonym,
        study=key.word("study", values.get(STUDY, b"")),
        series=key.word("series", values.get(SERIES, b"")),
        instance=key.word("instance", values.get(INSTANCE, b"") or person.patient),
        name=key.word("name", name) if name else "",
        birth=key.word("birth", values[BIRTH_DATE]) if values.get(BIRTH_DATE) else "",
        modality=modality.decode("latin-1") if modality.isalpha() and len(modality) <= 6 else "",
        done=rewriter.done,
        doubts=rewriter.doubts,
        quasi=_quasi(values) if "patient-characteristics" in rewriter.plan.options.keep else {},
        remarks=_remarks(values, elements),
        originals={name: values[tag].decode("latin-1") for tag, name in ORIGINALS.items() if tag in values}
        | {"days_back": str(person.days_back), "pseudonym": person.pseudonym},
    )


def _quasi(values: dict[int, bytes]) -> dict[str, str]:
    told = {name: values[tag] for tag, name in QUASI.items() if values.get(tag)}
    if "age" in told:
        told["age"] = capped_age(told["age"]) or b""
    return {name: value.decode("latin-1") for name, value in told.items() if value}


def _remarks(values: dict[int, bytes], elements: list[Element]) -> tuple[str, ...]:
    if not any(one[0] in PIXELS for one in elements[-4:]):
        return ()
    if values.get(BURNED_IN) == b"YES":
        return ("burned_in",)
    return ("may_be_burned_in",) if values.get(MODALITY) in PICTURED and values.get(BURNED_IN) != b"NO" else ()


__all__ = ["DamageError", "Done", "RefusedError", "Syntax", "deidentify"]
