"""Side letters: read in a face that the reader was not made from, on either side, upright or turned."""

import cv2
import numpy as np
import pytest

from radiolucent.core import Grid, Image
from radiolucent.recognise.markers import markers, read_markers

BREADTH = 200


def radiograph(letter, *, column, mirrored=False, height=18, seed=0):
    """Two lungs in a trunk, with noise, and a letter near the top."""
    y, x = np.mgrid[-1 : 1 : 180 * 1j, -1 : 1 : BREADTH * 1j]
    grey = np.full(y.shape, 40.0)
    grey[(y / 0.95) ** 2 + (x / 0.9) ** 2 < 1] = 130
    grey[(y / 0.6) ** 2 + ((np.abs(x) - 0.4) / 0.25) ** 2 < 1] = 70
    sheet = np.zeros((40, 40), np.uint8)
    cv2.putText(sheet, letter, (8, 32), cv2.FONT_HERSHEY_TRIPLEX, height / 22, 255, 2, cv2.LINE_AA)
    shown = sheet[:, ::-1] if mirrored else sheet
    part = grey[10:50, column : column + 40]
    grey[10:50, column : column + 40] = np.where(shown > 100, 240, part)
    noisy = grey + np.random.default_rng(seed).normal(0, 3, grey.shape)
    return Image(noisy.clip(0, 255).astype(np.uint8), Grid(grey.shape, "yx"), modality="DX")


def codes(image):
    return [one.code for one in markers(image)]


@pytest.mark.parametrize(("letter", "column"), [("L", 150), ("R", 10)])
def test_a_letter_on_its_side_by_custom_is_told_without_warning(letter, column):
    found = markers(radiograph(letter, column=column))
    assert [one.code for one in found] == ["recognise.marker"]
    assert f"letter {letter}" in found[0].says
    assert found[0].probability > 0.75


@pytest.mark.parametrize(("letter", "column"), [("L", 10), ("R", 150)])
def test_a_letter_on_the_other_side_is_warned_of(letter, column):
    assert codes(radiograph(letter, column=column)) == ["recognise.marker", "recognise.side_differs"]


def test_a_turned_letter_on_the_wrong_side_means_a_mirrored_picture():
    assert codes(radiograph("L", column=10, mirrored=True)) == ["recognise.marker", "recognise.mirrored"]


def test_a_turned_letter_on_its_own_side_was_seen_from_behind():
    assert codes(radiograph("R", column=10, mirrored=True)) == ["recognise.marker", "recognise.from_behind"]


@pytest.mark.parametrize("letter", list("ABDEFHMPST4578"))
def test_other_signs_are_no_side_letters(letter):
    assert codes(radiograph(letter, column=10)) == []


def test_a_picture_without_letters_a_volume_and_a_small_picture_tell_nothing():
    assert codes(radiograph(" ", column=10)) == []
    assert codes(Image(np.zeros((5, 64, 64), np.uint8), Grid((5, 64, 64), "zyx"))) == []
    assert read_markers(np.random.default_rng(0).random((20, 20)).astype(np.float32), least=0.7) == []
