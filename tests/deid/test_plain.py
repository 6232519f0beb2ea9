"""Files that are no DICOM: what identifies goes, what describes samples stays, side-cars follow their image."""

import csv
import gzip
import json

import nibabel
import numpy as np
import openpyxl
import pytest
from PIL import Image as Picture
from PIL import ImageDraw, ImageFont
from small_dicom import write_dicom

from radiolucent.deid.columns import kind_of
from radiolucent.deid.key import Key, open_key
from radiolucent.deid.plain import suffix_of
from radiolucent.flow.deid import PAGE, Job, deidentify_folder
from radiolucent.phantom.companions import companions


@pytest.fixture
def mixed(tmp_path):
    """Scans of one patient and files of four, and all that must not be found."""
    planted = companions(tmp_path / "in/study")
    pixels = np.zeros((8, 8), np.uint16)
    write_dicom(
        tmp_path / "in/a.dcm", pixels, PatientID="MRN-4711-88", PatientName="Okafor^Miriam", StudyDate="20200105"
    )
    with (tmp_path / "in/cohort.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["patient_id", "file", "study_date", "age", "label"])
        rows.writerow(["MRN-4711-88", "a.dcm", "2020-01-05", "93", "1"])
    return tmp_path, planted


def everything(out):
    """All bytes of an output, unpacked."""
    pieces = []
    for path in sorted(out.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            pieces += [path.name.encode(), gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data]
    return b"\n".join(pieces).lower()


def done(tmp_path, **given):
    return deidentify_folder(Job(tmp_path / "in", tmp_path / "out", tmp_path / "key.json", verify=True, **given))


def test_nothing_planted_is_left_and_the_search_finds_nothing(mixed):
    tmp_path, planted = mixed
    told = done(tmp_path)
    assert told["files"] == {"done": 19}
    assert told["verified"]["found"] == []
    assert {row["format"]: row["n"] for row in told["formats"]} == {
        ".csv": 2,
        ".jpg": 4,
        ".json": 4,
        ".nii.gz": 4,
        ".png": 4,
    }
    left = everything(tmp_path / "out")
    assert not [piece for piece in planted if len(piece) > 3 and piece.lower().encode() in left]
    assert "Files that are no DICOM" in (tmp_path / "out" / PAGE).read_text()


def test_samples_stay_and_a_side_car_follows_its_image(mixed):
    tmp_path, _ = mixed
    done(tmp_path)
    volumes = sorted((tmp_path / "out/files").rglob("*.nii.gz"))
    image = nibabel.load(volumes[0])
    np.testing.assert_array_equal(np.asanyarray(image.dataobj), np.arange(60).reshape(3, 4, 5))
    assert image.header.get_zooms() == (1, 2, 3)
    assert not image.header.extensions
    assert {v.name.split(".")[0] for v in volumes} == {p.stem for p in (tmp_path / "out/files").rglob("*.json")}
    old = sorted((tmp_path / "in/study").glob("*.png"))
    new = sorted((tmp_path / "out/files").rglob("*.png"))
    assert {Picture.open(p).tobytes() for p in old} == {Picture.open(p).tobytes() for p in new}


def test_a_table_still_joins_with_the_images(mixed):
    tmp_path, _ = mixed
    done(tmp_path, keep=("modified-dates", "patient-characteristics"))
    tables = [list(csv.DictReader(path.open())) for path in (tmp_path / "out/files").rglob("*.csv")]
    (row,) = next(rows for rows in tables if len(rows) == 1)
    key = open_key(tmp_path / "key.json")
    assert row["patient_id"] == key.word("patient", b"MRN-4711-88")
    assert (tmp_path / "out" / row["file"]).is_file()
    assert row["age"] == "90"
    days = np.datetime64("2020-01-05") - np.datetime64(row["study_date"])
    assert days.astype(int) == key.days_back(b"MRN-4711-88")


def test_days_and_characteristics_go_where_nothing_keeps_them(mixed):
    tmp_path, _ = mixed
    done(tmp_path)
    row = next(
        rows[0] for p in (tmp_path / "out/files").rglob("*.csv") if len(rows := list(csv.DictReader(p.open()))) == 1
    )
    assert (row["study_date"], row["age"], row["label"]) == ("", "", "1")


def test_workbooks_lose_comments_properties_and_identifiers(tmp_path):
    (tmp_path / "in").mkdir()
    book = openpyxl.Workbook()
    book.active.title = "Okafor"
    book.active.append(["MRN", "Name", "score"])
    book.active.append(["0471188", "Okafor", 3])
    book.properties.creator = "Okafor"
    book.save(tmp_path / "in/okafor.xlsx")
    told = done(tmp_path)
    assert told["verified"]["found"] == []
    (made,) = (tmp_path / "out/files").rglob("*.xlsx")
    rows = [list(row) for row in openpyxl.load_workbook(made).active.values]
    assert rows[1] == [open_key(tmp_path / "key.json").word("patient", b"0471188"), None, 3]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("PatientID", "patient"), ("patient_id", "patient"), ("MRN", "patient"), ("StudyInstanceUID", "uid"),
        ("Accession Number", "accession"), ("Surname", "gone"), ("date of birth", "gone"), ("StudyDate", "day"),
        ("Age", "person"), ("sex", "person"), ("label", "text"), ("findings", "text"), ("image", "file"),
    ],
)  # fmt: skip
def test_columns_are_known_by_their_names(name, kind):
    assert kind_of(name) == kind


