"""Plans and histories as files: TOML for people, JSON for both; the same tuple of `Step`s either way.

A plan in TOML::

    [[steps]]
    op = "process.gaussian"
    image = "raw"
    into = "smooth"
    sigma_mm = 1.5
"""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from .. import __version__
from ..core import InputError, Step, unknown
from .ops import operation

READS = {"read.load": frozenset({"path", "spacing_mm", "case", "allow_blocked"}), "read.image": frozenset({"path"}),
         "read.mask": frozenset({"path"}), "read.transform": frozenset({"path"})}  # fmt: skip
"""Steps that bring something in from a file: which arguments each takes (`flow.load` carries them out)."""

FIELDS = ("op", "into", "seed", "version", "inputs", "args", "hashes")

KINDS: Mapping[str, tuple[type, str]] = {
    "into": (str, "text"),
    "version": (str, "text"),
    "seed": (int, "a whole number"),
    "inputs": (dict, "a table"),
    "args": (dict, "a table"),
    "hashes": (dict, "a table"),
}
"""What each word of a step holds."""


def read_plan(path: Path | str) -> tuple[Step, ...]:
    """The steps in a `.toml` or `.json` file."""
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"plan {path}: {error.strerror or error}; give a plan (.toml) or a history (.json)") from error
    except UnicodeDecodeError as error:
        raise InputError(f"plan {path}: not a text file; a plan is TOML or JSON") from error
    try:
        return parse(text, suffix=path.suffix)
    except InputError as error:
        raise InputError(f"plan {path}: {error}") from error


def parse(text: str, *, suffix: str) -> tuple[Step, ...]:
    """The steps in a text; `suffix` is `.toml` or `.json`."""
    content = content_of(text, suffix=suffix)
    entries = content.get("steps")
    if not isinstance(entries, list):
        raise InputError("a plan is a list of [[steps]], each with an `op`; there are none")
    return tuple(_step(number, entry) for number, entry in enumerate(entries, 1))


def content_of(text: str, *, suffix: str) -> dict[str, Any]:
    """The table that a TOML or JSON text holds."""
    if suffix not in (".toml", ".json"):
        raise InputError(f"a plan is TOML (.toml) or JSON (.json), not {suffix or 'a file without suffix'!r}")
    try:
        content = tomllib.loads(text) if suffix == ".toml" else json.loads(text)
    except ValueError as error:
        raise InputError(f"not valid {suffix[1:].upper()}: {error}") from error
    content = {"steps": content} if isinstance(content, list) else content
    if not isinstance(content, dict):
        raise InputError("a plan is a list of steps")
    return content


def dump(steps: Iterable[Step], *, suffix: str, about: Mapping[str, Any] | None = None) -> str:
    """The steps as the text of a `.toml` or `.json` file; `about` is written beside them."""
    entries = [_entry(step) for step in steps]
    if suffix == ".json":
        table = {"radiolucent": __version__, **(about or {}), "steps": entries}
        return json.dumps(table, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    if suffix != ".toml":
        raise InputError(f"a plan is written as .toml or .json, not {suffix!r}")
    head = [f"{key} = {_toml(value)}" for key, value in {"radiolucent": __version__, **(about or {})}.items()]
    return "\n".join([*head, *("\n[[steps]]\n" + _toml_lines(entry) for entry in entries)]) + "\n"


def is_history(steps: Iterable[Step]) -> bool:
    """Whether the steps begin with reading a file, so that they need no case to start from."""
    return next((step.op == "read.load" for step in steps), False)


def _step(number: int, entry: Any) -> Step:
    try:
        return _checked(entry)
    except InputError as error:
        raise InputError(f"step {number}: {error}") from error


def _checked(entry: Any) -> Step:
    if not isinstance(entry, dict) or not isinstance(entry.get("op"), str):
        raise InputError('a step is a table with an `op`, such as op = "process.gaussian"')
    op = entry["op"]
    given = {name: entry[name] for name in FIELDS if entry.get(name) is not None}
    for name, (kind, words) in KINDS.items():
        if not isinstance(given.get(name, kind()), kind):
            raise InputError(f"{op}: `{name}` must be {words}, got {given[name]!r}")
    takes, _ = _takes(op)
    flat = {name: value for name, value in entry.items() if name not in FIELDS}
    inputs = {**given.get("inputs", {}), **{name: value for name, value in flat.items() if name in takes}}
    args = {**given.get("args", {}), **{name: value for name, value in flat.items() if name not in takes}}
    _check_names(op, inputs, args)
    return Step(**{**given, "inputs": inputs, "args": args})


def _check_names(op: str, inputs: Mapping[str, Any], args: Mapping[str, Any]) -> None:
    takes, names = _takes(op)
    for name in args:
        if name not in names:
            raise unknown(f"argument of {op}", name, [*takes, *names])
    for name, value in inputs.items():
        if name not in takes:
            raise unknown(f"input of {op}", name, takes)
        if not isinstance(value, str):
            raise InputError(f"{op}: {name} must be a name in the case, got {value!r}")


def _takes(op: str) -> tuple[list[str], list[str]]:
    """Names of the inputs and of the keyword arguments of an operation or of a reading step."""
    if op in READS:
        return [], sorted(READS[op])
    found = operation(op)
    return [item.name for item in found.inputs], [item.name for item in found.parameters]


def _entry(step: Step) -> dict[str, Any]:
    entry = {name: plain(getattr(step, name)) for name in FIELDS}
    return {name: value for name, value in entry.items() if value is not None and value != {}}


def plain(value: Any) -> Any:
    """A frozen value as JSON knows it: tables, lists, text, numbers, true, false and nothing."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        raise InputError(f"{value} cannot be written: only finite numbers can")
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Path):
        return str(value)
    raise InputError(f"a step keeps text, numbers and lists of them, not {type(value).__name__}")


def _toml_lines(entry: Mapping[str, Any]) -> str:
    """Inputs and arguments stand flat beside `op`, as a person would write them."""
    args = {name: value for name, value in entry.get("args", {}).items() if not _is_left_out(entry["op"], name, value)}
    flat = {name: entry[name] for name in ("op", "into", "seed", "version", "hashes") if name in entry}
    lines = {"op": flat.pop("op"), **entry.get("inputs", {}), **flat, **args}
    return "\n".join(f"{_toml_key(name)} = {_toml(value)}" for name, value in lines.items())


def _is_left_out(op: str, name: str, value: Any) -> bool:
    """TOML has no word for nothing: it is left out, which is right only where nothing is the default."""
    if value is not None:
        return False
    if op in READS or any(item.name == name and item.default is None for item in operation(op).parameters):
        return True
    raise InputError(f"{op}: {name} = None cannot be written as TOML; write .json")


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml_key(name)} = {_toml(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _toml_key(name: str) -> str:
    return name if name.replace("_", "").replace("-", "").isalnum() and name.isascii() else json.dumps(name)
