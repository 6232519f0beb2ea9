"""The catalogue is complete: every sentence that the code asks for is there, and no other."""

import json
import re
import string
from importlib.resources import files
from pathlib import Path

import pytest

from radiolucent.core import InputError
from radiolucent.report import sentences
from radiolucent.report.texts import texts

SOURCE = Path(sentences.__file__).parent
LANGUAGES = sorted(p.stem for p in (SOURCE / "catalogue").glob("*.toml"))
OPEN = (
    "count.",
    "node_kind.",
    "relation_in.",
    "relation_out.",
    "candidate.",
    "metric.",
    "leak.",
    "leak_kind.",
    "severity.",
    "section.",
    "head.",
    "checklist.",
    "list.",
    "rate_use.",
    "compare_family.",
    "compare_score.",
)
"""Beginnings of keys that the code completes at run time."""


def code():
    suffixes = (".py", ".html")
    return "\n".join(p.read_text(encoding="utf-8") for p in sorted(SOURCE.rglob("*")) if p.suffix in suffixes)


def test_every_key_written_in_the_code_exists():
    known = texts("en").sentences
    asked = set(re.findall(r'say\(\s*"([a-z_]+\.[a-z_.]+)"', code()))
    assert len(asked) > 80
    assert not sorted(asked - set(known))


def test_no_sentence_is_left_without_a_use():
    written = code()
    unused = []
    for key in texts("en").sentences:
        parts = key.rsplit(".", 1)
        made = re.search(rf'"{re.escape(parts[0])}\.\{{|{parts[0]}\.[a-z_]*\{{', written)
        if key not in written and not key.startswith(OPEN) and not made:
            unused.append(key)
    assert not unused


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_things_with_the_same_blanks(language):
    def blanks(text):
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    english, other = texts("en").sentences, texts(language).sentences
    assert set(other) == set(english)
    assert {k for k in english if blanks(english[k]) != blanks(other[k])} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_citation_is_a_known_reference(language):
    known = json.loads((files("radiolucent.report") / "catalogue" / "references.json").read_text(encoding="utf-8"))
    cited = {key for text in texts(language).sentences.values() for key in re.findall(r"@([a-z]+)", text)}
    assert cited == set(known)


def test_an_unknown_language_names_those_there_are():
    with pytest.raises(InputError, match="en"):
        texts("xx")


def test_counts_and_lists_read_as_phrases():
    say = texts("en")
    assert say.count("images", 1) == "1 image"
    assert say.count("images", 1000) == "1,000 images"
    assert say.listed([]) == ""
    assert say.listed(["a"]) == "a"
    assert say.listed(["a", "b", "c"]) == "a, b and c"
    assert say.listed(list("abcdefgh"), most=3) == "a, b, c and 5 more"


def test_names_without_an_entry_stay_as_they_are():
    assert texts("en").name("candidate", "cnn") == "CNN"
    assert texts("en").name("candidate", "my_net") == "my_net"
