"""radiolucent STAGE OP IN OUT --flags: the commands that follow from the operations' signatures alone."""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from ..core import Image, Keypoints, Mask, Transform, unknown
from ..flow.ops import Operation, Parameter, reach_of, spell, stage_operations
from ..flow.recipes import recipes_of
from .commands import COMMANDS
from .parser import Parser
from .spacing import add_allow_blocked, add_spacing

FILES = {Image: "image", Mask: "mask", Transform: "transform"}
"""Inputs that a command can take from a file."""

PICTURES = (Image, Mask)
"""What is written as a picture, by its suffix."""


def run_stage(stage: str, words: Sequence[str]) -> int:
    """Run the operation that the first word names, or list what the stage has."""
    offered = {op.short: op for op in stage_operations(stage).values() if is_offered(op)}
    if not words or words[0] in ("-h", "--help"):
        print(stage_overview(stage, offered))
        return 0
    name = words[0].replace("-", "_")
    if words[0].replace("_", "-") in recipes_of(stage):
        return import_module(f"{__package__}.recipe").run_recipe(stage, name, words[1:])
    if name not in offered:
        raise unknown(f"{stage} operation", words[0], [*offered, *recipes_of(stage)])
    given = operation_parser(offered[name]).understood(words[1:])
    # reading and writing are slow to import, so they wait until --help and bad flags have been dealt with
    return import_module(f"{__package__}.apply").apply_operation(offered[name], given, asked(offered[name], given))


def is_offered(op: Operation) -> bool:
    """Whether everything the operation needs can come from a file."""
    return all(item.optional or item.kind is not Keypoints for item in op.inputs)


def stage_overview(stage: str, offered: dict[str, Operation]) -> str:
    """The operations and recipes of a stage, one line each."""
    known = {name: op.summary for name, op in offered.items()} | recipes_of(stage)
    width = max(map(len, known), default=0)
    lines = [f"  {name:{width}}  {summary}" for name, summary in known.items()]
    return "\n".join(
        [
            f"usage: radiolucent {stage} OP IN OUT ...",
            "",
            f"{COMMANDS[stage]}.",
            "",
            *lines,
            "",
            f"`radiolucent {stage} OP --help` says more.",
        ]
    )


def operation_parser(op: Operation) -> Parser:
    """The command line of one operation."""
    parser = Parser(prog=f"radiolucent {op.stage} {op.short}", description=inspect.getdoc(op.function) or op.summary)
    first, *others = op.inputs
    parser.add_argument(
        "source", metavar="IN", help=f"{_article(first.kind.__name__)}: a file, or a folder of one series"
    )
    parser.add_argument("out", metavar="OUT", type=Path, help="what to write; the suffix chooses the form")
    for item in (item for item in others if item.kind in FILES):
        words = f"{_article(item.kind.__name__)} from a file" + ("" if item.optional else "; needed")
        parser.add_argument(
            _flag(item.name), dest=f"input_{item.name}", metavar="FILE", required=not item.optional, help=words
        )
    own = parser.add_argument_group("parameters") if op.parameters else parser
    for parameter in op.parameters:
        add_parameter(own, parameter)
    _add_reading_and_writing(parser, op)
    return parser


def asked(op: Operation, given: argparse.Namespace) -> dict[str, Any]:
    """The arguments that were given on the command line; they are checked by the operation itself."""
    values = {p.name: getattr(given, f"set_{p.name}") for p in op.parameters}
    said = {name: value for name, value in values.items() if value is not None}
    return op.complete({p.name: _meant(p, said[p.name]) for p in op.parameters if p.name in said})


def spacing_flag(op: Operation) -> str:
    """The flag for the spacing of IN: another one where the operation itself has a parameter of that name."""
    taken = any(parameter.name == "spacing_mm" for parameter in op.parameters)
    return "--in-spacing-mm" if taken else "--spacing-mm"


def gives_pictures(annotation: Any) -> bool:
    """Whether an Image or a Mask is what is returned, or among it."""
    return annotation in PICTURES or any(gives_pictures(item) for item in get_args(annotation))


