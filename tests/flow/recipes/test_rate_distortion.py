"""Rate and distortion: agreement falls with the ratio, the rule is the one stated, the page holds every figure."""

import numpy as np
import pytest
from skimage import data

from radiolucent.core import Grid, Image, InputError, Mask
from radiolucent.flow.recipes.rate_distortion import USES, rate_distortion, rate_study
from radiolucent.report.rate import Coding, RateStudy, tolerable
from radiolucent.write import write


def camera() -> Image:
    array = data.camera()[100:228, 180:308]
    return Image(array, Grid(array.shape, "yx"), "DX")


@pytest.fixture(scope="module")
def study():
    return rate_study(camera(), codecs=("j2k", "wavelet"), ratios=(4.0, 2.0, 16.0), uses=("otsu", "sift"))


def test_more_compression_costs_quality(study):
    for codec in ("j2k", "wavelet"):
        psnr_db = [c.psnr_db for c in study.of(codec)]
        assert [c.asked for c in study.of(codec)] == [2, 4, 16]
        assert psnr_db == sorted(psnr_db, reverse=True)
        assert study.of(codec)[0].agreement["otsu"] >= study.of(codec)[-1].agreement["otsu"]


def test_what_is_not_changed_agrees_wholly():
    for find, alike in USES.values():
        found = find(Image(camera().array, Grid((128, 128), "yx", (1.0, 1.0))))
        assert alike(found, found) == 1


def test_dice_and_regions_are_what_one_counts_by_hand():
    grid = Grid((1, 6), "yx")
    first = Mask(np.array([[1, 1, 2, 2, 2, 0]], np.uint8), grid)
    second = Mask(np.array([[1, 1, 1, 2, 2, 2]], np.uint8), grid)
    assert USES["otsu"][1](first, second) == pytest.approx(2 * 5 / 11)
    assert USES["watershed"][1](first, second) == pytest.approx((0.8 * 2 + 2 / 3 * 3) / 5)


def test_a_ratio_is_tolerable_only_where_all_smaller_ones_are():
    codings = tuple(
        Coding("j2k", ratio, ratio, 8 / ratio, 40.0, 0.9, {"otsu": dice})
        for ratio, dice in [(2, 0.999), (4, 0.995), (8, 0.98), (16, 0.991)]
    )
    study = RateStudy("p", codings, {}, ("otsu",), 0.99)
    assert tolerable(study, "j2k", "otsu") == 4
    assert tolerable(RateStudy("p", codings[2:], {}, ("otsu",), 0.99), "j2k", "otsu") is None


def test_a_codec_that_goes_no_further_says_why():
    noise = np.random.default_rng(0).integers(0, 255, (64, 64)).astype(np.uint8)
    study = rate_study(Image(noise, Grid((64, 64), "yx")), codecs=("jpeg",), ratios=(2, 500), uses=("otsu",))
    assert len(study.codings) == 1
    assert "not 500" in study.refused["jpeg"]


def test_the_page_holds_the_figures(tmp_path):
    write(camera(), tmp_path / "p.png")
    out = tmp_path / "curve.html"
    said = rate_distortion(tmp_path / "p.png", out=out, codecs=("j2k",), ratios=(4.0,), uses=("otsu",), least=0.5)
    page = out.read_text()
    assert "otsu: j2k 4:1" in said
    assert "4:1" in page
    assert page.count("<svg") == 3
    assert "http-equiv" in page
    assert 'src="http' not in page


def test_a_page_of_another_form_is_refused(tmp_path):
    with pytest.raises(InputError, match="HTML"):
        rate_distortion(tmp_path / "p.png", out=tmp_path / "curve.pdf")
