"""Write `names.txt` and `english.txt` of `src/radiolucent/deid/tables`, which tell names from words in free text.

Sources, none of them needed to run the package (`pip install --no-deps --target DIR names symspellpy faker`):

- `names` 0.3.0 (MIT): surnames and first names of the 1990 census of the United States, in the public domain.
- `faker` 40 (MIT): first and last names of its Latin-script locales.
- `symspellpy` 6.10 (MIT): 82,765 English words (SCOWL) with their counts in Google Books (CC-BY 3.0).

A name that is also among the commonest words, or a common word that few people bear, is no name here: `PROTECTED`.

    python scripts/names_table.py DIR
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

TABLES = Path(__file__).parents[1] / "src/radiolucent/deid/tables"
PROTECTED, COMMON_NAME, RARE_NAME = 6_000, 8_000, 20_000
"""Words commoner than the first rank are no names, and of other words only names commoner than the second are; a word of
the standard that is no English word, or a name commoner than the third, is a name as well."""
LATIN = re.compile(r"[a-zà-öø-ÿąćčďđęěğıłńňőřśşšťůűźżžāēīū'’-]{3,}", re.IGNORECASE)


def census(folder: Path) -> dict[str, int]:
    """Name -> rank, the better of its ranks."""
    ranks: dict[str, int] = {}
    for name in ("last", "female.first", "male.first"):
        lines = (folder / f"names/dist.{'all.last' if name == 'last' else name}").read_text().splitlines()
        for rank, line in enumerate(lines):
            word = line.split()[0].lower()
            ranks[word] = min(rank, ranks.get(word, rank))
    return ranks


def of_faker(folder: Path) -> set[str]:
    """Words of the lists of first and last names, without running anything."""
    found: set[str] = set()
    for path in sorted((folder / "faker/providers/person").glob("*/__init__.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assign) and any(_is_names(target) for target in node.targets):
                texts = (one.value for one in ast.walk(node.value) if isinstance(one, ast.Constant))
                found |= {text.lower() for text in texts if isinstance(text, str) and LATIN.fullmatch(text)}
    return found


def _is_names(target: ast.expr) -> bool:
    return isinstance(target, ast.Name) and bool(re.match(r"(first|last)_names?", target.id))


def english(folder: Path) -> list[str]:
    """Words, the commonest first."""
    text = (folder / "symspellpy/frequency_dictionary_en_82_765.txt").read_text(encoding="utf-8-sig")
    counts = {line.split()[0]: int(line.split()[1]) for line in text.splitlines()}
    return sorted(counts, key=lambda word: -counts[word])


def main(folder: Path) -> None:
    words = english(folder)
    place = {word: k for k, word in enumerate(words)}
    ranks = census(folder)
    ranks |= dict.fromkeys(of_faker(folder) - ranks.keys(), RARE_NAME - 1)
    field = set((TABLES / "words.txt").read_text().split())
    names = {
        name for name, rank in ranks.items()
        if len(name) > 2 and not _is_word(place.get(name), rank) and (name not in field or rank < RARE_NAME or name not in place)
    }  # fmt: skip
    names |= {re.sub("['’-]", "", name) for name in names}
    for name, found in (("names.txt", names), ("english.txt", set(words) - names)):
        (TABLES / name).write_text("\n".join(sorted(found)) + "\n", encoding="utf-8")
        print(name, len(found))


def _is_word(place: int | None, rank: int) -> bool:
    if place is None:
        return False
    return place < PROTECTED or rank >= COMMON_NAME


if __name__ == "__main__":
    main(Path(sys.argv[1]))