@pytest.mark.parametrize(
    ("name", "data", "state"),
    [
        ("a.nii", b"x" * 400, "damaged"),
        ("a.nii.gz", gzip.compress(b"\0" * 10**7)[:-20], "damaged"),
        ("a.png", b"\x89PNG\r\n\x1a\nrubbish", "damaged"),
        ("a.jpg", b"\xff\xd8\xff\xe0", "damaged"),
        ("a.tif", b"II*\0", "damaged"),
        ("a.json", b"[" * 100_000, "damaged"),
        ("a.xlsx", b"PK\3\4", "damaged"),
        ("a.bval", b"0 1000 Okafor", "refused"),
        ("a.nrrd", b"NRRD0004\ntype: short\ndata file: okafor.raw\n\n", "refused"),
        ("a.mha", b"NDims = 3\nElementDataFile = okafor.raw\n", "refused"),
        ("a.docx", b"Okafor", "other"),
    ],
)
def test_what_cannot_be_cleaned_is_not_copied(tmp_path, name, data, state):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_bytes(data)
    assert done(tmp_path)["files"] == {state: 1}
    assert b"okafor" not in everything(tmp_path / "out")


def test_comments_and_keys_of_lattices_go_and_samples_stay(tmp_path):
    (tmp_path / "in").mkdir()
    nrrd = b"NRRD0004\n# Okafor\ntype: short\ndimension: 2\nsizes: 2 2\nencoding: raw\ncontent: Okafor\nwho:=Okafor\n\n12345678"
    (tmp_path / "in/a.nrrd").write_bytes(nrrd)
    mha = b"NDims = 2\nDimSize = 2 2\nElementType = MET_SHORT\nComment = Okafor\nElementDataFile = LOCAL\n12345678"
    (tmp_path / "in/a.mha").write_bytes(mha)
    assert done(tmp_path)["files"] == {"done": 2}
    for path in (tmp_path / "out/files").rglob("*"):
        if path.is_file():
            assert path.read_bytes().endswith(b"\n12345678")
            assert b"Okafor" not in path.read_bytes()


def test_text_in_a_picture_is_made_black_where_that_is_asked(tmp_path):
    (tmp_path / "in").mkdir()
    picture = Picture.fromarray(np.random.default_rng(0).integers(20, 40, (160, 240), dtype=np.uint8))
    ImageDraw.Draw(picture).text((10, 10), "OKAFOR MIRIAM", fill=240, font=ImageFont.load_default(20))
    picture.save(tmp_path / "in/a.png")
    told = done(tmp_path, clean=("pixels",))
    assert told["boxes"] >= 1
    (made,) = (tmp_path / "out/files").rglob("*.png")
    assert np.asarray(Picture.open(made))[:40].max() < 60


