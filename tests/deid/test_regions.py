"""What a header says about text in its pixels."""

import numpy as np
import pytest
from pydicom.dataset import Dataset
from small_dicom import dataset

from radiolucent.deid.regions import banners, suspicion
from radiolucent.kernels.lettering import Box, covered


def region(x0, y0, x1, y1):
    made = Dataset()
    made.RegionLocationMinX0, made.RegionLocationMinY0 = x0, y0
    made.RegionLocationMaxX1, made.RegionLocationMaxY1 = x1, y1
    return made


def ultrasound(*regions):
    return dataset(np.zeros((100, 200), np.uint8), Modality="US", SequenceOfUltrasoundRegions=list(regions))


def test_what_lies_outside_all_regions_is_banner():
    strips = banners(ultrasound(region(10, 20, 99, 89), region(110, 20, 189, 59)))
    inside = covered(list(strips), (100, 200))
    assert not inside[20:90, 10:190].any()
    assert inside.sum() == 100 * 200 - 70 * 180


def test_regions_that_fill_the_picture_leave_no_banner():
    assert banners(ultrasound(region(0, 0, 199, 99))) == ()


@pytest.mark.parametrize("bad", [(), ((0, 0, 0, 0),), ((5, 5, 20, 20),), ((300, 300, 500, 500),)])
def test_regions_that_cannot_be_all_there_is_to_see_are_not_believed(bad):
    assert banners(ultrasound(*(region(*edges) for edges in bad))) == ()


def test_regions_beyond_the_picture_are_cut_to_it():
    assert banners(ultrasound(region(0, 30, 5000, 5000))) == (Box(0, 0, 30, 200),)


@pytest.mark.parametrize(
    ("elements", "word"),
    [
        ({"BurnedInAnnotation": "YES"}, "YES"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.7.4"}, "secondary"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.6.1"}, "ultrasound"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.12.1"}, "angiography"),
        ({"ImageType": ["DERIVED", "SECONDARY", "OTHER"]}, "secondary"),
        ({"Modality": "XC"}, "photograph"),
        ({"Modality": "CT"}, ""),
        ({"Modality": "CT", "BurnedInAnnotation": "NO"}, ""),
    ],
)
def test_files_where_text_is_likely_are_told(elements, word):
    said = suspicion(dataset(np.zeros((4, 4), np.uint16), **elements))
    assert word in said
    assert bool(said) == bool(word)
