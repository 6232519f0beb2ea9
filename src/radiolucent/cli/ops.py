"""radiolucent ops: everything that an image, a mask or a case can be put through."""

from __future__ import annotations

import argparse
import json

from ..flow.ops import Operation, operations, spell
from .operation import explained


def arguments(parser: argparse.ArgumentParser) -> None:
    """Flags of `radiolucent ops`."""
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--json", action="store_true", help="as JSON: for each operation its inputs, result and JSON schema"
    )
    form.add_argument("--markdown", action="store_true", help="as the page docs/operations.md")


def run(given: argparse.Namespace) -> int:
    """Print the list in the form that was asked for."""
    if given.json:
        print(json.dumps([op.schema() for op in operations().values()], indent=2, ensure_ascii=False))
    else:
        print(markdown() if given.markdown else listing(), end="")
    return 0


def listing() -> str:
    """Each operation with its parameters, for a terminal."""
    blocks = []
    for op in operations().values():
        names = [parameter.name for parameter in op.parameters]
        width = max(map(len, names), default=0)
        lines = [f"    {p.name:{width}}  {_typed(p.annotation, p.unit)}: {explained(p)}" for p in op.parameters]
        blocks.append("\n".join([f"{op.name}  ({_arrow(op)})", f"  {op.summary}", *lines]))
    return "\n\n".join(blocks) + "\n"


def markdown() -> str:
    """The page docs/operations.md."""
    blocks = ["# Operations", "", "Made by `radiolucent ops --markdown`; do not edit.", ""]
    stage = ""
    for op in operations().values():
        if op.stage != stage:
            stage = op.stage
            blocks += [f"## {stage}", ""]
        blocks += [f"### {op.name}", "", op.summary, "", f"`{_arrow(op)}`", ""]
        if op.parameters:
            blocks += ["| parameter | type | unit | what it does |", "|---|---|---|---|"]
            blocks += [
                f"| `{p.name}` | {_cell(spell(p.annotation))} | {p.unit} | {_cell(explained(p))} |"
                for p in op.parameters
            ]
            blocks.append("")
    return "\n".join(blocks)


def _arrow(op: Operation) -> str:
    takes = [f"{item.kind.__name__}{' (optional)' if item.optional else ''}" for item in op.inputs]
    return f"{', '.join(takes)} -> {spell(op.returns)}"


def _typed(annotation: object, unit: str) -> str:
    return spell(annotation) + (f" [{unit}]" if unit else "")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
