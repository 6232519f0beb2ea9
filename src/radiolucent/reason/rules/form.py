"""What words a rule file may say, and of what kind each is."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .place import Text


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_text, value))


def _is_two_texts(value: Any) -> bool:
    return _is_texts(value) and len(value) == 2


def _is_two_numbers(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_is_number, value)) and value[0] < value[1]


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


def _is_conditions(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())


def _is_points(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(one, dict) and all(map(_is_whole, one.values())) for one in value.values()
    )


def _is_orders(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_texts, value.values()))


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _is_source(value: Any) -> bool:
    return isinstance(value, dict) and set(value) <= {"how", "of", "to"} and value.get("how") in HOW and (
        _is_two_texts(value.get("of")) and _is_number(value.get("to", 1)) and value.get("to", 1) > 0
    )  # fmt: skip


HOW = ("mean", "ratio", "difference", "change_percent")

Kind = tuple[Callable[[Any], bool], str]
TEXT: Kind = (_is_text, "text")
TEXTS: Kind = (_is_texts, "a list of words")
WHOLE: Kind = (_is_whole, "a whole number")
TRUTH: Kind = (lambda value: isinstance(value, bool), "true or false")
WHEN: Kind = (_is_conditions, 'a table of conditions, such as { size_mm = "<6" }')
TABLES: Kind = (_is_tables, "tables in double brackets")

HEAD: Mapping[str, Kind] = {
    **dict.fromkeys(("name", "title", "version", "status", "source", "doi", "about", "note"), TEXT),
    "format": WHOLE,
    "answer": TEXTS,
    "inputs": (_is_table, "tables, such as [inputs.size_mm]"),
    "orders": (_is_orders, "a table of lists of words"),
    **dict.fromkeys(("guards", "contradictions", "scores", "tables", "monotone"), TABLES),
}

PARTS: Mapping[str, Mapping[str, Kind]] = {
    "inputs": {
        **dict.fromkeys(("type", "unit", "help", "code", "fact"), TEXT),
        "range": (_is_two_numbers, "two numbers, the least and the greatest"),
        "choices": TEXTS,
        "features": TEXTS,
        "source": (_is_source, f'such as {{ how = "mean", of = ["a_mm", "b_mm"] }}; how is one of {", ".join(HOW)}'),
        "measured_to": (lambda value: _is_number(value) and value > 0, "a number above 0"),
    },
    "guards": {"id": TEXT, "says": TEXT, "when": WHEN, "needed": TRUTH},
    "contradictions": {
        "id": TEXT,
        "says": TEXT,
        "when": WHEN,
        "greater": (_is_two_texts, "two names, of which the first cannot be greater"),
        "undefined": TRUTH,
    },
    "scores": {
        "gives": TEXT,
        "points": (_is_points, "a table of whole points for each input"),
        "fixed_when": WHEN,
        "fixed": WHOLE,
        "start": WHOLE,
    },
    "tables": {**dict.fromkeys(("id", "title", "rows", "way"), TEXT), "modifier": TRUTH, "where": WHEN},
    "monotone": {"gives": TEXT, "along": TEXT, "rises": TRUTH},
}

NEEDED = {
    "inputs": ("type", "help"),
    "guards": ("id", "when", "says"),
    "contradictions": ("id", "says"),
    "scores": ("gives", "points"),
    "tables": ("id", "rows"),
    "monotone": ("gives", "along"),
}


def check_form(content: Mapping[str, Any], place: Text) -> None:
    """Refuse words that no rule file has, words of the wrong kind, and a file that lacks a needed one."""
    _check(content, HEAD, "a rule file", "", place)
    for key in ("name", "title", "version", "status", "source", "about", "answer", "inputs", "tables"):
        if key not in content:
            raise place.error(f"a rule file needs `{key}`")
    if content.get("format") != 1:
        raise place.error("`format = 1` is the only one there is", "format")
    if content["status"] not in ("verified", "unverified"):
        raise place.error(f"status is verified or unverified, not {content['status']!r}", "status")
    for part, words in PARTS.items():
        for key, item in _items(content.get(part, {})):
            where, what = f"[{part}.{key}]" if part == "inputs" else key, f"{part} {key}".strip()
            _check(item, words, what, where, place)
            for need in NEEDED[part]:
                if need not in item:
                    raise place.error(f"{what} needs `{need}`", where)


def _items(part: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(part, dict):
        yield from part.items()
    else:
        yield from ((str(item.get("id", "")), item) for item in part)


def _check(item: Any, words: Mapping[str, Kind], what: str, where: str, place: Text) -> None:
    place.words(item, words, what, where)
    for word, value in item.items():
        fits, wanted = words[word]
        if not fits(value):
            raise place.error(f"{word} in {what} must be {wanted}, got {value!r}", where, word)
