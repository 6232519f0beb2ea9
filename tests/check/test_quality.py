"""Figures of quality against their definitions on pictures whose answer is known."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from radiolucent.check.quality import quality, quality_limits
from radiolucent.core import Grid, Image


def picture(array, modality="MR"):
    return Image(array, Grid(array.shape, "yx"), modality)


def disc(side=128, inside=1000.0):
    y, x = np.mgrid[:side, :side] - side / 2
    return np.where(np.hypot(y, x) < side / 3, inside, 0.0) + 200 * (np.hypot(y, x) < side / 6)


@pytest.mark.parametrize("sigma", [10.0, 40.0])
def test_noise_is_that_which_was_added(sigma):
    noisy = disc() + np.random.default_rng(0).normal(0, sigma, (128, 128))
    low, high = np.percentile(noisy, [1, 99])
    assert quality(picture(noisy))["noise"] * (high - low) == pytest.approx(sigma, rel=0.08)


@pytest.mark.parametrize("sigma", [2.0, 3.0, 4.0])
def test_a_blurred_edge_has_the_width_of_its_blur(sigma):
    step = gaussian_filter(np.repeat([[0.0] * 64 + [1000.0] * 64], 128, axis=0), sigma)
    assert quality(picture(step))["fwhm_px"] == pytest.approx(2.3548 * sigma, rel=0.08)


def test_rayleigh_air_gives_the_signal_to_noise_ratio_of_dietrich():
    rng = np.random.default_rng(1)
    noise = 20.0
    array = np.hypot(disc() + rng.normal(0, noise, (128, 128)), rng.normal(0, noise, (128, 128)))
    expected = 1000 / noise  # of the larger tissue; a quarter of the body is 20 % brighter
    assert quality(picture(array))["snrd"] == pytest.approx(expected, rel=0.1)


@pytest.mark.parametrize("side", [16, 32, 64])
def test_the_entropy_focus_criterion_of_equal_pixels_follows_its_formula(side):
    array = np.zeros((64, 64))
    array[:side, :side] = 1000 + np.linspace(0, 1e-3, side * side).reshape(side, side)
    array[-1, -1] = 0
    expected = side * np.log(1 / side) / (64 * np.log(1 / 64))
    assert quality(picture(array))["efc"] == pytest.approx(expected, rel=1e-3)


def test_a_ghost_is_measured_as_its_share_of_the_signal():
    array = disc() + np.random.default_rng(3).normal(0, 5, (128, 128))
    ghosted = array + 0.1 * np.roll(array, 64, axis=0)
    assert quality(picture(ghosted))["gsr"] == pytest.approx(0.1, abs=0.03)
    assert abs(quality(picture(array))["gsr"]) < 0.01


def test_a_limit_may_be_moved_and_stands_in_the_finding():
    noisy = picture(disc() + np.random.default_rng(0).normal(0, 60, (128, 128)), "DX")
    assert [finding.code for finding in quality_limits(noisy, noise=0.01)] == ["intensity.noise"]
    assert quality_limits(noisy, noise=0.01)[0].because == ("limit: at most 0.01",)
    assert quality_limits(noisy, noise=0.5) == ()


def test_figures_of_mr_are_not_held_against_a_radiograph():
    ghosted = disc() + 0.3 * np.roll(disc(), 64, axis=0) + np.random.default_rng(3).normal(0, 5, (128, 128))
    assert "intensity.gsr" in {finding.code for finding in quality_limits(picture(ghosted, "MR"))}
    assert "intensity.gsr" not in {finding.code for finding in quality_limits(picture(ghosted, "DX"))}


def test_where_no_modality_is_stated_figures_are_remarks_for_the_picture_may_be_a_pet():
    noise = np.random.default_rng(0).normal(100, 60, (3, 48, 48)).astype(np.float32)
    grid = Grid((3, 48, 48), "zyx")
    severities = {
        modality: {
            finding.severity
            for finding in quality_limits(Image(noise, grid, modality))
            if finding.code.endswith("noise")
        }
        for modality in ("CT", "OT", "PT")
    }
    assert severities == {"CT": {"warn"}, "OT": {"info"}, "PT": set()}


def test_figures_of_one_section_alone_are_remarks_for_the_anatomy_decides_them():
    noise = np.random.default_rng(0).normal(100, 60, (48, 48))
    assert {finding.severity for finding in quality_limits(picture(noise, "MR"))} == {"info"}
    assert "warn" in {finding.severity for finding in quality_limits(picture(noise, "DX"))}


def test_a_dose_is_smooth_by_nature_and_not_judged():
    smooth = gaussian_filter(disc(), 12)
    assert "intensity.fwhm" in {finding.code for finding in quality_limits(picture(smooth, "CT"))}
    assert quality_limits(picture(smooth, "RTDOSE")) == ()


def test_of_a_long_film_frames_spread_over_it_are_measured():
    film = np.random.default_rng(0).normal(100, 10, (64, 32, 32))
    grid = Grid(film.shape, "tyx")
    picked = film[np.linspace(0, 63, 16).round().astype(int)]
    assert quality(Image(film, grid)) == quality(Image(picked, Grid(picked.shape, "tyx")))