def test_side_cars_keep_acquisition_and_lose_people(tmp_path):
    (tmp_path / "in").mkdir()
    told = {"EchoTime": 0.03, "PatientName": "Okafor", "PatientID": "P-4711", "StudyDate": "20200105", "Who": "Okafor"}
    (tmp_path / "in/a.json").write_text(json.dumps(told))
    done(tmp_path, keep=("modified-dates",))
    (made,) = (tmp_path / "out/files").rglob("*.json")
    left = json.loads(made.read_text())
    assert left["EchoTime"] == 0.03
    assert "PatientName" not in left
    assert left["PatientID"] == open_key(tmp_path / "key.json").word("patient", b"P-4711")
    assert left["StudyDate"] < "20190105"
    assert "Okafor" not in made.read_text()


def test_names_tell_nothing_and_other_keys_give_others():
    assert suffix_of(type("P", (), {"name": "Okafor.NII.GZ"})()) == ".nii.gz"
    assert Key(b"a" * 32).word("stem", b"x") != Key(b"b" * 32).word("stem", b"x")


@pytest.mark.parametrize(
    "suffix", [".nii.gz", ".nii", ".png", ".jpg", ".json", ".csv", ".xlsx", ".nrrd", ".mha", ".tif"]
)
def test_damage_anywhere_is_told_and_never_raised(tmp_path, suffix):
    rng = np.random.default_rng(0)
    whole = sample(tmp_path, suffix)
    (tmp_path / "in").mkdir()
    for k in range(25):
        data = bytearray(whole[: int(rng.integers(1, len(whole) + 1))])
        for at in rng.integers(0, len(data), 6):
            data[at] = int(rng.integers(256))
        (tmp_path / f"in/{k}{suffix}").write_bytes(data)
    told = done(tmp_path)
    assert sum(told["files"].values()) == 25


def test_names_that_differ_in_case_only_lose_no_file(tmp_path):
    (tmp_path / "in").mkdir()
    for k, name in enumerate(("a.png", "a.PNG")):
        Picture.fromarray(np.full((4, 4), k, np.uint8)).save(tmp_path / "in" / name)
    assert done(tmp_path)["files"] == {"done": 2}
    assert len(list((tmp_path / "out/files").rglob("*.png"))) == 2


def test_identifiers_that_an_option_keeps_are_not_searched_for(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.csv").write_text("StudyInstanceUID,label\n1.2.3.4.5,1\n")
    assert done(tmp_path, keep=("uids",))["verified"]["found"] == []


def sample(tmp_path, suffix):
    """A whole file of this kind."""
    path = tmp_path / f"sample{suffix}"
    if suffix.startswith(".nii"):
        nibabel.save(nibabel.Nifti1Image(np.zeros((3, 4, 5), np.int16), np.eye(4)), path)
    elif suffix in (".png", ".jpg", ".tif"):
        Picture.fromarray(np.zeros((9, 9), np.uint8)).save(path)
    elif suffix == ".xlsx":
        book = openpyxl.Workbook()
        book.active.append(["a", "name"])
        book.save(path)
    else:
        texts = {
            ".json": b'{"EchoTime": 1, "a": [{"b": "c"}]}',
            ".csv": b"a,name\n1,x\n",
            ".nrrd": b"NRRD0004\ntype: short\ndimension: 1\nsizes: 2\nencoding: gzip\n\n" + gzip.compress(b"1234"),
            ".mha": b"NDims = 1\nDimSize = 2\nElementType = MET_SHORT\nElementDataFile = LOCAL\n1234",
        }
        path.write_bytes(texts[suffix])
    return path.read_bytes()
