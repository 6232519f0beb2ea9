"""One image where one is wanted, and the way past a check that blocks."""

import nibabel
import numpy as np
import pytest

from radiolucent.core import Grid, Image, InputError
from radiolucent.flow.recipes.rate_distortion import rate_distortion
from radiolucent.flow.single import single_image
from radiolucent.write import write


@pytest.fixture
def holed(tmp_path):
    """A volume with a hole in its data, which the checks block."""
    values = np.random.default_rng(0).normal(100, 20, (6, 32, 32)).astype(np.float32)
    values[3, 10, 10] = np.nan
    nibabel.save(nibabel.Nifti1Image(values, np.eye(4)), tmp_path / "holed.nii")
    return tmp_path / "holed.nii"


def test_the_only_image_needs_no_name_and_an_unknown_name_is_answered(tmp_path):
    write(Image(np.eye(5), Grid((5, 5), "yx")), tmp_path / "a.nrrd")
    assert single_image(tmp_path / "a.nrrd").array.shape == (5, 5)
    with pytest.raises(InputError, match="no image 'ct'"):
        single_image(tmp_path / "a.nrrd", name="ct")


def test_what_is_blocked_is_read_where_that_is_allowed(holed):
    with pytest.raises(InputError, match=r"intensity\.not_finite.*--allow-blocked"):
        single_image(holed)
    assert np.isnan(single_image(holed, allow_blocked=True).array).sum() == 1


def test_a_command_hands_its_flag_on(holed, tmp_path):
    with pytest.raises(InputError, match="--allow-blocked"):
        rate_distortion(holed, out=tmp_path / "a.html", codecs=("j2k",), ratios=(2.0,), uses=("otsu",))
    with pytest.raises(InputError) as later:
        rate_distortion(
            holed, out=tmp_path / "a.html", codecs=("j2k",), ratios=(2.0,), uses=("otsu",), allow_blocked=True
        )
    assert "--allow-blocked" not in str(later.value), "the next step says what it cannot do with such values"
