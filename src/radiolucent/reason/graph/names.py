"""Names of the graph: prefixes, the short form of an IRI, and the words of its vocabulary."""

from __future__ import annotations

from urllib.parse import quote, unquote

PREFIXES = {
    "rl": "urn:radiolucent:",
    "term": "urn:radiolucent:term:",
    "source": "urn:radiolucent:source:",
    "oifm": "urn:oifm:",
    "gamuts": "urn:gamuts:",
    "radelement": "urn:radelement:",
    "cid": "urn:dicom:cid:",
    "ibsi": "urn:ibsi:",
    "sct": "http://snomed.info/id/",
    "dcm": "http://dicom.nema.org/resources/ontology/DCM/",
    "ln": "http://loinc.org/rdf/",
    "radlex": "http://radlex.org/RID/",
    "ucum": "urn:ucum:",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dct": "http://purl.org/dc/terms/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""Every prefix that a query may use without declaring it."""

SCHEMES = {
    "SCT": "sct", "DCM": "dcm", "LN": "ln", "RADLEX": "radlex", "IBSI": "ibsi", "UCUM": "ucum",
    "GAMUTS": "gamuts", "RADELEMENT": "radelement",
}  # fmt: skip
"""Designators of coding schemes, as DICOM writes them, and the prefix of their codes."""

KINDS = ("Finding", "Condition", "Anatomy", "Measurement", "Modality", "Guideline", "ContextGroup", "Code")
"""What a node can be (`rl:Finding` ...), the nearest to a person's words first."""


def short(iri: str) -> str:
    """`urn:oifm:OIFM_GMTS_004244` as `oifm:OIFM_GMTS_004244`."""
    for prefix, start in PREFIXES.items():
        if iri.startswith(start) and prefix != "rl":
            return f"{prefix}:{iri[len(start) :]}"
    return f"rl:{iri[len(PREFIXES['rl']) :]}" if iri.startswith(PREFIXES["rl"]) else iri


def full(name: str) -> str:
    """`oifm:OIFM_GMTS_004244` as the IRI that it stands for; anything else as it is."""
    prefix, colon, rest = name.partition(":")
    return PREFIXES[prefix] + rest if colon and prefix in PREFIXES else name


def code_name(scheme: str, value: str) -> str | None:
    """The short name of a code's node (`SCT`, `39607008` -> `sct:39607008`); nothing for a scheme not kept here."""
    prefix = SCHEMES.get(scheme.upper())
    return f"{prefix}:{quote(value, safe='')}" if prefix else None


def scheme_and_value(name: str) -> tuple[str, str] | None:
    """The designator and the value of a code's node (`sct:39607008` -> `SCT`, `39607008`)."""
    prefix, _, value = name.partition(":")
    found = next((scheme for scheme, own in SCHEMES.items() if own == prefix), None)
    return (found, unquote(value)) if found else None
