"""What is kept of private elements is a number of known meaning, in a second source too."""

import pytest
from pydicom._private_dict import private_dictionaries

from radiolucent.deid.private import safe

SCALE = {("2005", "Philips MR Imaging DD 001", number) for number in (0x0D, 0x0E)}
"""Scale intercept and slope, without a name in pydicom's dictionary."""
ROWS = [(f"{group:04x}", creator, number, vr) for (group, creator), of in safe().items() for number, vr in of.items()]


@pytest.mark.parametrize(("group", "creator", "number", "vr"), ROWS)
def test_every_safe_element_is_a_number_that_pydicom_names(group, creator, number, vr):
    listed = {key.lower(): entry for key, entry in private_dictionaries[creator].items()}
    known = listed[f"{group}xx{number:02x}"]
    assert known[0] == vr
    assert vr in ("DS", "IS", "FL", "FD", "US", "UL", "SS", "SL")
    assert known[2] != "Unknown" or (group, creator, number) in SCALE
