"""What a run did, added up file by file: counts only, in memory that does not grow with the number of files."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from .file import Record
from .profile import ACTIONS, Options
from .rewrite import ROW_OF_CURVES, ROW_OF_PRIVATE
from .table import keywords, rules

LEAST_K = 5
"""A group of fewer patients than this with the same kept characteristics is called small."""
KEEPING = "HAPO"


@dataclass
class Tally:
    """Counts of files, actions and doubts; and what tells patients apart, as pseudonyms."""

    files: Counter[str] = field(default_factory=Counter)
    why: Counter[tuple[str, str]] = field(default_factory=Counter)
    bytes: int = 0
    boxes: int = 0
    done: Counter[tuple[int, str]] = field(default_factory=Counter)
    doubts: Counter[tuple[int, str]] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)
    modalities: Counter[str] = field(default_factory=Counter)
    people: dict[str, tuple[set[str], set[str]]] = field(default_factory=dict)
    quasi: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    studies: set[str] = field(default_factory=set)
    formats: Counter[str] = field(default_factory=Counter)
    cut: Counter[str] = field(default_factory=Counter)
    unsearched: Counter[str] = field(default_factory=Counter)
    """Why samples were not searched for text, though that was asked."""
    faceless: Counter[str] = field(default_factory=Counter)
    """Files of each series whose face was taken out."""
    face: int = 0

    def add(self, record: Record) -> None:
        """One more file."""
        self.files[record["state"]] += 1
        if record["state"] != "done":
            self.why[record["state"], record["why"]] += 1
            return
        self.bytes += record["bytes"]
        self.boxes += record["boxes"]
        if "face" in record:
            self.faceless[record["series"]] += 1
            self.face += record["face"]
        if "format" in record:
            self.formats[record["format"]] += 1
            self.cut[record["format"]] += record["cut"]
            self.unsearched.update([record["unsearched"]] if record.get("unsearched") else [])
            return
        self.modalities[record["modality"] or "?"] += 1
        self.studies.add(record["study"])
        for tag, action, n in record["done"]:
            self.done[tag, action] += n
        for tag, why, n in record["doubts"]:
            self.doubts[tag, why] += n
        self.remarks.update(record["remarks"])
        names, births = self.people.setdefault(record["patient"], (set(), set()))
        names |= {record["name"]} - {""}
        births |= {record["birth"]} - {""}
        for kind, value in record["quasi"].items():
            self.quasi[record["patient"]].setdefault(kind, value)

    def _faces(self) -> dict[str, int]:
        """Series and files without face, samples that became air, and files in which no face was looked for."""
        files = self.faceless.total()
        others = self.files["done"] - files
        return {"series": len(self.faceless), "files": files, "samples": self.face, "others": others}

    @property
    def mixed(self) -> list[str]:
        """Pseudonyms under which different names or birth dates stood."""
        return sorted(who for who, (names, births) in self.people.items() if len(names) > 1 or len(births) > 1)

    def told(self, options: Options) -> dict[str, Any]:
        """Everything as plain values for the report."""
        kept = {row.keyword: sorted(row.options) for row in rules()}
        return {
            "files": dict(self.files),
            "patients": len(self.people),
            "studies": len(self.studies),
            "bytes": self.bytes,
            "boxes": self.boxes,
            "faces": self._faces() if "faces" in options.clean else None,
            "modalities": dict(self.modalities),
            "attributes": [_row(tag, action, n) for (tag, action), n in sorted(self.done.items())],
            "kept": [
                {**_row(tag, action, n), "because": [o for o in kept.get(keyword(tag), []) if o in options.keep]}
                for (tag, action), n in sorted(self.done.items())
                if action in KEEPING
            ],
            "doubts": [
                {"tag": tag_word(tag), "keyword": keyword(tag), "why": why, "n": n}
                for (tag, why), n in sorted(self.doubts.items())
            ],
            "not_copied": [{"state": state, "why": why, "n": n} for (state, why), n in sorted(self.why.items())],
            "formats": [{"format": name, "n": n, "cut": self.cut[name]} for name, n in sorted(self.formats.items())],
            "unsearched": [{"why": why, "n": n} for why, n in sorted(self.unsearched.items())],
            "mixed": self.mixed,
            "remarks": dict(self.remarks),
            "anonymity": anonymity(self.quasi, len(self.people)),
        }


def anonymity(quasi: dict[str, dict[str, str]], patients: int) -> dict[str, Any]:
    """How many patients share their kept characteristics: the smallest group (k), and how many are in small groups."""
    kinds = sorted({kind for values in quasi.values() for kind in values})
    if not kinds:
        return {"kinds": [], "k": patients, "alone": 0, "in_small_groups": 0, "least": LEAST_K}
    groups = Counter(tuple(values.get(kind, "") for kind in kinds) for values in quasi.values())
    if patients > len(quasi):
        groups[("",) * len(kinds)] += patients - len(quasi)
    return {
        "kinds": kinds,
        "k": min(groups.values()),
        "alone": sum(1 for n in groups.values() if n == 1),
        "in_small_groups": sum(n for n in groups.values() if n < LEAST_K),
        "least": LEAST_K,
    }


def keyword(tag: int) -> str:
    """The name of a row of the report."""
    special = {ROW_OF_PRIVATE: "private attributes", ROW_OF_CURVES: "curves", 0x60003000: "OverlayData"}
    if name := special.get(tag) or keywords().get(tag):
        return name
    if tag >> 24 == 0x60:
        return "overlays"
    return "unknown attributes" if tag & 0xFFFF else "group lengths"


def tag_word(tag: int) -> str:
    """(gggg,eeee)."""
    if tag == ROW_OF_PRIVATE:
        return "(odd groups)"
    word = f"({tag >> 16:04X},{tag & 0xFFFF:04X})"
    return word.replace("(50", "(50xx)").split(")")[0] + ")" if tag == ROW_OF_CURVES else word


def _row(tag: int, action: str, n: int) -> dict[str, Any]:
    return {"tag": tag_word(tag), "keyword": keyword(tag), "action": action, "says": ACTIONS[action], "n": n}
