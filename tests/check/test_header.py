"""Descriptions of pixels, on headers written by hand."""

import pytest

from radiolucent.check import header
from radiolucent.dicom import Header


@pytest.mark.parametrize("check", header.CHECKS)
def test_an_empty_header_breaks_nothing(check):
    assert check((Header("a"),)) == ()


@pytest.mark.parametrize(
    ("values", "fine"),
    [
        ({"RescaleSlope": 1.0, "RescaleIntercept": -1024.0}, True),
        ({"RescaleSlope": 1.0, "RescaleIntercept": 0.0, "PixelRepresentation": 1}, True),
        ({"RescaleSlope": 1.0, "RescaleIntercept": 0.0}, False),
        ({}, False),
    ],
)
def test_air_of_a_ct_must_be_able_to_lie_near_minus_1000(values, fine):
    assert bool(header.rescale((Header("a", {"Modality": "CT", **values}),))) != fine


@pytest.mark.parametrize(
    ("centre", "width", "fine"), [(40, 400, True), (40, 0.5, False), (-5000, 100, False), ((40, 9000), (400, 2), False)]
)
def test_a_window_must_show_something(centre, width, fine):
    values = {"WindowCenter": centre, "WindowWidth": width, "BitsStored": 12, "RescaleIntercept": -1024.0}
    assert bool(header.window((Header("a", values),))) != fine


def test_loss_is_told_with_its_ratio_and_the_files():
    files = tuple(Header(f"{k}", {"LossyImageCompression": "01", "LossyImageCompressionRatio": 7.5}) for k in range(7))
    (finding,) = header.lossy(files)
    assert (finding.value, finding.unit) == (7.5, ":1")
    assert finding.where == "0, 1, 2, 3, 4 and 2 more"
    assert not header.lossy_ratio(files)
