"""From words to nodes: every spelling that the graph's names have, without loading the graph."""

from __future__ import annotations

import gzip
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from functools import cache
from importlib.resources import files
from typing import Literal

from radiolucent.core import InputError

from .names import KINDS, code_name
from .words import closed, key, loose

How = Literal["name", "synonym", "order", "gaps"]
"""Whether a term is a node's own name, another name of it, one with other order or linking words, or other gaps."""


MOST_WORDS = 8
"""Words of an unknown term that are looked at to find what it may have meant."""


@dataclass(frozen=True)
class Link:
    """A node that a term may mean."""

    node: str
    kind: str
    name: str
    how: How


@dataclass(frozen=True)
class Lexicon:
    """Every node (short name, kind, preferred name) and, for each key, the nodes that it may mean with their rank."""

    nodes: tuple[tuple[str, str, str], ...]
    spelt: Mapping[str, str]


@cache
def lexicon() -> Lexicon:
    """The shipped lexicon, read once."""
    text = gzip.decompress((files(__package__) / "lexicon.tsv.gz").read_bytes()).decode()
    nodes, _, spelt = text.partition("\n\n")
    made = [tuple(line.split("\t")) for line in nodes.split("\n")]
    rows = (line.partition("\t") for line in spelt.split("\n") if line)
    return Lexicon(tuple((one[0], one[1], one[2]) for one in made), {text: meant for text, _, meant in rows})


def link(term: str, *, kinds: Collection[str] = KINDS) -> tuple[Link, ...]:
    """The nodes that a term may mean, the likeliest first; none where nothing is called so.

    A code is understood as `SCT 39607008`, `SCT:39607008` or `sct:39607008`. Of several spellings the nearest count:
    equal keys, then equal but for order and linking words, then equal but for gaps.
    """
    wanted = key(term)
    if not wanted:
        raise InputError(
            f"there is no term in {term!r}; give a word such as 'pleural effusion' or a code such as 'SCT 39607008'"
        )
    coded = _coded(term)
    if coded is not None:
        return tuple(one for one in (coded,) if one.kind in kinds)
    found = _meant(lexicon().spelt.get(wanted, ""), None)
    for index, how in ((_by_order, "order"), (_by_gaps, "gaps")):
        if any(one.kind in kinds for one in found):
            break
        asked = loose(wanted) if how == "order" else closed(wanted)
        for text in index().get(asked, ()):
            found += _meant(lexicon().spelt[text], "order" if how == "order" else "gaps")
    return tuple(dict.fromkeys(one for one in found if one.kind in kinds))


def nearest(term: str, *, kinds: Collection[str] = KINDS, most: int = 3) -> tuple[str, ...]:
    """Names of the graph that are spelt most like a term."""
    wanted = key(term)
    words = {near for word in wanted.split()[:MOST_WORDS] for near in _known_words(word)}
    scored = []
    for text, meant in lexicon().spelt.items():
        if not (words & set(text.split()) or (text[:2] == wanted[:2] and abs(len(text) - len(wanted)) < 4)):
            continue
        alike = SequenceMatcher(None, wanted, text)
        if alike.real_quick_ratio() > 0.6 and alike.quick_ratio() > 0.6 and (ratio := alike.ratio()) > 0.6:
            scored += [(-ratio, one.name) for one in _meant(meant, None) if one.kind in kinds][:1]
    return tuple(dict.fromkeys(name for _, name in sorted(scored)))[:most]


def _known_words(word: str) -> list[str]:
    """The word itself where a name has it, else the words of names that are spelt most like it."""
    return [word] if word in _vocabulary() else get_close_matches(word, _vocabulary(), n=2, cutoff=0.75)


def one(term: str, *, kinds: Collection[str] = KINDS, called: str = "term") -> Link:
    """The likeliest node of a term, or the error that names the nearest there are."""
    found = link(term, kinds=kinds)
    if not found:
        near = nearest(term, kinds=kinds)
        hint = f"the nearest are: {', '.join(near)}" if near else "nothing is spelt nearly like it"
        other = link(term)
        if other:
            hint = f"it is called so as {other[0].kind.lower()} ({other[0].name}); {hint}"
        raise InputError(f"there is no {called} {term!r} in the graph; {hint}")
    return found[0]


def _coded(term: str) -> Link | None:
    scheme, _, value = term.strip().replace(":", " ", 1).partition(" ")
    name = code_name(scheme, value.strip()) if value else None
    return _nodes().get(name or term.strip())


@cache
def _nodes() -> dict[str, Link]:
    return {node: Link(node, kind, name, "name") for node, kind, name in lexicon().nodes}


def _meant(line: str, how: Literal["order", "gaps"] | None) -> list[Link]:
    found = []
    for entry in line.split("\t") if line else ():
        place, _, rank = entry.partition(":")
        node, kind, name = lexicon().nodes[int(place)]
        found.append(Link(node, kind, name, how or ("name" if rank == "0" else "synonym")))
    return found


@cache
def _vocabulary() -> frozenset[str]:
    return frozenset(word for text in lexicon().spelt for word in text.split() if len(word) > 2)


def _index(keys: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    index = defaultdict(list)
    for changed, text in keys:
        index[changed].append(text)
    return index


@cache
def _by_order() -> dict[str, list[str]]:
    return _index((loose(text), text) for text in lexicon().spelt)


@cache
def _by_gaps() -> dict[str, list[str]]:
    return _index((closed(text), text) for text in lexicon().spelt)
