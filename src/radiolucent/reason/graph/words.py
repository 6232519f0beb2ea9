"""One key for all spellings of a term: case, accents, hyphens, plural, British and American, full and half width."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

SPELLINGS = (
    (r"aem", "em"), (r"haem", "hem"), (r"oedem", "edem"), (r"oesoph", "esoph"), (r"oestr", "estr"), (r"foet", "fet"),
    (r"paed", "ped"), (r"caec", "cec"), (r"faec", "fec"), (r"coeli", "celi"), (r"rrhoe", "rrhe"), (r"phaeo", "pheo"),
    (r"aetio", "etio"), (r"gynaec", "gynec"), (r"anaes", "anes"), (r"sulph", "sulf"), (r"(?<=[a-z])our$", "or"),
    (r"tumour", "tumor"), (r"colour", "color"), (r"isation", "ization"),
    (r"alis(e|ed|ing)$", r"aliz\1"),
    (r"(cent|fib|calib|lit|met|goit)re$", r"\1er"),
    (r"^grey", "gray"), (r"^disk", "disc"), (r"dilatation", "dilation"), (r"^mould", "mold"), (r"orrhoe", "orrhe"),
)  # fmt: skip
"""British (or older) letters and the American that the keys have; both sides of a comparison go through this."""

IRREGULAR = {
    "vertebrae": "vertebra", "bullae": "bulla", "hila": "hilum", "septa": "septum", "atria": "atrium",
    "diverticula": "diverticulum", "ganglia": "ganglion", "apices": "apex", "cortices": "cortex", "nuclei": "nucleus",
    "calculi": "calculus", "thrombi": "thrombus", "emboli": "embolus", "bronchi": "bronchus", "foci": "focus",
    "phalanges": "phalanx", "foramina": "foramen", "ova": "ovum", "sulci": "sulcus", "gyri": "gyrus", "data": "data",
    "testes": "testis", "pelves": "pelvis", "lungs": "lung", "menisci": "meniscus", "humeri": "humerus",
    "femora": "femur", "radii": "radius", "crura": "crus", "viscera": "viscus", "fistulae": "fistula", "feet": "foot",
    "teeth": "tooth", "uteri": "uterus", "adnexae": "adnexa", "hippocampi": "hippocampus", "papillae": "papilla",
    "scapulae": "scapula", "patellae": "patella", "tibiae": "tibia", "fibulae": "fibula", "maxillae": "maxilla",
}  # fmt: skip

NOT_GREEK = frozenset(("doses", "noses", "purposes", "hoses", "roses", "cheeses"))
"""Plurals in -ses whose singular is not in -sis."""

LINKING = frozenset(
    ["of", "the", "a", "an", "in", "on", "at", "to", "for", "by", "with", "and", "or", "from", "is", "are"]
)
"""Words that may come and go, or change places with the nouns around them ("mass of the liver", "liver mass")."""

_MATCH = [(re.compile(pattern), other) for pattern, other in SPELLINGS]
_CJK = r"[\u3400-\u9fff]"


def key(term: str) -> str:
    """The spelling by which a term is kept and looked up; empty where nothing is left."""
    text = unicodedata.normalize("NFKC", term).casefold()
    text = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    text = re.sub(r"['’`´]s\b|['’`´]", "", text)
    text = re.sub(r"(?<!\d)\.|\.(?!\d)|[^\w.+%<>=]|_", " ", text)
    text = re.sub(rf"(?<={_CJK})\s+(?={_CJK})", "", text)
    return " ".join(_word(word) for word in text.split())


def loose(text: str) -> str:
    """A key without linking words and without order: what differs only in these is the same to a reader."""
    words = sorted(word for word in text.split() if word not in LINKING)
    return " ".join(words) if words else text


def closed(text: str) -> str:
    """A key without its gaps, for compounds that are written in one word, two, or with a hyphen."""
    return text.replace(" ", "")


@lru_cache(maxsize=65536)
def _word(word: str) -> str:
    for pattern, other in _MATCH:
        word = pattern.sub(other, word)
    return IRREGULAR.get(word) or _singular(word)


def _singular(word: str) -> str:
    """Without the plural's ending; a wrong stem does no harm, as long as it is the same for both numbers."""
    if len(word) < 4 or not word.isascii() or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("thoraces"):
        return word[:-4] + "ax"
    if word.endswith(("oses", "yses", "theses", "tases", "eses")) and word not in NOT_GREEK:
        return word[:-2] + "is"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") else word
