"""Run one command by name, and turn what a person can mend into one line and exit code 2."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from ..core.errors import InputError, unknown
from .commands import COMMANDS, FURTHER, GENERATED
from .parser import Parser

MENDABLE = {
    errno.ENOSPC: "the disk is full; free some space or write elsewhere",
    errno.EDQUOT: "the disk quota is used up; free some space or write elsewhere",
    errno.EROFS: "the disk is read-only; write elsewhere",
    errno.EACCES: "permission denied; change the permissions or use another place",
    errno.EPERM: "permission denied; change the permissions or use another place",
    errno.ENOENT: "there is no such file or folder",
    errno.EISDIR: "this is a folder, a file is wanted",
    errno.ENOTDIR: "this is a file, a folder is wanted",
    errno.ENAMETOOLONG: "the name is too long",
}
"""What the system refuses and a person can mend; every other `OSError` is a defect and keeps its traceback."""


AUDITED = ("deid", "learn", "predict", "convert")
"""Commands that write to an audit log where one is named."""


def dispatch(command: str, words: Sequence[str]) -> int:
    """Run `command` with its words and return the exit code."""
    try:
        return _run(command, words)
    except InputError as error:
        return _say(command, str(error), code=2)
    except KeyboardInterrupt:
        return _say(command, f"stopped; {_go_on(command)}", code=130)
    except MemoryError as error:
        return _say(command, f"there is not enough memory ({error}); use smaller pictures or fewer threads", code=2)
    except BrokenPipeError:
        # whoever read our output has seen enough; Python would complain once more when it closes the stream
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        if error.errno not in MENDABLE:
            raise
        where = f"{error.filename}: " if error.filename else ""
        return _say(command, where + MENDABLE[error.errno], code=2)


def command_parser(command: str) -> Parser:
    """The parser of a command that has a file of its own."""
    parser = Parser(prog=f"radiolucent {command}", description=f"{COMMANDS[command]}.")
    module_of(command).arguments(parser)
    if command in AUDITED:
        parser.add_argument(
            "--audit-log", type=Path, metavar="FILE",
            help="add a line on who did what, when, and what came of it (default: RADIOLUCENT_AUDIT_LOG, if it is set)",
        )  # fmt: skip
    return parser


def module_of(command: str) -> Any:
    """The file of a command."""
    return import_module(f"{__package__}.{command.replace('-', '_')}")


def _run(command: str, words: Sequence[str]) -> int:
    if command not in COMMANDS:
        raise unknown("command", command, COMMANDS)
    try:
        if command in GENERATED:
            return import_module(f"{__package__}.{FURTHER.get(command, 'operation')}").run_stage(command, words)
        given = command_parser(command).understood(words)
    except SystemExit as done:  # argparse leaves like this after --help
        return int(done.code or 0)
    return _audited(command, given) if command in AUDITED else int(module_of(command).run(given))


def _audited(command: str, given: argparse.Namespace) -> int:
    """Run, and log that it was run where a log is named."""
    log = given.audit_log
    del given.audit_log
    if log is None and not os.environ.get("RADIOLUCENT_AUDIT_LOG"):
        return int(module_of(command).run(given))
    objects = [str(value) for value in vars(given).values() if isinstance(value, Path)]
    with import_module("radiolucent.flow.audit").audited(command, log, objects) as told:
        told["code"] = int(module_of(command).run(given))
    return int(told["code"])


def _go_on(command: str) -> str:
    module = sys.modules.get(f"{__package__}.{command}")
    return getattr(module, "GO_ON", "nothing was written; give the same command to start again")


def _say(command: str, message: str, *, code: int) -> int:
    print(f"radiolucent {command}: {' '.join(message.split())}", file=sys.stderr)
    return code
