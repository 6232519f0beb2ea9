"""radiolucent audit-log verify FILE: whether an audit log is as it was written."""

from __future__ import annotations

import argparse
import os
from importlib import import_module
from pathlib import Path

from ..core.errors import InputError


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command line."""
    parser.add_argument("what", choices=("verify",), help="verify: find lines that were changed, removed, moved or cut")
    parser.add_argument("log", metavar="FILE", type=Path, help="the log; its sealed head lies beside it (FILE.head)")
    parser.add_argument("--key", type=Path, metavar="KEY", help="its key (default: RADIOLUCENT_AUDIT_KEY, or FILE.key)")
    parser.add_argument("--last", metavar="HASH", help="a hash noted earlier, which must still be in the log")


def run(given: argparse.Namespace) -> int:
    """Verify, and say what to note."""
    flow = import_module("radiolucent.flow.audit")
    if not given.log.exists() and not given.log.with_name(given.log.name + ".head").exists():
        raise InputError(f"{given.log}: there is no such log")
    named = os.environ.get(flow.KEY_VARIABLE)
    log = flow.AuditLog(given.log, given.key or (Path(named) if named else None))
    found = log.verified()
    if given.last and f'"hash": "{given.last}"' not in given.log.read_text(encoding="ascii"):
        raise InputError(f"{given.log}: no line has the hash that was noted; the log was cut or replaced")
    print(f"{found.lines} lines, none changed, removed or moved; the last: {found.last}")
    return 0
