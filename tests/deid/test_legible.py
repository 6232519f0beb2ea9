"""What a header tells of its patient is read in pixels by a second reader, before and after; it is told where it stays."""

import numpy as np
import pydicom
import pytest
from PIL import Image, ImageDraw, ImageFont
from small_dicom import dataset, write_dicom

from radiolucent.core import InputError
from radiolucent.deid.legible import Legible, PixelsRead, compared, needles, plain, seen
from radiolucent.deid.opinion import has_tesseract
from radiolucent.deid.profile import options
from radiolucent.deid.reader import reader, texts_in
from radiolucent.flow.deid import PAGE, Job, deidentify_folder

PERSON = {
    "PatientName": "Okafor^Miriam", "PatientID": "MRN-4711-88", "PatientBirthDate": "19800213", "StudyDate": "20200801",
}  # fmt: skip
LINES = ("OKAFOR Miriam", "ID MRN-4711-88", "13.02.1980")
needs_tesseract = pytest.mark.skipif(not has_tesseract(), reason="Tesseract is not installed (Debian: tesseract-ocr)")


def written(lines=LINES, size=14, side=256, light=True):
    """Lines of text over a disc of grey and noise."""
    y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
    ground = np.where(x**2 + y**2 < 0.6, 70, 12) + np.random.default_rng(0).normal(0, 3, (side, side))
    sheet = Image.fromarray(np.clip(ground, 0, 255).astype(np.uint8))
    for k, line in enumerate(lines):
        ImageDraw.Draw(sheet).text((6, 6 + k * (size + 6)), line, fill=230, font=ImageFont.load_default(size))
    return np.asarray(sheet) if light else 255 - np.asarray(sheet)


def folder(tmp_path, *pictures):
    for k, picture in enumerate(pictures):
        write_dicom(tmp_path / f"in/{k}.dcm", picture, **PERSON, SOPInstanceUID=f"1.9.777.{k}")
    return tmp_path / "in"


def test_names_numbers_and_days_are_looked_for_as_they_are_drawn():
    wanted = needles(dataset(written(()), **PERSON), options())
    assert {"OKAFOR", "MIRIAM", "MRN471188", "19800213", "13021980", "02131980", "13FEB1980", "01082020"} <= set(wanted)
    assert wanted["13021980"] == "PatientBirthDate"
    assert not any(keyword.endswith("UID") for keyword in wanted.values())
    assert "01082020" not in needles(dataset(written(()), **PERSON), options(["full-dates"]))


def test_accents_and_what_parts_words_do_not_count():
    assert plain("López-Arce, 13.02.1980") == "LOPEZARCE13021980"


@pytest.mark.parametrize(
    ("needle", "line", "is_there"),
    [
        ("ROSE", "Name: ROSE", True), ("ROSE", "Name: ROSF", False), ("OKAFOR", "0KAFOR Miriam", True),
        ("OKAFOR", "0KAF0R", False), ("JABLONSKI", "JABL0NSK1 Anna", True), ("JABLONSKI", "JBL0NSK1", False),
        ("13021980", "DOB 13/02/I980", True), ("13021980", "13/02/1991", False), ("OKAFOR", "", False),
    ],
)  # fmt: skip
def test_a_letter_or_two_may_be_read_wrongly(needle, line, is_there):
    assert seen([needle], [line]) == ({needle} if is_there else set())


@needs_tesseract
@pytest.mark.parametrize("light", [True, False])
@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.float32])
def test_the_reader_reads_in_either_polarity_and_any_samples(light, dtype):
    read = texts_in(written(light=light).astype(dtype) * (4 if dtype != np.uint8 else 1))
    assert seen(["OKAFOR", "MRN471188", "13021980"], read) == {"OKAFOR", "MRN471188", "13021980"}


@needs_tesseract
def test_the_reader_takes_what_holds_nothing():
    assert "esseract" in reader()
    for picture in (np.zeros((4, 4)), np.full((50, 60), np.nan), np.zeros((64, 64, 3), np.uint8)):
        assert seen(["OKAFOR"], texts_in(picture)) == set()


@needs_tesseract
def test_what_stays_in_pixels_fails_loudly_and_names_files_of_the_output(tmp_path):
    source = folder(tmp_path, written(), written(()))
    with pytest.raises(InputError, match="pixels of 1 files"):
        deidentify_folder(Job(source, tmp_path / "out", tmp_path / "key.json", verify_pixels=True))
    page = (tmp_path / "out" / PAGE).read_text()
    assert "in the copies still in 1 file" in page
    assert "in 1 file, in the copies" in page
    assert "okafor" not in page.lower()


@needs_tesseract
def test_what_was_made_black_is_read_before_and_not_after(tmp_path):
    source = folder(tmp_path, written())
    job = Job(source, tmp_path / "out", tmp_path / "key.json", clean=("pixels",), verify_pixels=True)
    read = deidentify_folder(job)["verified"]["pixels"]
    assert (read["files"], read["frames"], read["before"], read["found"], read["unread"]) == (1, 1, 1, [], 0)


@needs_tesseract
def test_films_are_read_at_both_ends_and_in_the_middle(tmp_path):
    film = np.stack([written(())] * 6 + [written()])
    write_dicom(tmp_path / "a.dcm", film, **PERSON)
    read = compared(tmp_path / "a.dcm", tmp_path / "a.dcm", "a.dcm", options())
    assert (read.frames, read.before == read.after) == (3, True)
    assert {"PatientName", "PatientID", "PatientBirthDate"} <= set(read.after)


def test_without_tesseract_the_option_is_refused_and_a_plain_search_says_that_nobody_looked(tmp_path, monkeypatch):
    source = folder(tmp_path, written())
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match="not installed"):
        deidentify_folder(Job(source, tmp_path / "out", tmp_path / "key.json", verify_pixels=True))
    deidentify_folder(Job(source, tmp_path / "out", tmp_path / "key.json", verify=True))
    assert "not looked at by a second reader" in (tmp_path / "out" / PAGE).read_text()
    assert compared(source / "0.dcm", source / "0.dcm", "x", options()) == Legible(
        "x"
    )  # said to be unread, never clean


def test_files_without_pixels_or_header_are_not_read(tmp_path):
    write_dicom(tmp_path / "a.dcm", written(()), PixelData=None)
    (tmp_path / "b.png").write_bytes(b"no header")
    for name in ("a.dcm", "b.png"):
        assert compared(tmp_path / name, tmp_path / name, name, options()) is None


def test_pixels_that_cannot_be_decoded_are_counted_as_unread(tmp_path):
    write_dicom(tmp_path / "a.dcm", written(()))
    cut = pydicom.dcmread(tmp_path / "a.dcm")
    cut.PixelData = cut.PixelData[:100]
    cut.save_as(tmp_path / "a.dcm")
    told = PixelsRead("none")
    told.add(compared(tmp_path / "a.dcm", tmp_path / "a.dcm", "a.dcm", options()))
    assert (told.files, told.unread) == (0, 1)


@needs_tesseract
def test_a_name_that_is_a_word_of_the_standard_is_left_to_a_person(tmp_path):
    write_dicom(tmp_path / "a.dcm", written(("CHEST AP",)), PatientName="Chest^Albertine")
    read = compared(tmp_path / "a.dcm", tmp_path / "a.dcm", "a.dcm", options())
    assert (read.after, read.unsure) == ((), ("PatientName",))
