"""A folder is de-identified whole: resumable, apart from its input, verified, and silent about what it found."""

import json
import os

import numpy as np
import pydicom
import pytest
from small_dicom import write_dicom, write_series

from radiolucent.core import InputError
from radiolucent.deid.key import open_key
from radiolucent.deid.sealed import SealedMap
from radiolucent.flow import deid, deid_files
from radiolucent.flow.deid import PAGE, REPORT, Job, deidentify_folder
from radiolucent.flow.deid_files import JOURNAL

PIXELS = np.arange(64, dtype=np.uint16).reshape(8, 8)
PERSON = {"PatientName": "Okafor^Miriam", "PatientID": "MRN-4711-88", "PatientBirthDate": "19800213"}


@pytest.fixture
def scans(tmp_path):
    """Two patients, three studies; a broken file, a text and a document among them."""
    folder = tmp_path / "okafor scans"
    for k in range(5):
        write_dicom(
            folder / f"a/okafor{k}.dcm", PIXELS, **PERSON, SOPInstanceUID=f"1.2.3.{k}", AccessionNumber="ACC99812"
        )
    write_dicom(folder / "b/1.dcm", PIXELS, PatientName="Berg^Olaf", PatientID="B-2", PatientAge="093Y", PatientSex="M")
    (folder / "notes.txt").write_text("Okafor")
    (folder / "broken.dcm").write_bytes((folder / "a/okafor1.dcm").read_bytes()[:-30])
    return folder


def job(scans, **given):
    return Job(scans, scans.parent / "out", scans.parent / "key.json", **given)


def outputs(folder):
    return sorted(path for path in folder.rglob("*.dcm"))


def test_a_folder_is_deidentified_and_searched(scans):
    told = deidentify_folder(job(scans, verify=True))
    assert told["files"] == {"done": 6, "damaged": 1, "other": 1}
    assert (told["patients"], told["studies"], told["mixed"]) == (2, 1, [])
    assert told["verified"]["identifiers"] > 8
    assert told["verified"]["found"] == []
    out = scans.parent / "out"
    everything = b"".join(path.read_bytes() for path in out.rglob("*") if path.is_file()).lower()
    assert not [
        word for word in (b"okafor", b"miriam", b"4711-88", b"19800213", b"acc99812", b"berg") if word in everything
    ]
    assert not [path for path in out.rglob("*") if "okafor" in path.name.lower()]
    assert len(outputs(out)) == 6
    assert len({pydicom.dcmread(path).SOPInstanceUID for path in outputs(out)}) == 6


def test_workers_and_runs_do_not_change_a_byte(scans):
    deidentify_folder(job(scans))
    out = scans.parent / "out"
    first = {path.relative_to(out): path.read_bytes() for path in outputs(out)}
    deidentify_folder(Job(scans, scans.parent / "again", scans.parent / "key.json", workers=2))
    again = scans.parent / "again"
    assert {path.relative_to(again): path.read_bytes() for path in outputs(again)} == first
    deidentify_folder(Job(scans, scans.parent / "other", scans.parent / "other.json"))
    assert not {path.name for path in outputs(scans.parent / "other")} & {path.name for path in first}


def test_a_stopped_run_goes_on_where_it_was(scans, monkeypatch):
    monkeypatch.setattr(deid_files, "BATCH", 2)
    real, n = deid_files.deidentify_file, []

    def stopping(path, work):
        n.append(path)
        if len(n) == 5:
            raise KeyboardInterrupt
        return real(path, work)

    monkeypatch.setattr(deid_files, "deidentify_file", stopping)
    with pytest.raises(KeyboardInterrupt):
        deidentify_folder(job(scans))
    assert not (scans.parent / "out" / REPORT).exists()
    n.clear()
    n += [None] * 10
    told = deidentify_folder(job(scans))
    assert len(n) - 10 == 4  # the four of the first two batches are not read again
    assert told["files"] == {"done": 6, "damaged": 1, "other": 1}


@pytest.mark.parametrize("out", ["", "a/out", ".."])
def test_neither_folder_may_lie_in_the_other(scans, out):
    with pytest.raises(InputError, match="apart"):
        deidentify_folder(Job(scans, scans / out, scans.parent.parent / "key.json"))


