"""Where in a rule file something stands: errors with line and column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from radiolucent.core import InputError, unknown


class Text:
    """A file's text and its name."""

    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.name = name

    def find(self, *words: str, start: int = 0) -> int:
        """Where the last of the words stands that are found one after another."""
        for word in filter(None, words):
            found = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])").search(self.text, start)
            start = found.start() if found else start
        return start

    def at(self, position: int) -> str:
        """Line and column of a position, counted from 1."""
        before = self.text[:position]
        return f"line {before.count(chr(10)) + 1}, column {position - before.rfind(chr(10))}"

    def error(self, says: str, *words: str) -> InputError:
        """The error for what stands at the last of the words."""
        return self.error_at(says, self.find(*words))

    def error_at(self, says: str, position: int) -> InputError:
        """The error for what stands at a position."""
        return InputError(f"{self.name}: {self.at(position)}: {says}")

    def caused(self, error: InputError, *words: str) -> InputError:
        """Another error, told with its place."""
        return self.error(str(error), *words)

    def words(self, item: Mapping[str, Any], known: Iterable[str], what: str, *where: str) -> None:
        """Refuse a word that is not known there."""
        if not isinstance(item, Mapping):
            raise self.error(f"{what} must be a table, not {item!r}", *where)
        for word in item:
            if word not in known:
                raise self.caused(unknown(f"word in {what}", word, sorted(known)), *where, word)
