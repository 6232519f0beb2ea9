"""Text in bare pictures: found where it is, at any scale and polarity; nothing where there is none."""

import numpy as np
import pytest
from rendered_text import rendered, share_hidden
from scipy.ndimage import gaussian_filter

from radiolucent.kernels.lettering import (
    REACH,
    STRIDE,
    Box,
    boxes_of,
    clipped,
    covered,
    merged,
    normalised,
    scores,
    still_text_boxes,
    text_boxes,
    text_map,
    trained,
)


def ground(seed=0, shape=(160, 240)):
    noise = np.random.default_rng(seed).normal(size=shape)
    return (100 + 60 * gaussian_filter(noise, 6) / gaussian_filter(noise, 6).std() + 3 * noise).clip(0, 255)


def with_text(text="DOE^JANE 1951", height=18, *, at=(70, 20), value=255.0, seed=0, shape=(160, 240)):
    picture, ink = ground(seed, shape), rendered(text, None, height)
    mask = np.zeros(shape, bool)
    place = (slice(at[0], at[0] + ink.shape[0]), slice(at[1], at[1] + ink.shape[1]))
    picture[place] = picture[place] * (1 - ink) + value * ink
    mask[place] = ink > 0.3
    return picture.astype(np.uint8), mask


@pytest.mark.parametrize("height", [12, 18, 30])
@pytest.mark.parametrize("value", [255.0, 0.0])
def test_text_is_hidden_whatever_its_size_and_polarity(height, value):
    picture, ink = with_text("SMITH 12/03", height, value=value)
    assert share_hidden(text_boxes(picture), ink) > 0.9


def test_boxes_keep_to_the_text():
    picture, ink = with_text()
    rows = np.flatnonzero(ink.any(1))
    for box in text_boxes(picture):
        assert rows[0] - 16 <= box.top
        assert box.bottom <= rows[-1] + 16


def test_nothing_is_found_where_nothing_is_written():
    assert sum(box.area for seed in range(6) for box in text_boxes(ground(seed))) < 0.01 * 6 * 160 * 240


@pytest.mark.parametrize("shape", [(1, 1), (3, 50), (24, 24), (97, 131)])
def test_a_constant_picture_of_any_shape_has_no_text(shape):
    assert text_boxes(np.full(shape, 7, np.int16)) == []


def test_gain_offset_and_undefined_pixels_change_nothing():
    picture, ink = with_text()
    other = picture.astype(np.float64) * 17 - 3000
    assert text_boxes(other) == text_boxes(picture)
    other[0, 0] = np.nan
    assert share_hidden(text_boxes(other), ink) > 0.9


def test_coloured_text_of_the_grounds_own_luminance_is_found():
    picture, ink = with_text(value=100)
    grey = ground()
    colour = np.repeat(grey[..., None], 3, axis=-1)
    colour[ink] = [255, 0, 100]
    assert share_hidden(text_boxes(colour.astype(np.uint8)), ink) > 0.9
    assert picture.shape == colour.shape[:2]


def test_text_that_noise_hides_in_one_frame_shows_in_the_mean_of_many():
    picture, ink = with_text(value=160)
    rng = np.random.default_rng(1)
    frames = np.stack([picture + rng.normal(0, 110, picture.shape) for _ in range(40)])
    assert share_hidden(text_boxes(frames[0]), ink) < 0.9
    assert share_hidden(still_text_boxes(frames), ink) > 0.9


def test_bright_text_of_one_frame_is_found():
    picture, ink = with_text()
    frames = np.stack([ground()] * 20).astype(np.uint8)
    frames[7] = picture
    assert share_hidden(still_text_boxes(frames), ink) > 0.9


def test_text_of_two_of_the_frames_looked_at_is_found_between_a_bright_and_a_dark_flash():
    picture, ink = with_text()
    frames = np.stack([ground()] * 20) * 0.3 + 80
    frames[0] += 90
    frames[1] -= 80
    frames[[5, 10]] = picture * 0.3 + 80
    assert share_hidden(still_text_boxes(frames.astype(np.uint8)), ink) > 0.9


def test_a_pixel_is_seen_no_farther_than_the_strips_overlap():
    signal = normalised(ground(shape=(160, 160)))
    other = signal.copy()
    other[80, 80] += 3
    changed = np.argwhere(scores(other, trained()) != scores(signal, trained()))
    assert len(changed)
    assert np.abs(changed * STRIDE + STRIDE / 2 - 80).max() <= REACH + STRIDE


def test_strips_give_what_the_whole_picture_gives():
    signal = normalised(np.tile(ground(), (4, 1)))
    whole = 1 / (1 + np.exp(-scores(signal, trained())))
    from_strips = text_map(np.tile(ground(), (4, 1)))
    assert from_strips.shape == whole.shape
    assert np.all(from_strips >= whole - 1e-4)


def test_scores_have_one_value_a_block():
    signal = normalised(ground(shape=(40, 64)))
    assert scores(signal, trained()).shape == (40 // STRIDE, 64 // STRIDE)


def test_boxes_need_one_sure_block_and_some_size():
    likely = np.zeros((20, 20), np.float32)
    likely[5, 5:9] = 0.6
    assert boxes_of(likely, (80, 80)) == []
    likely[5, 6] = 0.99
    assert len(boxes_of(likely, (80, 80))) == 1
    alone = np.zeros((20, 20), np.float32)
    alone[5, 5] = 0.99
    assert boxes_of(alone, (80, 80)) == []


def test_boxes_are_clipped_merged_and_covered():
    assert clipped(Box(-3, -2, 90, 7), (80, 80)) == Box(0, 0, 80, 7)
    assert clipped(Box(90, 90, 95, 95), (80, 80)).area == 0
    assert merged([Box(2, 2, 4, 4), Box(0, 0, 9, 9), Box(0, 0, 9, 9)]) == [Box(0, 0, 9, 9)]
    assert covered([Box(0, 0, 2, 3)], (4, 4)).sum() == 6
