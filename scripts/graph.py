"""Write the knowledge graph of `radiolucent.reason` out of its sources.

    python scripts/graph.py OIFM            (or: make graph OIFM=FILE)

OIFM is a JSON list of the finding models of the Open Imaging Data Model Initiative (hoodcm/oifm-definitions, MIT):
of each its id, name, synonyms and index codes. The other sources are here: the coded concepts and context groups of DICOM
PS3.16 as the installed pydicom ships them (MIT; SNOMED CT within the subset that DICOM may use), the features of
`radiolucent.measure` with their IBSI codes, and our own tables in `reason/graph/curation`.

Two files come of it, the same for the same sources:

- `graph.trig.gz`: the graph in TriG. The name of a statement's graph is its source; sources have title, licence and origin;
- `lexicon.tsv.gz`: every spelling (`reason/graph/words.py`) with the nodes that it may mean, for linking without the graph.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pydicom
from pydicom.sr._cid_dict import cid_concepts, name_for_cid
from pydicom.sr._concepts_dict import concepts
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize

from radiolucent.measure.radiomics import IBSI_CODES
from radiolucent.reason.graph.names import KINDS, PREFIXES, code_name, full
from radiolucent.reason.graph.words import key

GRAPH = Path(__file__).parents[1] / "src/radiolucent/reason/graph"
GROUPS = {
    "anatomy": (
        4,
        4028,
        4031,
        7140,
        7153,
        7154,
        7155,
        7156,
        7160,
        7170,
        7600,
        7602,
        3014,
        4009,
        4030,
        8134,
        6109,
        6300,
    ),
    "structure": (8134, 6109),
    "finding": (
        *(6014, 6030, 6054, 6056, 6064, 6101, 6103, 6104, 6105, 6106, 6148, 6201, 6336, 6338, 7035, 7159, 7194),
        *(3230, 3491, 3494, 3700, 3704, 3711, 3728, 6102, 6112, 6114, 7157, 6138, 6404, 7166, 12248),
    ),
    "modality": (29, 33),
    "measurement": (218, 221, 6141, 7461, 7466, 7467, 7468, 7469, 7470, 7471, 7472, 7550, 12201, 12005, 10046),
    "other": (244, 6123, 6124, 6126, 6135, 6144, 7050, 7203, 7180, 7460, 7462),
}
"""Context groups of PS3.16 whose members the graph names, by what they are about."""

WHOLE = ("IBSI", "RADLEX", "LN")
"""Coding schemes that are kept whole, because they are small."""

SOURCES = {
    "dicom": (
        f"DICOM PS3.16 coded concepts and context groups, as pydicom {pydicom.__version__} ships them",
        "MIT (pydicom); SNOMED CT codes under the agreement of DICOM with SNOMED International",
        "https://github.com/pydicom/pydicom",
    ),
    "oifm": (
        "Finding models of the Open Imaging Data Model Initiative: names, synonyms, ids and index codes",
        "MIT; ids of Radiology Gamuts, RadElement and RadLex are the RSNA's",
        "https://github.com/hoodcm/oifm-definitions",
    ),
    "own": (
        "radiolucent: curated tables, written for this graph from general medical knowledge",
        "Apache-2.0",
        "src/radiolucent/reason/graph/curation",
    ),
    "words": (
        "radiolucent: the name of the finding holds the name of the organ; by words alone, not reviewed",
        "Apache-2.0",
        "scripts/graph.py",
    ),
    "equal": (
        "radiolucent: term and code bear the same name",
        "Apache-2.0",
        "scripts/graph.py",
    ),
}


class Draft:
    """Quads and spellings as they come together."""

    def __init__(self) -> None:
        self.quads: set[Quad] = set()
        self.kinds: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.spelt: dict[str, dict[str, int]] = defaultdict(dict)

    def say(self, subject: str, predicate: str, value: str | Literal, source: str) -> None:
        thing = value if isinstance(value, Literal) else NamedNode(full(value))
        self.quads.add(Quad(NamedNode(full(subject)), NamedNode(full(predicate)), thing, NamedNode(full(source))))

    def node(self, name: str, kind: str, label: str, source: str) -> str:
        """A node with its kind and its one preferred name."""
        if name not in self.kinds:
            self.kinds[name], self.names[name] = kind, label
            self.say(name, "rdf:type", f"rl:{kind}", source)
            self.say(name, "skos:prefLabel", Literal(label, language="en"), source)
            self.spell(label, name, 0)
        return name

    def also(self, name: str, label: str, source: str, language: str = "en") -> None:
        """One more name."""
        if key(label) and label != self.names[name]:
            self.say(name, "skos:altLabel", Literal(label, language=language), source)
            self.spell(label, name, 1 if source == "source:own" else 2)

    def spell(self, label: str, name: str, rank: int) -> None:
        meant = self.spelt[key(label)]
        meant[name] = min(rank, meant.get(name, rank))

    def meaning(self, label: str, kinds: Iterable[str]) -> str | None:
        """The node that a name in a curated table stands for: by its own name before any other."""
        allowed = [kind for kind in KINDS if kind in kinds]
        found = [(rank, allowed.index(self.kinds[node]), node) for node, rank in self.spelt.get(key(label), {}).items()
                 if self.kinds[node] in allowed]  # fmt: skip
        return min(found)[2] if found else None


def table(name: str) -> list[dict[str, str]]:
    """The rows of a curated table."""
    with (GRAPH / "curation" / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def slug(name: str) -> str:
    return "term:" + re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def sources(draft: Draft) -> None:
    """Title, licence and origin of every source."""
    for name, (title, licence, origin) in SOURCES.items():
        for predicate, value in (("dct:title", title), ("dct:license", licence), ("dct:source", origin)):
            draft.say(f"source:{name}", predicate, Literal(value), "source:own")


def findings(draft: Draft, index: Path) -> None:
    """The finding models: names, synonyms and codes."""
    for model in json.loads(index.read_text(encoding="utf-8")):
        node = draft.node(f"oifm:{model['oifm_id']}", "Finding", model["name"].rstrip("* "), "source:oifm")
        for synonym in model["synonyms"] or ():
            draft.also(node, synonym, "source:oifm")
        for scheme, value, meaning in model["index_codes"] or ():
            code = code_name(scheme, value)
            if code:
                # some index codes name the organ or the question and not the finding: those are related, not the same
                same = key(meaning or "") == key(model["name"])
                draft.say(node, "skos:exactMatch" if same else "skos:relatedMatch", code, "source:oifm")
                draft.node(code, "Code", meaning or model["name"], "source:oifm")


def curated(draft: Draft) -> None:
    """Our own terms; a finding that the models have gets our names as further ones."""
    for kind, name in (("Anatomy", "anatomy"), ("Modality", "modalities"), ("Measurement", "measurements"),
                       ("Guideline", "guidelines"), ("Finding", "findings"), ("Condition", "conditions")):  # fmt: skip
        for row in table(name):
            known = _model(draft, row) if kind in ("Finding", "Condition") else None
            node = known or draft.node(slug(row["name"]), kind, row["name"], "source:own")
            if known:
                draft.say(node, "rdf:type", f"rl:{kind}", "source:own")
                draft.also(node, row["name"], "source:own")
            for synonym in parts(row["synonyms"]):
                draft.also(node, synonym, "source:own")
            for synonym in parts(row["Chinese"]):
                draft.also(node, synonym, "source:own", "zh")


def _model(draft: Draft, row: dict[str, str]) -> str | None:
    """The model, or the term that we have, whose own name is ours; the models' synonyms are too wide to go by."""
    for name in (row["name"], *parts(row["synonyms"])):
        meant = draft.spelt.get(key(name), {})
        for node, rank in meant.items():
            if rank == 0 and draft.kinds[node] in ("Finding", "Condition"):
                return node
    return None


