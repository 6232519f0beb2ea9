"""Write `names.txt`, `words_too.txt`, `english.txt` and `clinical.txt` of `src/radiolucent/deid/tables`, which tell names from
words in free text.

Sources, none of them needed to run the package (`pip install --no-deps --target DIR names symspellpy faker english-words` and
what `field_words.py` asks for):

- `names` 0.3.0 (MIT): surnames and first names of the 1990 census of the United States, in the public domain.
- `faker` 40 (MIT): first and last names of its Latin-script locales.
- `symspellpy` 6.10 (MIT): 82,765 English words (SCOWL) with their counts in Google Books (CC-BY 3.0); names among them.
- `english-words` 2.0 (MIT): Webster's second dictionary of 1934 (public domain), which writes words small and names large.

What is both a name and a word is put where more of its evidence is: `PROTECTED`, `CALLED`, `TAKEN`, `DOMINANT`.

    python scripts/names_table.py DIR
"""

from __future__ import annotations

import ast
import pickletools
import re
import sys
from collections import Counter
from pathlib import Path

from field_words import evidence

TABLES = Path(__file__).parents[1] / "src/radiolucent/deid/tables"
PROTECTED, RARE_WORD, CALLED, COMMON_NAME, RARE_NAME = 6_000, 15_000, 3_000, 8_000, 20_000
"""Words commoner than the first rank are words also where they are names; the names commoner than the third are names
whatever they mean, and of words of the dictionary only names commoner than the fourth are."""
WORDS_FIRST = frozenset(
    ("amber", "angel", "art", "august", "autumn", "brain", "brooks", "buddy", "candy", "chance", "charity", "chase", "cherry",
     "clay", "cole", "crystal", "dale", "dawn", "dean", "don", "drew", "ebony", "eve", "faith", "forest", "foster", "frank",
     "gay", "gene", "german", "grace", "grant", "guy", "hope", "jack", "jean", "joy", "june", "junior", "kent", "lane",
     "major", "mark", "mason", "may", "mike", "numbers", "parker", "pat", "pearl", "porter", "prince", "queen", "ray", "reed",
     "rich", "rob", "rocky", "rod", "rose", "royal", "ruby", "sandy", "son", "sterling", "sue", "summer", "tiffany", "tom",
     "van", "victor", "walker", "ward", "warren", "will", "young")
)  # fmt: skip
"""Of the words that a thousand first names of the census are, those that are words first; all others are names alone."""
SHORT, UNHEARD = 4, 30_000
"""Names of so few letters that are rarer than this are short forms more often than names."""
NOBODY = 10**6
TAKEN = ((100, 5), (1_000, 3), (20_000, 1), (NOBODY, 0))
DOMINANT = ((1_000, 10), (5_000, 5), (20_000, 3), (NOBODY - 1, 2), (NOBODY, NOBODY))
"""(rank of a name, evidence): with more, a name up to this rank is a word of the field too, or a word of the field only."""
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


def first_names(folder: Path) -> set[str]:
    """The thousand commonest of either sex."""
    texts = ((folder / f"names/dist.{sex}.first").read_text() for sex in ("female", "male"))
    return {line.split()[0].lower() for text in texts for line in text.splitlines()[:1000]}


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


def proper(folder: Path) -> set[str]:
    """Words that Webster writes with a capital only: January, Paris, John."""
    with (folder / "english_words/data/web2.pickle").open("rb") as file:
        words = {word for _, word, _ in pickletools.genops(file) if isinstance(word, str)}
    return {word.lower() for word in words if word[:1].isupper()} - words


def main(folder: Path) -> None:
    words = english(folder)
    known = dictionary(folder)
    place = {word: k for k, word in enumerate(words)}
    ranks = census(folder)
    ranks |= dict.fromkeys(of_faker(folder) - ranks.keys(), RARE_NAME - 1)
    strength = evidence(folder)
    names = {
        name
        for name, rank in ranks.items()
        if len(name) > 1
        and (len(name) > SHORT or rank < UNHEARD)
        and not is_above(strength[name], rank, DOMINANT)
        and (rank < CALLED or not _is_word(place.get(name), rank, is_inflected(name, known)))
    }
    names |= {re.sub("['’-]", "", name) for name in names}
    is_proper = proper(folder)
    plain = {
        word
        for word in words
        if word in known
        or (word not in is_proper and (is_inflected(word, known) or (place[word] < RARE_WORD and word not in ranks)))
    }
    plain -= {name for name in names if place.get(name, PROTECTED) >= PROTECTED}
    plain -= first_names(folder) & names - WORDS_FIRST
    clinical = of_the_field(strength, ranks)
    words_too = {name for name in ranks.keys() & plain - names - clinical if len(name) > 3}
    for name, found in (
        ("names.txt", names),
        ("english.txt", plain),
        ("words_too.txt", words_too),
        ("clinical.txt", clinical),
    ):
        (TABLES / name).write_text("\n".join(sorted(found)) + "\n", encoding="utf-8")
        print(name, len(found))


def of_the_field(strength: Counter[str], ranks: dict[str, int]) -> set[str]:
    return {
        word for word, found in strength.items() if len(word) > 1 and is_above(found, ranks.get(word, NOBODY), TAKEN)
    }


def is_above(found: int, rank: int, bars: tuple[tuple[int, int], ...]) -> bool:
    """Whether there is more evidence of a word of the field than names of this rank need."""
    return found > next(bar for least, bar in bars if rank <= least)


def _is_word(place: int | None, rank: int, is_in_dictionary: bool) -> bool:
    if place is None:
        return False
    return place < PROTECTED or (rank >= COMMON_NAME and is_in_dictionary)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
