"""The command `radiolucent`: one file per command, loaded by name when it is asked for."""

import sys
from collections.abc import Sequence
from importlib import import_module

from .. import __version__
from .commands import COMMANDS


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0, or 2 where what was given cannot be used."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in ("-h", "--help", "help"):
        print(overview())
        return 0
    if words[0] == "--version":
        print(f"radiolucent {__version__}")
        return 0
    return import_module(f"{__name__}.dispatch").dispatch(words[0], words[1:])


def overview() -> str:
    """What there is, one line a command."""
    width = max(map(len, COMMANDS))
    lines = [f"  {name:{width}}  {line}" for name, line in COMMANDS.items()]
    return "\n".join(
        [
            "usage: radiolucent COMMAND ...",
            "",
            "Medical image analysis you can defend to a reviewer: X-ray, CT, MRI, ultrasound.",
            "",
            *lines,
            "",
            "`radiolucent COMMAND --help` says more. Research software, not for diagnosis.",
        ]
    )
