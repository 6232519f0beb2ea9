"""What was given to a guideline: checked against type, unit, range and choices, and completed by what follows from it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping

from radiolucent.core import InputError, unknown

from .types import Entry, Given, Guideline, Source

NUMBER = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(\S.*)?")
TRUTH = {"yes": "yes", "true": "yes", "no": "no", "false": "no"}
SPELLINGS = {"mm3": "mm³", "mm2": "mm²", "deg": "°", "percent": "%", "y": "years", "hu": "HU"}
CLOSE = 1e-6
"""How far two ways to the same number may differ, as a share of it, beyond rounding."""

Told = float | str | bool | Iterable[str]


def checked(guideline: Guideline, given: Mapping[str, Told]) -> dict[str, Given]:
    """The inputs as the tables take them; an unknown name, word or unit and a value out of range are errors."""
    found: dict[str, Given] = {}
    for name, value in given.items():
        if name not in guideline.inputs:
            raise _unknown_input(guideline, name)
        found[name] = value_of(guideline.inputs[name], value, guideline.name)
    return completed(guideline, found)


def value_of(entry: Entry, value: Told, guideline: str) -> Given:
    """One value of one input."""
    asked = f"{guideline}: {entry.name}"
    if entry.kind == "flag":
        word = ("yes" if value else "no") if isinstance(value, bool) else TRUTH.get(str(value).lower())
        if word is None:
            raise InputError(f"{asked} is yes or no, got {value!r}")
        return word
    if entry.kind in ("number", "integer"):
        return _number(entry, value, asked)
    words = [str(value)] if isinstance(value, str | float | int) else [str(word) for word in value]
    words = [word.strip() for text in words for word in (text.split(",") if entry.kind == "choices" else [text])]
    for word in words:
        if word not in entry.choices:
            raise InputError(f"{asked}: {unknown('choice', word, entry.choices)}")
    if entry.kind == "choice" and len(words) != 1:
        raise InputError(f"{asked} is one of {', '.join(entry.choices)}, got {' '.join(words) or 'nothing'}")
    if entry.kind == "choices":
        return _several(entry, words, asked)
    return words[0]


def completed(guideline: Guideline, found: Mapping[str, Given]) -> dict[str, Given]:
    """With every input that follows from two others; one that is given must agree with what follows."""
    full = dict(found)
    for entry in guideline.inputs.values():
        source = entry.source
        if source is None or any(name not in full for name in source.of):
            continue
        follows = round(_follows(source, full, guideline.name), 9)
        said = full.setdefault(entry.name, _number(entry, follows, f"{guideline.name}: {entry.name}"))
        if isinstance(said, float) and abs(said - follows) > (source.to or 0) / 2 + CLOSE * abs(follows):
            of = " and ".join(f"{name} = {full[name]:g}" for name in source.of)
            raise InputError(
                f"{guideline.name}: {entry.name} = {said:g} contradicts {of}, from which follows {follows:g}"
            )
    return full


def rounded(value: float, to: float) -> float:
    """To the nearest multiple, halves away from zero, as a person rounds."""
    return math.copysign(math.floor(abs(value) / to + 0.5 + 1e-9) * to, value) + 0.0


def _follows(source: Source, found: Mapping[str, Given], name: str) -> float:
    first, second = (float(found[part]) for part in source.of)  # type: ignore[arg-type]
    if source.how in ("ratio", "change_percent") and second == 0:
        raise InputError(f"{name}: {source.of[1]} is 0, so there is nothing to compare {source.of[0]} with")
    value = {
        "mean": lambda: (first + second) / 2,
        "ratio": lambda: first / second,
        "difference": lambda: first - second,
        "change_percent": lambda: 100 * (first - second) / second,
    }[source.how]()
    return rounded(value, source.to) if source.to else value


def _number(entry: Entry, value: Told, asked: str) -> float:
    number = _parsed(entry, value, asked)
    unit = "" if entry.unit == "1" else f" {entry.unit}"
    low, high = entry.range or (-math.inf, math.inf)
    if not math.isfinite(number) or not low <= number <= high:
        raise InputError(f"{asked} must be from {low:g} to {high:g}{unit}, got {number:g}{unit}")
    if entry.kind == "integer" and number % 1:
        raise InputError(f"{asked} is a whole number{' of' + unit if unit else ''}, got {number:g}{unit}")
    return number


def _parsed(entry: Entry, value: Told, asked: str) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    parts = NUMBER.fullmatch(value) if isinstance(value, str) else None
    if parts is None:
        raise InputError(f"{asked} is a number{'' if entry.unit == '1' else ' in ' + entry.unit}, got {value!r}")
    unit = (parts.group(2) or "").strip()
    if unit and SPELLINGS.get(unit.lower(), unit) != entry.unit:
        raise InputError(f"{asked} is in {entry.unit}, got {value!r}; convert it first")
    return float(parts.group(1))


def _several(entry: Entry, words: list[str], asked: str) -> frozenset[str]:
    if not words:
        raise InputError(f"{asked}: say all that apply, out of {', '.join(entry.choices)}")
    if "none" in words and len(words) > 1:
        raise InputError(
            f"{asked}: none and {', '.join(word for word in words if word != 'none')} contradict each other"
        )
    return frozenset(words)


def _unknown_input(guideline: Guideline, name: str) -> InputError:
    """A size without its unit gets told which units there are."""
    units = [known for known in guideline.inputs if known.startswith(f"{name}_") and guideline.inputs[known].unit]
    if units:
        return InputError(f"{guideline.name}: {name} has no unit; give {' or '.join(units)}")
    return InputError(f"{guideline.name}: {unknown('input', name, guideline.inputs)}")


def spoken(guideline: Guideline, name: str, value: Given) -> str:
    """An input as a conclusion cites it: `size_mm = 7 mm`."""
    entry = guideline.inputs.get(name)
    unit = f" {entry.unit}" if entry is not None and entry.unit not in ("", "1") else ""
    if isinstance(value, frozenset):
        return f"{name} = {' + '.join(sorted(value))}"
    return f"{name} = {value:g}{unit}" if isinstance(value, float) else f"{name} = {value}"
