"""De-identification: copies of others' files"""

import re
import shutil
import subprocess
from collections import Counter
from io import BytesIO
from pathlib import Path

import pydicom
import pytest
from shared import shared

from radiolucent.deid.header import DamageError, RefusedError, deidentify
from radiolucent.deid.key import Key
from radiolucent.deid.profile import options
from radiolucent.dicom import is_directory

KEY = Key(b"k" * 32)
FOLDERS = ("read-pydicom", "read-highdicom", "geom-dcmqa")
UNFIT = {
    "MR_truncated.dcm": "cut off",
    "rtplan_truncated.dcm": "cut off",
    "SC_rgb_jpeg.dcm": "not encoded as",
    "meta_missing_tsyntax.dcm": "no DICOM",  # nothing but a private element and pixels
    "no_meta.dcm": "no DICOM",
}
CHOSEN = {
    "basic": options(),
    "most kept": options(
        ["modified-dates", "device", "institution", "patient-characteristics", "safe-private"],
        ["descriptors", "structured-content", "graphics"],
    ),
}


def files(name):
    folder = shared(f"reference/{name}")
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and not is_directory(path) and _is_meant(path)]


def _is_meant(path):
    return (
        path.suffix in (".dcm", "")
        and path.name not in ("README", "LICENSE")
        and (path.suffix or b"DICM" in path.read_bytes()[:132])
    )


def copy_of(path, chosen="basic"):
    return deidentify(path.read_bytes(), KEY, CHOSEN[chosen]).content


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("chosen", CHOSEN)
@pytest.mark.parametrize("name", FOLDERS)
def test_copies_open_and_their_pixels_are_equal(name, chosen, record_property):
    opened = 0
    for path in files(name):
        if path.name in UNFIT:
            continue
        copy, original = pydicom.dcmread(BytesIO(copy_of(path, chosen))), pydicom.dcmread(path, force=True)
        str(copy)  # every value is read
        for keyword in ("PixelData", "FloatPixelData", "DoubleFloatPixelData"):
            assert copy.get(keyword) == original.get(keyword), path.name
        assert copy.PatientIdentityRemoved == "YES"
        opened += 1
    record_property("difference", 0.0)
    assert opened >= {"read-pydicom": 150, "read-highdicom": 20, "geom-dcmqa": 36}[name]


@pytest.mark.parametrize("name", UNFIT)
def test_damaged_files_are_refused(name):
    with pytest.raises((DamageError, RefusedError), match=UNFIT[name]):
        copy_of(shared(f"reference/read-pydicom/test_files/{name}"))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", FOLDERS)
def test_references_between_files_still_resolve(name, record_property):
    there, now, resolved = {}, set(), []
    kept = [path for path in files(name) if path.name not in UNFIT]
    for path in kept:
        original, copy = pydicom.dcmread(path, force=True), pydicom.dcmread(BytesIO(copy_of(path, "most kept")))
        there[original.get("SOPInstanceUID")] = copy.get("SOPInstanceUID")
        now.add(copy.get("SOPInstanceUID"))
    for path in kept:
        before = Counter(_references(pydicom.dcmread(path, force=True)))
        after = Counter(_references(pydicom.dcmread(BytesIO(copy_of(path, "most kept")))))
        assert sum(after.values()) <= sum(before.values())
        resolved += [after[there[uid]] == n for uid, n in before.items() if uid in there]
    record_property("difference", 1 - sum(resolved) / max(len(resolved), 1))
    assert all(resolved)
    assert len(resolved) >= {"read-pydicom": 1, "read-highdicom": 10, "geom-dcmqa": 0}[name]


def _references(dataset):
    for element in dataset.iterall():
        if element.keyword == "ReferencedSOPInstanceUID":
            yield element.value


def errors(path):
    """What dciodvfy calls an error, without the values in it."""
    done = subprocess.run(["dciodvfy", "-new", str(path)], capture_output=True, check=False)
    lines = (done.stdout + done.stderr).decode("latin-1").splitlines()
    return Counter(re.sub(r"<[\d.]+>|\[\d+\]", "<>", line) for line in lines if line.startswith("Error"))


@pytest.mark.parametrize("chosen", CHOSEN)
@pytest.mark.parametrize("name", FOLDERS)
def test_an_independent_validator_finds_no_new_error(name, chosen, tmp_path, record_property):
    if not shutil.which("dciodvfy"):
        pytest.skip("needs dciodvfy (Debian: dicom3tools)")
    new, looked = {}, 0
    for path in files(name):
        if path.name in UNFIT or "dicomdirtests" in path.parts:
            continue
        before = errors(path)
        if "Error - Information Object Not found" in before:
            continue  # no object of a class that the validator knows, or one in a syntax that it cannot read
        looked += 1
        Path(tmp_path / "copy.dcm").write_bytes(copy_of(path, chosen))
        if more := errors(tmp_path / "copy.dcm") - before:
            new[path.name] = more
    record_property("difference", len(new) / looked)
    assert looked >= 20
    assert not new
