"""Settings of a frame, as makers state them."""

import pytest
from pydicom.dataset import Dataset

from radiolucent.dicom import variants


def _variant(**elements):
    made = Dataset()
    made.Modality = "MR"
    for name, value in elements.items():
        setattr(made, name, value)
    return variants(made, 1)[0]


def test_nothing_stated_is_nothing_known():
    made = _variant()
    assert (made.component, made.echo_ms, made.b_value, made.acquired_s) == ("", None, None, None)


@pytest.mark.parametrize(
    ("group", "creator", "element", "kind", "value"),
    [
        (0x19, "SIEMENS MR HEADER", 0x0C, "IS", 1000),
        (0x43, "GEMS_PARM_01", 0x39, "IS", [1000001000, 8, 0, 0]),
    ],
)
def test_b_values_are_found_where_siemens_and_ge_put_them(group, creator, element, kind, value):
    made = Dataset()
    made.private_block(group, creator, create=True).add_new(element, kind, value)
    assert variants(made, 1)[0].b_value == 1000


def test_seconds_of_the_clock_count_over_midnight():
    late = _variant(AcquisitionDate="20191231", AcquisitionTime="235959.250000").acquired_s
    early = _variant(AcquisitionDateTime="20200101000001.750000+0100").acquired_s
    assert early - late == pytest.approx(2.5)


@pytest.mark.parametrize("text", ["", "2460", "noon", "99"])
@pytest.mark.filterwarnings("ignore:Invalid value")
def test_a_time_that_is_none_is_unknown(text):
    assert _variant(AcquisitionTime=text).acquired_s is None