DISEASE = ("Finding", "Condition")
TIES = {
    "anatomy": ("name", ("Anatomy",), {"part of": ("rl:partOf", ("Anatomy",))}),
    "borders": ("region", ("Anatomy",), {"borders": ("rl:borders", ("Anatomy",))}),
    "findings": (
        *("name", DISEASE),
        {
            "seen in": ("rl:seenIn", ("Anatomy",)),
            "shown by": ("rl:shownBy", ("Modality",)),
            "not shown by": ("rl:notShownBy", ("Modality",)),
        },
    ),
    "explains": ("finding", DISEASE, {"can be explained by": ("rl:explainedBy", DISEASE)}),
    "needs": ("finding", DISEASE, {"needs": ("rl:needs", ("Measurement",))}),
    "contradicts": ("finding", DISEASE, {"contradicts": ("rl:contradicts", DISEASE)}),
    "guidelines": (
        *("name", ("Guideline",)),
        {
            "applies to": ("rl:appliesTo", DISEASE),
            "uses": ("rl:uses", ("Measurement",)),
            "modalities": ("rl:readOn", ("Modality",)),
        },
    ),
}
"""Tables that join terms: the column of the subject, what it may be, and of other columns the relation and its object."""

TEXTS = {
    "anatomy": ("name", ("Anatomy",), {"sex": "rl:ofSex"}),
    "guidelines": (
        "name",
        ("Guideline",),
        {"version": "rl:version", "reference": "dct:bibliographicCitation", "rule": "rl:rule"},
    ),
    "measurements": ("name", ("Measurement",), {"unit": "rl:unit"}),
}
"""Tables that say something plain of a term."""


