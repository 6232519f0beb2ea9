"""Identities planted everywhere are gone after de-identification, and what was to stay stays."""

import csv

import pytest

from radiolucent.flow.deid import Job, deidentify_folder, open_map
from radiolucent.phantom.answers import missed
from radiolucent.phantom.identities import identities

KEEP = ("modified-dates", "patient-characteristics", "safe-private")
CLEAN = ("descriptors", "structured-content", "graphics", "pixels")


@pytest.mark.parametrize("names", ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"])
def test_structured_identifiers_all_go_and_of_all_actions_very_few_are_missed(names, tmp_path, record_property):
    answers = identities(tmp_path, studies=20, names=names, seed=17)
    out, key, sealed = tmp_path / "out", tmp_path / "key.json", tmp_path / "map"
    deidentify_folder(Job(tmp_path / "scans", out, key, KEEP, CLEAN, sealed))
    open_map(sealed, tmp_path / "map.csv", key)
    with (tmp_path / "map.csv").open(encoding="utf-8", newline="") as file:
        copies = {row["file"]: out / row["out"] for row in csv.DictReader(file)}
    missing = missed(answers, tmp_path / "scans", copies)
    record_property("difference", len(missing) / len(answers))
    assert not [one for one in missing if one.is_structured]
    assert len(missing) <= 0.005 * len(answers)
