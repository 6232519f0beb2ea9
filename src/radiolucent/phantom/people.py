"""People who do not exist, and what is written about them: names, numbers, days, addresses, in the words of a list."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

LISTS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
"""Lists without a common name, street, town or sentence."""

_GENERIC = frozenset(
    {"of", "the", "community",
     "general", "hospital", "memorial", "medical", "center", "centre", "royal", "infirmary", "imaging", "clinique",
     "klinikum", "children's", "mount", "regional", "county", "university", "radiology", "associates", "heart",
     "institute", "saint", "hôpital", "de", "la", "universitätsklinikum", "st.", "bay"}
)  # fmt: skip
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@dataclass(frozen=True)
class Somebody:
    """One made-up patient."""

    given: str
    family: str
    sex: str
    birth: date
    number: str
    referrer: str
    address: str
    telephone: str


@dataclass(frozen=True)
class Told:
    """A piece of free text, and what in it points to somebody."""

    text: str
    pieces: tuple[str, ...]
    phrase: str


@cache
def words_of(name: str) -> dict[str, Any]:
    """One of `LISTS`."""
    return dict(json.loads((files(__package__) / f"lists/{name}.json").read_text(encoding="utf-8")))


def somebody(words: dict[str, Any], rng: np.random.Generator) -> Somebody:
    """Draw a patient."""
    number = _digits(rng, 7)
    forms = (f"MRN{number}", f"{number[:2]}-{number[2:5]}-{number[5:]}{_digits(rng, 2)}", f"{number}{_digits(rng, 3)}")
    return Somebody(
        given=_one(words["given"], rng),
        family=_one(words["family"], rng),
        sex=_one(["F", "M"], rng),
        birth=date(1935, 1, 1) + timedelta(int(rng.integers(0, 25_000))),
        number=_one(list(forms), rng),
        referrer=_one(words["doctor"], rng),
        address=f"{int(rng.integers(1, 900))} {_one(words['street'], rng)}, {_one(words['town'], rng)}",
        telephone=f"555-{_digits(rng, 3)}-{_digits(rng, 4)}",
    )


def told(kind: str, words: dict[str, Any], who: Somebody, accession: str, day: date, rng: np.random.Generator) -> Told:
    """A phrase of this kind about somebody."""
    form = _one(words["phrases"][kind], rng)
    slots = _slots(words, who, accession, day, rng)
    used = re.findall(r"{(\w+)}", form)
    generic = _GENERIC.union(words.get("generic", ()))
    pieces = tuple(piece for name in used for piece in _pieces(name, slots[name], generic))
    return Told(form.format_map(slots), pieces, form)


def _slots(words: dict[str, Any], who: Somebody, accession: str, day: date, rng: np.random.Generator) -> dict[str, str]:
    other, doctor = _one(words["given"], rng), _one([d for d in words["doctor"] if d != who.referrer], rng)
    past = day - timedelta(int(rng.integers(2, 900)))
    slots = {"given": who.given, "family": who.family, "other": other, "doctor": doctor, "referrer": who.referrer}
    slots |= {f"{name}_lower": value.lower() for name, value in slots.items()}
    slots |= {name.upper(): value.upper() for name, value in list(slots.items()) if "_" not in name}
    slots |= {f"{name}_ascii": _ascii(slots[name]).lower() for name in ("given", "family")}
    slots |= {f"d{n}": str(int(rng.integers(1, 10))) + _digits(rng, n - 1) for n in (2, 3, 4)}
    slots |= {
        "mrn": who.number, "accession": accession, "ssn": f"{_digits(rng, 3)}-{_digits(rng, 2)}-{_digits(rng, 4)}",
        "street": _one(words["street"], rng), "town": _one(words["town"], rng),
        "hospital": _one(words["hospital"], rng),
        "birth_mdy": f"{who.birth:%m/%d/%Y}", "birth_iso": f"{who.birth:%Y-%m-%d}",
    }  # fmt: skip
    return slots | _lines(slots) | {
        "mdy": f"{past:%m/%d/%Y}", "dmy": f"{past:%d/%m/%Y}", "iso": f"{past:%Y-%m-%d}", "compact": f"{past:%Y%m%d}",
        "dmy_dots": f"{past:%d.%m.%Y}", "dmonthy": f"{past.day} {_MONTHS[past.month - 1][:3]} {past.year}",
        "monthdy": f"{_MONTHS[past.month - 1]} {past.day}, {past.year}",
        "mdy_short": f"{past.month}/{past.day}/{past:%y}",
        "dmony_dash": f"{past:%d}-{_MONTHS[past.month - 1][:3].upper()}-{past.year}",
    }  # fmt: skip


def _lines(slots: dict[str, str]) -> dict[str, str]:
    """Telephone lines and other numbers as one piece, of digits that are drawn already."""
    two, three, four = slots["d2"], slots["d3"], slots["d4"]
    return {
        "tel_dashes": f"{three}-{three[::-1]}-{four}", "tel_dots": f"{three}.{three[::-1]}.{four}",
        "tel_spaces": f"{three} {three[::-1]} {four}", "tel_brackets": f"({three}) {three[::-1]}-{four}",
        "tel_plus": f"+44 20 7{three} {four}", "tel_run": f"0{two}{three}{four}", "tel_slash": f"0{three}/{four}{two}",
        "tel_pairs": f"06 {two} {two[::-1]} {four[:2]} {four[2:]}", "ip": f"10.{two}.{three}.{two}",
        "policy": f"QX{three}{four}",
    }  # fmt: skip


def _pieces(name: str, value: str, generic: frozenset[str]) -> list[str]:
    """What of a slot's value must not be found again."""
    if name == "hospital":
        return [word for word in re.split(r"[\s,]+", value) if word.lower() not in generic]
    if name == "town":
        return [value.split(",")[0]]
    return [] if re.fullmatch(r"d\d", name) else [value]


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z]", "", plain)


def _digits(rng: np.random.Generator, n: int) -> str:
    return "".join(map(str, rng.integers(0, 10, n)))


def _one(several: list[str], rng: np.random.Generator) -> str:
    return several[int(rng.integers(len(several)))]
