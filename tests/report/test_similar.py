import numpy as np
import pytest

from radiolucent.report.similar import Near, similar_page
from radiolucent.write.picture import png_bytes

PNG = png_bytes(np.arange(64, dtype=np.uint8).reshape(8, 8))


def near(target="CT", *, same=False) -> Near:
    return Near(PNG, 0.51, target, "0123456789abcdef", same)


def test_the_page_says_how_many_of_the_nearest_are_what():
    page = similar_page(PNG, [near(), near(), near("MR")], {"CT": 30, "MR": 10}, (), by="vlad", version="1")
    assert "Of the 3 pictures most like the one asked about, 2 are CT; of all 40, 75% are" in page
    assert page.count("data:image/png;base64,") == 4
    assert "0123456789abcdef" in page
    assert "bit by bit" not in page


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"near": [near(same=True)], "failed": ()}, "bit by bit"),
        ({"near": [near()], "failed": ("row 3: damaged",)}, "could not be read and were left out; the first: row 3"),
        ({"near": [near("<b>")], "failed": ()}, "&lt;b&gt;"),
    ],
)
def test_the_page_tells_twins_failures_and_escapes_names(given, says):
    classes = {"CT": 1, "<b>": 1}
    assert says in similar_page(PNG, given["near"], classes, given["failed"], by="words", version="1")