def edges(draft: Draft) -> None:
    """What the tables say of our terms; a name that no term bears is an error."""
    for name, (column, kinds, ties) in TIES.items():
        for row in table(name):
            for other, (predicate, objects) in ties.items():
                tie(draft, link(draft, row[column], kinds), predicate, row[other], objects)
    for name, (column, kinds, texts) in TEXTS.items():
        for row in table(name):
            for other, predicate in texts.items():
                if row[other]:
                    draft.say(link(draft, row[column], kinds), predicate, Literal(row[other]), "source:own")
    for row in table("findings"):
        if row["urgent"]:
            draft.say(link(draft, row["name"], DISEASE), "rl:urgent", Literal(True), "source:own")


def link(draft: Draft, name: str, kinds: Iterable[str]) -> str:
    found = draft.meaning(name, kinds)
    if found is None:
        raise SystemExit(f"the tables speak of {name!r}, which no term ({', '.join(kinds)}) is called")
    return found


def tie(draft: Draft, subject: str, predicate: str, names: str, kinds: Iterable[str]) -> None:
    for name in parts(names):
        draft.say(subject, predicate, link(draft, name, kinds), "source:own")


def dicom_codes(draft: Draft) -> dict[str, set[str]]:
    """Codes of PS3.16: all of the small schemes, and of the others the members of `GROUPS`; by subject."""
    about: dict[str, set[str]] = defaultdict(set)
    for scheme, words in concepts.items():
        for word, codes in words.items():
            for value, (meaning, groups) in codes.items():
                code = code_name(scheme, value)
                subjects = [subject for subject, kept in GROUPS.items() if set(kept) & set(groups)]
                if code is None or not (subjects or scheme in WHOLE or word in UNITS):
                    continue
                if code in draft.kinds:
                    draft.also(code, meaning, "source:dicom")
                draft.node(code, "Code", meaning, "source:dicom")
                for subject in [*subjects, scheme.lower()]:
                    about[subject].add(code)
    for group in sorted({group for kept in GROUPS.values() for group in kept}):
        _group(draft, group)
    return about


UNITS = frozenset(("Millimeter", "SquareMillimeter", "CubicMillimeter", "HounsfieldUnit", "Percent", "Degree"))


def _group(draft: Draft, group: int) -> None:
    if group not in cid_concepts:
        raise SystemExit(f"pydicom {pydicom.__version__} has no context group {group}")
    spelt = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name_for_cid[group])
    node = draft.node(f"cid:{group}", "ContextGroup", f"CID {group} {spelt}", "source:dicom")
    draft.also(node, f"CID {group}", "source:dicom")
    for scheme, words in cid_concepts[group].items():
        for word in words:
            for value in concepts[scheme][word]:
                code = code_name(scheme, value)
                if code in draft.kinds and group in concepts[scheme][word][value][1]:
                    draft.say(node, "skos:member", code, "source:dicom")


def features(draft: Draft) -> None:
    """Features that `radiolucent measure radiomics` gives, with their IBSI codes."""
    for name, value in IBSI_CODES.items():
        node = draft.node(slug(name), "Measurement", name, "source:own")
        code = draft.node(f"ibsi:{value}", "Code", name.replace("_", " "), "source:own")
        draft.say(node, "skos:exactMatch", code, "source:own")


def equal_names(draft: Draft, about: dict[str, set[str]]) -> None:
    """A term and a code of its subject that bear the same name are the same thing."""
    for row in table("modalities"):
        code = link(draft, row["name"], ("Modality",)), f"dcm:{row['code']}"
        draft.say(code[0], "skos:exactMatch", code[1], "source:own")
    for row in table("measurements"):
        if row["code"]:
            code_of = code_name(*row["code"].split())
            if code_of not in draft.kinds:
                raise SystemExit(f"{row['name']}: {row['code']} is not among the codes of DICOM")
            draft.say(link(draft, row["name"], ("Measurement",)), "skos:exactMatch", code_of, "source:own")
    organs: set[str] = set()
    for kind in ("Anatomy", *DISEASE):
        for node in [node for node, own in draft.kinds.items() if own == kind]:
            own = {code for code in draft.spelt[key(draft.names[node])] if _fits(code, kind, about)}
            ours = {text for text, meant in draft.spelt.items() if meant.get(node) == 1} if not own else set()
            near = {code for text in ours for code in draft.spelt[text] if _fits(code, kind, about)}
            if kind == "Anatomy":
                organs |= own | near
            for code in (own | near) - (organs if kind != "Anatomy" else set()):
                same = code in own or kind == "Anatomy"
                draft.say(node, "skos:exactMatch" if same else "skos:closeMatch", code, "source:equal")


