"""The generated pages under docs, made from what there is: `python -m radiolucent.cli.handbook docs`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..flow.ops import stage_operations
from ..flow.recipes import recipe, recipes_of
from ..reason.rules.page import page as guidelines
from ..reason.rules.read import names
from .commands import COMMANDS, GENERATED
from .dispatch import command_parser
from .operation import is_offered, operation_parser
from .ops import markdown
from .parser import Parser
from .recipe import recipe_parser


def pages() -> dict[str, str]:
    """Every generated page by file name."""
    return {"operations.md": markdown(), "commands.md": commands(), "guidelines.md": guidelines()}


def commands() -> str:
    """The page docs/commands.md."""
    head = ["# Commands", "", "Made by `python -m radiolucent.cli.handbook docs`; do not edit.", ""]
    return "\n".join([*head, *(_stage(name) if name in GENERATED else _command(name) for name in COMMANDS)])


def _command(name: str) -> str:
    parser = command_parser(name)
    return "\n".join([f"## {name}", "", f"{COMMANDS[name]}.", "", *_table(_own(parser)), ""])


def _stage(stage: str) -> str:
    """The operations of a stage by name, and the flags that all of them have."""
    ops = [op for op in stage_operations(stage).values() if is_offered(op)]
    actions = {action.dest: action for op in reversed(ops) for action in _own(operation_parser(op))}
    shared = [action for dest, action in actions.items() if not dest.startswith(("set_", "input_"))]
    recipes = [line for word in recipes_of(stage) for line in _recipe(stage, word)]
    links = [f"[{op.short}](operations.md#{op.name.replace('.', '')})" for op in ops]
    return "\n".join(
        [
            f"## {stage}",
            "",
            f"{COMMANDS[stage]}: `radiolucent {stage} OP IN OUT`, where OP is {', '.join(links)}.",
            "",
            *_table(shared),
            "",
            *recipes,
            *(_guidelines() if stage == "reason" else ()),
        ]
    )


def _guidelines() -> list[str]:
    """The commands that follow from rule files, and where their inputs are told."""
    links = ", ".join(f"[{name}](guidelines.md#{name})" for name in names())
    return [
        "### reason GUIDELINE",
        "",
        f"`radiolucent reason GUIDELINE --its-inputs`, where GUIDELINE is {links}. `--rules FILE` uses a rule file of your",
        "own that has this name, `--unverified` one that is marked unverified, `--json` prints findings for programs.",
        "",
        "### reason rules",
        "",
        "`radiolucent reason rules list`, `rules show GUIDELINE` and `rules check [FILE ...]`: list and show guidelines, and",
        "prove that their tables have no gaps, no overlaps and no row that cannot be reached.",
        "",
    ]


def _recipe(stage: str, word: str) -> list[str]:
    return [
        f"### {stage} {word}",
        "",
        recipes_of(stage)[word],
        "",
        *_table(_own(recipe_parser(recipe(stage, word)))),
        "",
    ]


def _own(parser: Parser) -> list[argparse.Action]:
    return [action for action in parser._actions if action.dest != "help"]


def _table(actions: list[argparse.Action]) -> list[str]:
    rows = [f"| {_spelled(action)} | {_explained(action)} |" for action in actions]
    return ["| argument | what it does |", "|---|---|", *rows]


def _explained(action: argparse.Action) -> str:
    return (action.help or "").replace("%%", "%").replace("|", "\\|")


def _spelled(action: argparse.Action) -> str:
    """`-o`, `--out RUN`, or the name of a positional argument; the same in every version of argparse."""
    metavar = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    if action.choices:
        metavar = "{" + ",".join(map(str, action.choices)) + "}"
    if not action.option_strings:
        return f"`{metavar}`" if action.nargs != "?" else f"`[{metavar}]`"
    takes = "" if action.nargs == 0 else f" {metavar}" + (" ..." if action.nargs in ("+", "*") else "")
    *short, last = action.option_strings
    return ", ".join(f"`{flag}`" for flag in [*short, last + takes])


if __name__ == "__main__":
    for file, text in pages().items():
        (Path(sys.argv[1]) / file).write_text(text, encoding="utf-8")
