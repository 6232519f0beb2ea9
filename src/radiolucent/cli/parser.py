"""Command lines whose errors are one line that names the nearest thing there is."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import NoReturn

from ..core.errors import InputError, unknown


class Parser(argparse.ArgumentParser):
    """An argument parser that raises `InputError` and takes no flag by halves."""

    def __init__(self, *, prog: str, description: str) -> None:
        super().__init__(
            prog=prog,
            description=description,
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )

    def error(self, message: str) -> NoReturn:
        raise InputError(f"{message}; `{self.prog} --help` says more")

    def understood(self, words: Sequence[str]) -> argparse.Namespace:
        """What the words ask for, or the error that names the nearest flag."""
        flags = [flag for action in self._actions for flag in action.option_strings]
        for word in words:
            name = word.partition("=")[0]
            if word == "--":
                break
            if name.startswith("--") and name not in flags:
                raise unknown("flag", name, [flag for flag in flags if flag.startswith("--")])
        given, more = self.parse_known_args(words)
        if more:
            if more[0].startswith("-"):
                raise unknown("flag", more[0], flags)
            raise InputError(f"{more[0]!r} is one word too many; `{self.prog} --help` says more")
        return given
