"""De-identification: descriptions in others' files (results/kept_texts.py measures what stays of them)"""

import sys
from pathlib import Path

import pytest
from shared import shared

sys.path.insert(0, str(Path(__file__).parents[2] / "results"))
import kept_texts
import kept_texts_page

sys.path.pop(0)

HERE = Path(kept_texts.__file__).parent


@pytest.mark.filterwarnings("ignore")
def test_every_text_of_the_files_was_judged_before(record_property):
    reference = shared("reference/read-pydicom").parent
    held = kept_texts.files(reference, kept_texts.cleaned(reference) | set(kept_texts.UNTOUCHED))
    judged = kept_texts.verdicts(HERE / "kept_texts.json", held)
    there = {(place[-1], text) for found in held.values() for place, text in found.items()}
    assert judged.goes.keys() <= there
    assert judged.open <= there
    assert not judged.goes.keys() & judged.open
    record_property("difference", 0.0)


def test_a_text_counts_once_and_a_word_is_gone_only_when_it_is_gone_everywhere():
    before = {
        "a": {("StudyDescription",): "Head Doe"},
        "b": {("StudyDescription",): "Head Doe", ("SequenceName",): "x"},
    }
    after = {"a": {("StudyDescription",): "Head"}, "b": {("StudyDescription",): "Head DOE", ("SequenceName",): "x"}}
    became = kept_texts.compared(before, after)
    judged = kept_texts.Verdicts({("StudyDescription", "Head Doe"): (2,)}, frozenset())
    told = kept_texts.told(became, judged)
    assert told["removed"]["done"] == 0
    assert told["kept, not touched by the profile"]["done"] == 1
    assert kept_texts.told(became, kept_texts.Verdicts({}, frozenset()))["kept"] | {"low": 0, "high": 1} == {
        "n": 1, "done": 0, "share": 0.0, "low": 0, "high": 1,
    }  # fmt: skip
    assert not kept_texts.told(became, kept_texts.Verdicts({}, frozenset(became)))


def test_the_texts_found_in_repositories_are_few_and_different_and_each_has_a_source():
    rows = (HERE / "kept_texts.txt").read_text(encoding="utf-8").splitlines()
    texts = [row for row in rows if not row.startswith("# ")]
    assert len(set(texts)) == len(texts) <= 400
    assert all("/" in row for row in rows if row.startswith("# "))
    assert rows[0].startswith("# ")


def test_the_page_tells_both_sets():
    row = {"n": 2, "done": 1, "share": 0.5, "low": 0.0, "high": 1.0}
    told = {
        "command": "c",
        "reference": {"files": 3, "without a copy": 1, "kept": row},
        "found": {"all": row, "a/b": row},
    }
    assert sum("| 2 | 1 (0.5000) | 1 | 0.5000" in line for line in kept_texts_page.lines(told, told)) == 3
    assert not list(kept_texts_page.lines(None, None))
