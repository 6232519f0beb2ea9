"""Text of five fonts, 8 to 40 pixels, three contrasts, on real radiographs and ultrasound; more in `results/lettering.py`."""

import cv2
import numpy as np
import pytest
from rendered_text import CONTRASTS, HEIGHTS, few, fonts, share_hidden, wilson, write_on
from shared import shared

from radiolucent.kernels.lettering import covered, text_boxes

SETS = ("data/nih-cxr-1000-256/images", "data/busi-masks-150-gray/malignant")


def pictures(folder, n=2):
    files = sorted(p for p in shared(folder).rglob("*") if p.suffix in (".jpg", ".png") and "_mask" not in p.name)
    return [cv2.imread(str(file), cv2.IMREAD_GRAYSCALE) for file in few(files, n)]


@pytest.mark.parametrize("folder", SETS)
def test_rendered_text_is_hidden(folder, record_property):
    """The bar is a recall of 0.98; so few pictures can only tell a fall from it."""
    rng, files, hits = np.random.default_rng(5), list(fonts().items()), []
    for picture in pictures(folder):
        for contrast in CONTRASTS:
            for height in HEIGHTS:
                name, file = files[int(rng.integers(len(files)))]
                made = write_on(picture, rng, name=name, file=file, height=height, contrast=contrast)
                if made is not None:
                    hits.append(share_hidden(text_boxes(made.picture), made.ink) >= 0.9)
    record_property("difference", 1 - float(np.mean(hits)))
    assert len(hits) >= 30
    assert wilson(sum(hits), len(hits))[1] >= 0.98


@pytest.mark.parametrize("folder", SETS)
def test_little_else_is_hidden(folder, record_property):
    shares = [float(covered(text_boxes(picture), picture.shape).mean()) for picture in pictures(folder, n=20)]
    record_property("difference", float(np.mean(shares)))
    assert np.mean(shares) < 0.02


def test_little_else_is_hidden_in_the_two_radiographs_that_were_held_to_it_before():
    shares = [float(covered(text_boxes(picture), picture.shape).mean()) for picture in pictures(SETS[0])]
    assert np.mean(shares) < 0.02
