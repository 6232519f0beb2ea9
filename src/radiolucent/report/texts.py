"""The one catalogue of sentences that people read: a TOML file per language, never words in code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any

from radiolucent.core import unknown

NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Texts:
    """Sentences of one language, by dotted key; `{name}` in a sentence is filled with the value of that name.

    `always` holds values that every sentence may use: the name of the study's first figure (`measure`).
    """

    language: str
    sentences: Mapping[str, str]
    always: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self, key: str, values: Mapping[str, Any] = NOTHING) -> str:
        return self.sentences[key].format_map({**self.always, **values})

    def has(self, key: str) -> bool:
        return key in self.sentences

    def name(self, kind: str, code: object) -> str:
        """The reader's word for `code` ("forest" -> "Random forest"), or the code itself where there is none."""
        return self.sentences.get(f"{kind}.{code}", str(code))

    def of_sequences(self) -> Texts:
        """The same catalogue for a study of sequences, which are counted as such and not as images."""
        changed = {
            f"count.{of}images.{n}": self(f"count.{of}sequences.{n}", {"n": "{n}"})
            for of in ("", "test_")
            for n in ("one", "other")
        }
        return replace(self, sentences={**self.sentences, **changed})

    def count(self, noun: str, n: int) -> str:
        """A number with its noun in singular or plural: "1 image", "1,000 images"."""
        return self(f"count.{noun}.{'one' if n == 1 else 'other'}", {"n": f"{n:,}"})

    def listed(self, items: list[str], most: int = 6) -> str:
        """Items as a phrase: "a, b and c"; beyond `most`, the rest is counted."""
        if len(items) > most:
            return self("list.more", {"items": self("list.comma").join(items[:most]), "n": len(items) - most})
        if len(items) < 2:
            return "".join(items)
        return self("list.last", {"items": self("list.comma").join(items[:-1]), "last": items[-1]})

    def sentences_of(self, parts: list[str]) -> str:
        """Whole sentences in a row."""
        return self("list.space").join(part for part in parts if part)


@cache
def texts(language: str = "en") -> Texts:
    """The catalogue of `language`, or the error that lists the languages there are."""
    folder = files(__package__) / "catalogue"
    known = sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))
    if language not in known:
        raise unknown("report language", language, known)
    tree = tomllib.loads((folder / f"{language}.toml").read_text(encoding="utf-8"))
    return Texts(language, dict(_flat(tree)))


def _flat(tree: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, value in tree.items():
        pairs += _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else [(prefix + key, value)]
    return pairs