def _fits(code: str, kind: str, about: dict[str, set[str]]) -> bool:
    """Whether a code can stand for a term of this kind."""
    if kind == "Anatomy":
        return code in about["anatomy"] | about["structure"]
    # CID 8134 holds structures and what a specimen may be, such as a pleural effusion
    return code in about["finding"] | about["structure"] | about["radlex"]


VAGUE = frozenset(("body", "head", "neck", "disc", "globe", "base", "mri", "arm", "lien", "hila"))
"""Names of organs that mean something else in the names of findings: foreign body, femoral head, optic disc."""


def named_for(draft: Draft) -> None:
    """The organ in a finding's name, where no table says where it is seen; by words alone, so never held against a case."""
    organs = {
        text: found for text in draft.spelt if text not in VAGUE and len(text) > 2 and (found := _organ(draft, text))
    }
    organs |= {key(row["word"]): link(draft, row["anatomy"], ("Anatomy",)) for row in table("adjectives")}
    placed = {quad.subject.value for quad in draft.quads if quad.predicate.value == full("rl:seenIn")}
    for node in [node for node, kind in draft.kinds.items() if kind == "Finding" and full(node) not in placed]:
        for organ in _organs_in(key(draft.names[node]).split(), organs):
            draft.say(node, "rl:namedFor", organ, "source:words")


def _organ(draft: Draft, text: str) -> str | None:
    return next((node for node, rank in draft.spelt[text].items() if draft.kinds[node] == "Anatomy" and rank < 2), None)


def _organs_in(words: list[str], organs: dict[str, str]) -> list[str]:
    """The organs that words name, the longest names first; a word counts once."""
    found, free = [], list(words)
    for length in range(4, 0, -1):
        for start in range(len(free) - length + 1):
            organ = organs.get(" ".join(free[start : start + length]))
            if organ:
                found.append(organ)
                free[start : start + length] = ["|"] * length
    return list(dict.fromkeys(found))


def lexicon(draft: Draft) -> Iterable[str]:
    """A line for each node, a blank one, and a line for each spelling: key, then node:rank for all that it may mean."""
    place = {node: number for number, node in enumerate(draft.kinds)}
    for node, kind in draft.kinds.items():
        yield f"{node}\t{kind}\t{draft.names[node]}"
    yield ""
    for text, meant in sorted(draft.spelt.items()):
        order = sorted(meant, key=lambda node: _order(draft, node, meant[node]))
        yield "\t".join([text, *(f"{place[node]}:{meant[node]}" for node in order)])


def _order(draft: Draft, node: str, rank: int) -> tuple[bool, int, int, str]:
    """Terms before codes, own names before other names, and the kinds in their order."""
    kind = draft.kinds[node]
    return kind in ("Code", "ContextGroup"), rank, KINDS.index(kind), node


def built(index: Path) -> tuple[Draft, dict[str, bytes]]:
    """Everything put together, and the two files' contents before they are packed."""
    draft = Draft()
    sources(draft)
    findings(draft, index)
    curated(draft)
    about = dicom_codes(draft)
    features(draft)
    edges(draft)
    equal_names(draft, about)
    named_for(draft)
    order = sorted(
        draft.quads, key=lambda quad: tuple(map(str, (quad.graph_name, quad.subject, quad.predicate, quad.object)))
    )
    text = serialize(order, format=RdfFormat.TRIG, prefixes=PREFIXES)
    return draft, {"graph.trig": text, "lexicon.tsv": "\n".join(lexicon(draft)).encode() + b"\n"}


def main(index: Path) -> None:
    """Build both files, packed without a date so that the same content is the same file, and say what is in them."""
    draft, texts = built(index)
    for name, text in texts.items():
        path = GRAPH / f"{name}.gz"
        path.write_bytes(gzip.compress(text, 9, mtime=0))
        print(f"{path.relative_to(GRAPH.parents[3])}: {path.stat().st_size:,} bytes")
    counted = {kind: sum(own == kind for own in draft.kinds.values()) for kind in KINDS}
    print(f"{len(draft.quads):,} quads; {len(draft.spelt):,} spellings; {counted}")


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_file():
        raise SystemExit("usage: python scripts/graph.py OIFM-INDEX.json")
    main(Path(sys.argv[1]))
