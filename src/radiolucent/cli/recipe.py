"""radiolucent STAGE RECIPE IN ... -o OUT: what joins stages, as a command that follows from its signature."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from pathlib import Path

from ..core import InputError
from ..flow.ops import Operation
from ..flow.recipes import recipe
from .operation import add_parameter, asked
from .output import refuse_existing
from .parser import Parser


def run_recipe(stage: str, word: str, words: Sequence[str]) -> int:
    """Run the recipe and print what it says."""
    chosen = recipe(stage, word)
    given = recipe_parser(chosen).understood(words)
    args = asked(chosen, given)
    paths = [value for item in chosen.inputs if (value := getattr(given, f"input_{item.name}")) is not None]
    for path in paths:
        if isinstance(path, Path) and not path.exists():
            raise InputError(f"{path}: there is no such file or folder")
    if isinstance(args.get("out"), Path):
        refuse_existing(args["out"], overwrite=bool(args.get("overwrite", False)))
    print(chosen.function(*paths, **args))
    return 0


def recipe_parser(chosen: Operation) -> Parser:
    """The command line of one recipe."""
    word = chosen.short.replace("_", "-")
    text = inspect.getdoc(chosen.function) or chosen.summary
    parser = Parser(prog=f"radiolucent {chosen.stage} {word}", description=text)
    for item in chosen.inputs:
        parser.add_argument(
            f"input_{item.name}",
            metavar="IN" if item.name == "source" else item.name.upper(),
            type=item.kind,
            nargs="?" if item.optional else None,
            help=item.description,
        )
    own = parser.add_argument_group("parameters")
    for parameter in chosen.parameters:
        add_parameter(own, parameter)
    return parser
