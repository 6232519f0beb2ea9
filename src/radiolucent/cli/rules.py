"""radiolucent reason GUIDELINE --size-mm 7 ...: one command a guideline, made from its tables; and `reason rules`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from ..core import Finding, InputError, unknown
from ..flow.ops import stage_operations
from ..flow.recipes import recipes_of
from ..reason.rules.findings import findings
from ..reason.rules.page import section
from ..reason.rules.proof import prove, size
from ..reason.rules.read import names, read, shipped
from ..reason.rules.types import Entry, Guideline
from .operation import run_stage as run_operation
from .parser import Parser

WORDS = {
    "list": "List the guidelines with version and status",
    "show": "Show a guideline: source, inputs and tables",
    "check": "Prove that rule files have no gaps, no overlaps and no row that cannot be reached",
}


def run_stage(stage: str, words: Sequence[str]) -> int:
    """A guideline, `rules`, or else an operation or recipe of the stage."""
    first = words[0] if words else ""
    own = first.replace("_", "-")
    if first == "rules":
        return _rules(words[1:])
    if own in names() or _own_file(words) is not None:
        return _apply(own, words[1:], _own_file(words))
    known = {name.partition(".")[2] for name in stage_operations(stage)} | set(recipes_of(stage))
    if first not in ("", "-h", "--help") and not {first.replace("-", "_"), own} & known:
        raise unknown("guideline or operation", first, [*names(), *known, "rules"])
    done = run_operation(stage, words)
    if first in ("", "-h", "--help"):
        print(overview())
    return done


def overview() -> str:
    """The guidelines, one line each."""
    known = [shipped(name) for name in names()]
    width = max(len(one.name) for one in known)
    lines = [f"  {one.name:{width}}  {one.about}" for one in known if one.status == "verified"]
    lines += [f"  {one.name:{width}}  {one.about} (unverified)" for one in known if one.status != "verified"]
    return "\n".join(
        [
            "",
            "Guidelines: radiolucent reason GUIDELINE --its-inputs",
            "",
            *lines,
            "",
            "`radiolucent reason rules list|show|check` lists, shows and proves them; --rules FILE uses a file of your own.",
        ]
    )


def guideline_parser(guideline: Guideline) -> Parser:
    """The command line that follows from a guideline's inputs."""
    text = f"{guideline.about}\n\n{guideline.cited} ({guideline.status}). {guideline.source}\n\nNot a diagnosis."
    parser = Parser(prog=f"radiolucent reason {guideline.name}", description=text)
    inputs = parser.add_argument_group("inputs")
    for entry in guideline.inputs.values():
        _add(inputs, entry)
    more = parser.add_argument_group("more")
    more.add_argument("--unverified", action="store_true", help="use a guideline that is marked unverified")
    more.add_argument("--rules", type=Path, metavar="FILE", help="a rule file of your own that has this name")
    more.add_argument("--json", action="store_true", help="print the findings as JSON")
    return parser


def _add(group: argparse._ArgumentGroup, entry: Entry) -> None:
    flag, dest = "--" + entry.name.replace("_", "-"), f"set_{entry.name}"
    words = entry.help.replace("%", "%%")
    if entry.kind == "flag":
        group.add_argument(flag, dest=dest, action=argparse.BooleanOptionalAction, default=None, help=words)
        return
    if entry.range is None:
        metavar = "{" + ",".join(entry.choices) + "}"
    else:
        unit = "" if entry.unit == "1" else f" {entry.unit.replace('%', '%%')}"
        words += f" ({entry.range[0]:g} to {entry.range[1]:g}{unit})"
        metavar = entry.unit.upper() if entry.unit.isascii() and entry.unit.isalpha() else "NUMBER"
    group.add_argument(flag, dest=dest, nargs="+" if entry.kind == "choices" else None, metavar=metavar, help=words)


def _own_file(words: Sequence[str]) -> Path | None:
    for number, word in enumerate(words):
        if word == "--rules" and number + 1 < len(words):
            return Path(words[number + 1])
        if word.startswith("--rules="):
            return Path(word.partition("=")[2])
    return None


def _apply(name: str, words: Sequence[str], file: Path | None) -> int:
    guideline = shipped(name) if file is None else read(file)
    if guideline.name != name:
        raise InputError(f"{file} holds the guideline {guideline.name!r}, not {name!r}")
    given = guideline_parser(guideline).understood(_joined(words))
    told = {key: value for key in guideline.inputs if (value := getattr(given, f"set_{key}")) is not None}
    found = findings(guideline, told, unverified=given.unverified)
    if given.json:
        print(json.dumps([asdict(finding) for finding in found], indent=2, ensure_ascii=False))
    else:
        print("\n".join(line for finding in found for line in _told(finding)))
    return 0


def _joined(words: Sequence[str]) -> list[str]:
    """`--t-score -2.5` as one word, which argparse would take for a flag."""
    joined: list[str] = []
    for word in words:
        is_negative = word[:1] == "-" and word[1:2].isdigit()
        if is_negative and joined and joined[-1].startswith("--") and "=" not in joined[-1]:
            joined[-1] += f"={word}"
        else:
            joined.append(word)
    return joined


def _told(finding: Finding) -> list[str]:
    return [finding.says, *(f"  {reason}" for reason in finding.because)]


def _rules(words: Sequence[str]) -> int:
    if not words or {"-h", "--help"} & set(words):
        print("usage: radiolucent reason rules list | show GUIDELINE | check [FILE ...]\n")
        print("\n".join(f"  {word:6}  {line}" for word, line in WORDS.items()))
        return 0
    word, rest = words[0], words[1:]
    if word not in WORDS:
        raise unknown("command of `reason rules`", word, WORDS)
    return {"list": _list, "show": _show, "check": _check}[word](rest)


def _list(words: Sequence[str]) -> int:
    if words:
        raise InputError(f"{words[0]!r} is one word too many; `radiolucent reason rules list` takes none")
    for one in map(shipped, names()):
        print(f"{one.name:22}{one.version:20}{one.status:12}{one.title}")
    return 0


def _show(words: Sequence[str]) -> int:
    if len(words) != 1:
        raise InputError("`radiolucent reason rules show` takes one guideline, or a rule file")
    print("\n".join(section(_one(words[0]))))
    return 0


def _check(words: Sequence[str]) -> int:
    """Without a file, every guideline that ships; the exit code is 1 where something is not proven."""
    wrong = 0
    for one in [_one(word) for word in words or names()]:
        complaints = prove(one)
        wrong += len(complaints)
        tables, rows = size(one)
        print(
            f"{one.name}: {tables} tables, {rows} rows: "
            + ("proven" if not complaints else f"{len(complaints)} faults")
        )
        for complaint in complaints:
            print(f"  {complaint}")
    return 1 if wrong else 0


def _one(word: str) -> Guideline:
    return read(Path(word)) if word.endswith(".toml") else shipped(word)
