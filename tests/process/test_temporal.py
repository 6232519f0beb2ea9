import numpy as np
import pytest
from scipy import ndimage

from radiolucent.core import Grid, Image, InputError
from radiolucent.process.temporal import temporal


def cine(frames=9, colours=()) -> Image:
    values = np.random.default_rng(0).integers(0, 255, (frames, 6, 7, *colours)).astype(np.uint8)
    return Image(values, Grid((frames, 6, 7), "tyx", times_s=tuple(0.04 * i for i in range(frames))))


@pytest.mark.parametrize("colours", [(), (3,)])
@pytest.mark.parametrize("frames", [3, 5])
def test_each_pixel_is_filtered_over_time_only_as_scipy_does(frames, colours):
    image = cine(colours=colours)
    box = (frames, 1, 1, *(1 for _ in colours))
    values = image.array.astype(np.float32)
    median = temporal(image, frames=frames).array
    np.testing.assert_array_equal(median, ndimage.median_filter(values, box))
    mean = temporal(image, statistic="mean", frames=frames).array
    np.testing.assert_allclose(mean, ndimage.uniform_filter(values, box), atol=1e-3)
    assert median.dtype == mean.dtype == np.float32


def test_a_flash_in_one_frame_leaves_no_trace_in_the_median():
    values = np.full((7, 4, 4), 50, np.uint8)
    values[3] = 255
    assert (temporal(Image(values, Grid((7, 4, 4), "tyx"))).array == 50).all()


def test_a_picture_without_time_is_told_what_its_axes_are():
    with pytest.raises(InputError, match="no frames over time, its axes are 'yx'"):
        temporal(Image(np.zeros((4, 4)), Grid((4, 4), "yx")))


def test_an_even_number_of_frames_is_refused_with_the_next_odd_one():
    with pytest.raises(InputError, match="for example 5"):
        temporal(cine(), frames=4)
