"""The size that a compressed stream states, against encoders that nobody here wrote."""

import imagecodecs
import numpy as np
import pytest

from radiolucent.dicom.codestream import stated_size

PICTURE = np.random.default_rng(0).integers(0, 255, (24, 40, 3)).astype(np.uint8)


@pytest.mark.parametrize("encode", ["jpeg_encode", "jpeg2k_encode", "jpegls_encode"])
def test_rows_columns_and_components_are_found(encode):
    assert stated_size(getattr(imagecodecs, encode)(PICTURE)) == (24, 40, 3)
    assert stated_size(getattr(imagecodecs, encode)(PICTURE[..., 0].copy())) == (24, 40, 1)


@pytest.mark.parametrize("junk", [b"", b"\xff\xd8", b"\xff\xd8\xff\xff\xff", b"\xff\x4f\xff\x51\x00", bytes(50)])
def test_what_is_no_stream_states_nothing(junk):
    assert stated_size(junk) is None