def limits(parameter: Parameter) -> str:
    """The bounds of a parameter as a person writes them: `> 0, at most 10`."""
    words = {"exclusiveMinimum": "above", "minimum": "at least", "exclusiveMaximum": "below", "maximum": "at most"}
    schemas = [parameter.schema, *parameter.schema.get("anyOf", ())]
    schemas += [schema["items"] for schema in schemas if isinstance(schema.get("items"), dict)]
    found = [f"{word} {schema[key]:g}" for schema in schemas for key, word in words.items() if key in schema]
    return ", ".join(dict.fromkeys(found))


def explained(parameter: Parameter) -> str:
    """Description, bounds and default of a parameter in one line."""
    default = parameter.default
    if not parameter.has_default:
        return f"{parameter.description.strip().rstrip('.')} (needed)"
    shown = "none" if default is None else " ".join(map(str, default)) if isinstance(default, tuple) else str(default)
    facts = [limits(parameter), f"default: {shown}"]
    text = parameter.description.strip().rstrip(".")
    return f"{text} ({'; '.join(fact for fact in facts if fact)})"


def _add_reading_and_writing(parser: Parser, op: Operation) -> None:
    common = parser.add_argument_group("reading and writing")
    common.add_argument("--image", dest="part", metavar="NAME", help="which image, where IN holds several")
    add_spacing(common, spacing_flag(op), dest="in_spacing_mm")
    add_allow_blocked(common)
    if gives_pictures(op.returns) and op.inputs[0].kind in PICTURES:
        common.add_argument("--show", type=Path, metavar="PNG", help="write a picture of before and after")
    if reach_of(op) is not None:
        common.add_argument(
            "--block-mb",
            type=float,
            metavar="MB",
            help="work in slabs that take so much memory; the result is the same (default: where memory would not do)",
        )
    common.add_argument(
        "--history", type=Path, metavar="JSON", help="write the history, which `radiolucent run` repeats"
    )
    common.add_argument("--overwrite", action="store_true", help="replace OUT if it exists")


def add_parameter(group: Any, parameter: Parameter) -> None:
    """The flag of one parameter."""
    kind, many = _kind(parameter.annotation)
    words = explained(parameter).replace("%", "%%")
    flag, dest = _flag(parameter.name), f"set_{parameter.name}"
    needed = not parameter.has_default
    if kind is bool:
        group.add_argument(flag, dest=dest, action=argparse.BooleanOptionalAction, help=words)
        return
    metavar = parameter.unit.upper() if parameter.unit.isalpha() else spell(kind).upper()
    if get_origin(kind) is Literal:
        metavar = "{" + ",".join(map(str, get_args(kind))) + "}"
    flags = ("-o", flag) if parameter.name == "out" else (flag,)
    group.add_argument(*flags, dest=dest, nargs=many, metavar=metavar, required=needed, help=words)


def _kind(annotation: Any) -> tuple[Any, str | int | None]:
    """The type of one value, and how many of them argparse shall take."""
    if get_origin(annotation) is Annotated:
        return _kind(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        kinds = [_kind(item) for item in get_args(annotation) if item is not type(None)]
        counts = {many for _, many in kinds}
        return kinds[0][0], counts.pop() if len(counts) == 1 else "+"
    if get_origin(annotation) in (tuple, list):
        items = [item for item in get_args(annotation) if item is not ...]
        open_ended = get_origin(annotation) is list or ... in get_args(annotation)
        return _kind(items[0])[0], "+" if open_ended else len(items)
    return annotation, None


def _meant(parameter: Parameter, value: Any) -> Any:
    """Words as the values they stand for; numbers are left to the check, which knows how to complain."""
    kind, many = _kind(parameter.annotation)
    if get_origin(kind) is Literal:
        meanings = {str(item): item for item in get_args(kind)}
        value = [meanings.get(v, v) for v in value] if isinstance(value, list) else meanings.get(value, value)
    if many == "+" and len(value) == 1 and _takes_one(parameter.annotation):
        return value[0]
    return tuple(value) if isinstance(value, list) else value


def _takes_one(annotation: Any) -> bool:
    """Whether a single value will do as well as several (`float | tuple[float, ...]`)."""
    if get_origin(annotation) is Annotated:
        return _takes_one(get_args(annotation)[0])
    options = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
    return any(_kind(item)[1] is None for item in options if item is not type(None))


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def _article(kind: str) -> str:
    return ("an " if kind[0] in "AEIOU" else "a ") + kind.lower()
