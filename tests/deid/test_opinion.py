"""Tesseract is asked where it is installed; where it is not, that is said."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont
from small_dicom import dataset, write_dicom

from radiolucent.core import InputError
from radiolucent.deid.opinion import has_tesseract, tesseract_boxes
from radiolucent.deid.pixels import clean
from radiolucent.flow.deid import Job, deidentify_folder
from radiolucent.kernels.lettering import Box

HEAD = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"


def stand_in(folder, monkeypatch, *rows, code=0):
    """A program of that name which answers with these rows."""
    program = folder / "tesseract"
    table = "\n".join([HEAD, *("5\t1\t1\t1\t1\t1\t" + row for row in rows)])
    program.write_text(f"#!/bin/sh\n/bin/cat > /dev/null\n/bin/cat <<'END'\n{table}\nEND\nexit {code}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_places_of_words_are_kept_and_unsure_or_short_ones_are_not(tmp_path, monkeypatch):
    stand_in(tmp_path, monkeypatch, "10\t20\t30\t8\t91\tROE", "1\t1\t9\t9\t12\tnoise", "5\t5\t9\t9\t95\tI")
    assert tesseract_boxes(np.zeros((64, 64), np.uint16)) == (Box(7, 2, 17, 23),)  # it was asked about twice the size


def test_what_is_as_large_as_an_organ_is_no_word(tmp_path, monkeypatch):
    stand_in(tmp_path, monkeypatch, "10\t20\t110\t90\t91\tROE")
    assert tesseract_boxes(np.zeros((64, 64), np.uint8)) == ()


def test_a_program_that_fails_gives_no_opinion(tmp_path, monkeypatch):
    stand_in(tmp_path, monkeypatch, code=1)
    assert tesseract_boxes(np.zeros((64, 64), np.uint8)) is None


@pytest.mark.parametrize("colours", [0, 3])
def test_without_the_program_cleaning_says_so(tmp_path, monkeypatch, colours):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not has_tesseract()
    made = dataset(np.zeros((64, 64), np.uint8))
    if colours:
        made.SamplesPerPixel, made.PhotometricInterpretation, made.PlanarConfiguration = 3, "RGB", 0
        made.PixelData = bytes(64 * 64 * 3)
    assert any("Tesseract" in remark for remark in clean(made, second_opinion=True).remarks)
    assert not any("Tesseract" in remark for remark in clean(made).remarks)


def test_what_it_reads_is_blanked_too(tmp_path, monkeypatch):
    stand_in(tmp_path, monkeypatch, "10\t20\t30\t8\t91\tROE")
    made = clean(dataset(np.arange(4096, dtype=np.uint16).reshape(64, 64)), second_opinion=True)
    assert Box(7, 2, 17, 23) in made.boxes


@pytest.mark.skipif(not has_tesseract(), reason="Tesseract is not installed (Debian: tesseract-ocr)")
@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.float32])
def test_the_real_program_reads_plain_words(dtype):
    picture = Image.new("L", (400, 120), 20)
    ImageDraw.Draw(picture).text((40, 40), "PATIENT SMITH 1951", fill=230, font=ImageFont.load_default(24))
    array = np.asarray(picture)
    boxes = tesseract_boxes(array.astype(dtype) * 4 - 100 if dtype != np.uint8 else array)
    assert boxes
    hidden = np.zeros(array.shape, bool)
    for box in boxes:
        hidden[box.top : box.bottom, box.left : box.right] = True
    assert hidden[array > 120].mean() > 0.9
    assert hidden.mean() < 0.4


@pytest.mark.skipif(not has_tesseract(), reason="Tesseract is not installed (Debian: tesseract-ocr)")
def test_the_real_program_takes_noise_and_specks_in_its_stride():
    for shape in ((1, 1), (3, 400), (64, 64)):
        assert tesseract_boxes(np.random.default_rng(0).normal(size=shape)) is not None


def test_a_second_opinion_needs_pixels_and_the_program(tmp_path, monkeypatch):
    (tmp_path / "in").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path))
    for clean_what, said in (((), "--clean pixels"), (("pixels",), "not installed")):
        job = Job(tmp_path / "in", tmp_path / "out", tmp_path / "key.json", clean=clean_what, second_opinion=True)
        with pytest.raises(InputError, match=said):
            deidentify_folder(job)


def test_a_folder_is_cleaned_of_what_it_reads(tmp_path, monkeypatch):
    (tmp_path / "in").mkdir()
    write_dicom(tmp_path / "in/a.dcm", np.arange(4096, dtype=np.uint16).reshape(64, 64))
    Image.fromarray(np.arange(4096, dtype=np.uint8).reshape(64, 64)).save(tmp_path / "in/b.png")
    stand_in(tmp_path, monkeypatch, "10\t20\t30\t8\t91\tROE")
    job = Job(tmp_path / "in", tmp_path / "out", tmp_path / "key.json", clean=("pixels",), second_opinion=True)
    assert deidentify_folder(job)["boxes"] == 2