def test_one_file_is_deidentified_beside_itself(scans):
    told = deidentify_folder(Job(scans / "b/1.dcm", scans / "b/out", scans.parent / "key.json"))
    assert told["files"] == {"done": 1}
    assert len(outputs(scans / "b/out")) == 1


def test_key_and_map_may_not_lie_in_input_or_output(scans):
    out = scans.parent / "out"
    for given in ({"key": scans / "a/key.json"}, {"key": scans.parent / "key.json", "sealed_map": scans / "map"}):
        with pytest.raises(InputError, match="must not lie in the input"):
            deidentify_folder(Job(scans, out, **given))
    with pytest.raises(InputError, match="key must not"):
        deidentify_folder(Job(scans, out, out / "key.json"))
    with pytest.raises(InputError, match="map must not"):
        deidentify_folder(Job(scans, out, scans.parent / "key.json", sealed_map=out / "map"))


def test_another_key_or_other_options_are_told_and_nothing_is_written(scans):
    deidentify_folder(job(scans))
    out = scans.parent / "out"
    before = sorted(out.rglob("*"))
    open_key(scans.parent / "other.json")
    with pytest.raises(InputError, match="another key"):
        deidentify_folder(Job(scans, out, scans.parent / "other.json"))
    with pytest.raises(InputError, match="no such key file"):
        deidentify_folder(Job(scans, out, scans.parent / "lost.json"))
    with pytest.raises(InputError, match=r"other options \(neither --keep nor --clean\)"):
        deidentify_folder(job(scans, keep=("device",)))
    assert sorted(out.rglob("*")) == before


