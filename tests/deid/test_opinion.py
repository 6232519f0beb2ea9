"""Tesseract is asked where it is installed; where it is not, that is said."""

import numpy as np
import pytest
from small_dicom import dataset

from radiolucent.deid.opinion import has_tesseract, tesseract_boxes
from radiolucent.deid.pixels import clean
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
    assert tesseract_boxes(np.zeros((64, 64), np.uint16)) == (Box(17, 7, 31, 43),)


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
    assert Box(17, 7, 31, 43) in made.boxes
