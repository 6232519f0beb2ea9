"""The drawn cohort is what it says: patients, sites, nodules, one planted copy, and no name."""

import csv
import hashlib
from collections import Counter, defaultdict

import numpy as np
import pytest

from radiolucent.core import InputError
from radiolucent.dicom import decode, read_header
from radiolucent.phantom import radiographs


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    table = radiographs(tmp_path_factory.mktemp("cohort"), patients=20, seed=3, size=96)
    with table.open() as file:
        return table.parent, list(csv.DictReader(file))


def test_every_row_is_a_picture_of_the_size_asked(cohort):
    folder, rows = cohort
    assert len({row["patient"] for row in rows}) == 20
    for row in rows[:10]:
        assert decode(folder / row["file"]).array.shape == (1, 96, 96)


def test_a_patient_is_one_person_with_one_label_at_one_site(cohort):
    _, rows = cohort
    people = defaultdict(set)
    for row in rows:
        people[row["patient"]].add((row["nodule"], row["age"], row["sex"], row["site"]))
    assert all(len(facts) == 1 for facts in people.values())
    assert max(Counter(row["patient"] for row in rows).values()) > 1


def test_exactly_one_picture_is_planted_under_another_patient(cohort):
    folder, rows = cohort
    same = defaultdict(list)
    for row in rows:
        same[hashlib.sha256((folder / row["file"]).read_bytes()).digest()].append(row)
    (twins,) = [group for group in same.values() if len(group) > 1]
    assert len(twins) == 2
    assert twins[0]["patient"] != twins[1]["patient"]
    assert twins[0]["nodule"] == twins[1]["nodule"]


def test_both_ways_of_writing_white_occur_and_both_are_read_white_high(cohort):
    folder, rows = cohort
    photometric = {row["site"]: decode(folder / row["file"]).facts["photometric"] for row in rows}
    assert photometric == {"north": "MONOCHROME2", "south": "MONOCHROME1"}
    for row in rows[:12]:
        picture = decode(folder / row["file"]).array[0]
        assert picture[48, 46:50].mean() > picture[48, :3].mean(), "the spine is whiter than the air beside the body"


def test_nodules_lie_where_the_truth_says(cohort):
    folder, _ = cohort
    with (folder / "nodules.csv").open() as file:
        balls = list(csv.DictReader(file))
    brighter = []
    for ball in balls:
        picture = decode(folder / ball["file"]).array[0].astype(float)
        rows, columns = np.indices(picture.shape)
        far = np.hypot(rows - float(ball["row"]), columns - float(ball["column"])) / float(ball["radius_px"])
        brighter.append(picture[far < 0.5].mean() - picture[(far > 1.3) & (far < 1.8)].mean())
    assert np.mean(np.array(brighter) > 0) > 0.9


def test_the_site_is_mildly_confounded_with_the_label(tmp_path):
    table = radiographs(tmp_path / "c", patients=40, size=16)
    with table.open() as file:
        rows = list(csv.DictReader(file))
    people = {row["patient"]: (row["site"], int(row["nodule"])) for row in rows}
    share = {
        site: np.mean([nodule for where, nodule in people.values() if where == site]) for site in ("north", "south")
    }
    assert share == {"north": pytest.approx(0.4), "south": pytest.approx(0.6)}


def test_equal_seeds_give_equal_files_and_others_do_not(tmp_path):
    hashes = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        folder = radiographs(tmp_path / name, patients=4, seed=seed, size=32).parent
        hashes.append([hashlib.sha256(file.read_bytes()).digest() for file in sorted(folder.rglob("*.*"))])
    assert hashes[0] == hashes[1] != hashes[2]


def test_headers_name_nobody(cohort):
    folder, rows = cohort
    header = read_header(folder / rows[0]["file"])
    assert str(header.PatientName).startswith("PHANTOM")
    assert not header.PatientBirthDate
    assert not header.StudyDate


def test_a_folder_with_something_in_it_is_refused(tmp_path):
    (tmp_path / "thesis.doc").write_text("x")
    with pytest.raises(InputError, match="not empty"):
        radiographs(tmp_path)