def test_a_folder_that_holds_something_else_is_left_alone(scans, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/thesis.tex").write_text("x")
    with pytest.raises(InputError, match="did not write"):
        deidentify_folder(job(scans))


@pytest.mark.parametrize(
    ("keep", "clean", "message"),
    [
        (("dates",), (), "option to keep"),
        ((), ("pixel",), "option to clean"),
        (("full-dates", "modified-dates"), (), "exclude"),
    ],
)
def test_options_that_are_none_are_told(scans, keep, clean, message):
    with pytest.raises(InputError, match=message):
        deidentify_folder(job(scans, keep=keep, clean=clean))


def test_several_people_under_one_id_are_flagged(tmp_path):
    for k, name in enumerate(("Okafor^Miriam", "Berg^Olaf")):
        write_dicom(tmp_path / f"in/{k}.dcm", PIXELS, PatientID="0000", PatientName=name, SOPInstanceUID=f"1.2.{k}")
    told = deidentify_folder(Job(tmp_path / "in", tmp_path / "out", tmp_path / "key.json"))
    assert len(told["mixed"]) == 1
    assert told["mixed"][0] in (tmp_path / "out" / PAGE).read_text()


def test_a_full_disk_is_told_and_leaves_no_half_file(scans, monkeypatch):
    def full(descriptor, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("radiolucent.deid.file._all", full)
    with pytest.raises(InputError, match="No space left"):
        deidentify_folder(job(scans))
    assert {path.name for path in (scans.parent / "out").rglob("*") if path.is_file()} == {JOURNAL}


def test_the_sealed_map_tells_who_is_who_to_the_key_alone(scans):
    sealed = scans.parent / "map"
    deidentify_folder(job(scans, sealed_map=sealed))
    assert b"Okafor" not in sealed.read_bytes()
    assert os.stat(sealed).st_mode & 0o077 == 0
    entries = list(SealedMap(sealed, open_key(scans.parent / "key.json")).entries())
    assert {entry["PatientID"] for entry in entries if "PatientID" in entry} == {"MRN-4711-88", "B-2"}
    assert [entry["file"] for entry in entries if entry.get("state") == "damaged"] == ["broken.dcm"]
    with pytest.raises(InputError, match="does not open"):
        SealedMap(sealed, open_key(scans.parent / "another.json"))


def test_a_passphrase_opens_a_map_and_a_changed_map_is_told(scans):
    sealed, key = scans.parent / "map", scans.parent / "key.json"
    deidentify_folder(job(scans, sealed_map=sealed, passphrase="correct horse"))
    assert list(SealedMap(sealed, open_key(key), "correct horse").entries())
    with pytest.raises(InputError, match="does not open"):
        SealedMap(sealed, open_key(key), "wrong horse")
    lines = sealed.read_text().splitlines()
    sealed.write_text("\n".join([lines[0], lines[1][:-8] + "AAAAAAA=", *lines[2:]]) + "\n")
    with pytest.raises(InputError, match="was changed"):
        SealedMap(sealed, open_key(key), "correct horse")


def test_a_map_is_opened_into_a_table_for_its_owner(scans):
    sealed, table = scans.parent / "map", scans.parent / "who.csv"
    deidentify_folder(job(scans, sealed_map=sealed))
    assert deid.open_map(sealed, table, scans.parent / "key.json") == 8
    assert "MRN-4711-88" in table.read_text()
    assert os.stat(table).st_mode & 0o077 == 0
    for path, out, message in (
        (sealed, "who.txt", "csv"),
        (sealed, "who.csv", "exists; name another file$"),
        (scans / "notes.txt", "x.csv", "no sealed map"),
    ):
        with pytest.raises(InputError, match=message):
            deid.open_map(path, scans.parent / out, scans.parent / "key.json")


def test_files_that_become_the_same_stand_once_and_are_told(tmp_path):
    write_dicom(tmp_path / "in/a.dcm", PIXELS, **PERSON, SOPInstanceUID="1.2.3")
    (tmp_path / "in/b.dcm").write_bytes((tmp_path / "in/a.dcm").read_bytes())
    write_dicom(tmp_path / "in/c.dcm", PIXELS + 1, **PERSON, SOPInstanceUID="1.2.3")
    told = deidentify_folder(Job(tmp_path / "in", tmp_path / "out", tmp_path / "key.json"))
    assert (told["files"], told["remarks"]) == ({"done": 3}, {"same": 1})
    assert len(outputs(tmp_path / "out")) == 2
    assert "1 file stood in the output already" in (tmp_path / "out" / PAGE).read_text()


def test_nothing_identifying_is_printed_or_raised(scans, capsys):
    deidentify_folder(job(scans, verify=True))
    told = (
        "".join(capsys.readouterr())
        + (scans.parent / "out" / REPORT).read_text()
        + (scans.parent / "out" / JOURNAL).read_text()
    )
    assert not [word for word in ("okafor", "miriam", "4711", "19800213", "berg", "olaf") if word in told.lower()]


def test_kept_characteristics_are_weighed_over_the_cohort(tmp_path):
    for k in range(8):
        write_dicom(
            tmp_path / f"in/{k}.dcm",
            PIXELS,
            PatientID=f"p{k}",
            PatientAge="093Y" if k > 5 else "040Y",
            PatientSex="F",
            SOPInstanceUID=f"1.2.{k}",
        )
    told = deidentify_folder(
        Job(tmp_path / "in", tmp_path / "out", tmp_path / "key.json", keep=("patient-characteristics",))
    )
    assert told["anonymity"] == {"kinds": ["age", "sex"], "k": 2, "alone": 0, "in_small_groups": 2, "least": 5}


def test_a_planted_leak_is_found_and_fails_loudly(scans, monkeypatch):
    monkeypatch.setattr("radiolucent.deid.rewrite.Rewriter._value", lambda self, tag, vr, raw, action, syntax: raw)
    with pytest.raises(InputError, match="still hold an identifier"):
        deidentify_folder(job(scans, verify=True))
    found = json.loads((scans.parent / "out" / REPORT).read_text())["verified"]["found"]
    assert {"PatientName", "PatientID", "AccessionNumber"} <= {keyword for _, keyword in found}


def test_a_series_stays_a_series(tmp_path):
    write_series(
        tmp_path / "in",
        np.zeros((4, 8, 8), np.uint16),
        places=[(0, 0, 3.0 * k) for k in range(4)],
        FrameOfReferenceUID="1.9.9",
    )
    deidentify_folder(Job(tmp_path / "in", tmp_path / "out", tmp_path / "key.json"))
    read = [pydicom.dcmread(path) for path in outputs(tmp_path / "out")]
    assert len({one.SeriesInstanceUID for one in read}) == len({one.FrameOfReferenceUID for one in read}) == 1
    assert sorted(one.ImagePositionPatient[2] for one in read) == [0, 3, 6, 9]
