"""What holds for every segmenter: colour, series, sphere in thick slices, and seeds by any name."""

import sys
from pathlib import Path

import numpy as np
import pytest

from radiolucent import segment
from radiolucent.core import Grid, Image, InputError, Mask

sys.path.insert(0, str(Path(__file__).parents[1] / "results"))
ladder = pytest.importorskip("ladder")
sys.path.pop(0)

SCENE = ladder.scenes()[2]
FLAT_ONLY = {"grabcut"}
every_method = pytest.mark.parametrize("method", ladder.METHODS, ids=lambda method: method.name)


def given(method, scene, image):
    """The picture and the help that the method takes, as a frame of a series if the picture is one."""
    found = {"seeds": scene.seeds(together=False), "two seeds": scene.seeds(together=True)}
    found |= {"outline": scene.outline(), "points": scene.points()}
    if not method.help:
        return [image]
    help_ = found[method.help]
    shape = image.grid.shape
    array = help_.array if len(shape) == help_.array.ndim else np.stack([help_.array] * shape[0])
    return [image, Mask(array, image.grid)]


def run(method, *values):
    fewer = {"rounds": 100} if method.name == "level_sets" else {}  # it takes its time to come to rest
    return getattr(segment, method.name.partition(" ")[0])(*values, **method.args, **fewer)


@every_method
def test_colour_is_refused_or_its_subject(method):
    image = SCENE.noisy(5)
    colour = Image(np.clip(np.stack([image.array] * 3, -1), 0, 255).astype(np.uint8), image.grid)
    if method.name == "grabcut":
        assert run(method, *given(method, SCENE, colour)).array.any()
        return
    with pytest.raises(InputError, match="colour"):
        run(method, *given(method, SCENE, colour))


@every_method
def test_equal_frames_are_segmented_alike(method):
    image = SCENE.noisy(3)
    grid = Grid((2, *image.grid.shape), "tyx", image.grid.spacing_mm, times_s=(0.0, 1.0))
    series = Image(np.stack([image.array] * 2), grid)
    if method.name in FLAT_ONLY:
        with pytest.raises(InputError, match="one 2-D picture"):
            run(method, *given(method, SCENE, series))
        return
    values = given(method, SCENE, series)
    if method.name == "live_wire":  # its points lie in one frame
        only = values[1].array.copy()
        only[1] = 0
        found = run(method, series, Mask(only, grid)).array
        np.testing.assert_array_equal(found[0], run(method, *given(method, SCENE, image)).array)
        return
    found = run(method, *values).array
    np.testing.assert_array_equal(found[0] > 0, found[1] > 0)
    pairs = np.unique(np.stack([found[0].ravel(), found[1].ravel()]), axis=1)
    assert pairs.shape[1] == len(np.unique(found[0])) == len(np.unique(found[1]))


@every_method
def test_a_ball_without_noise_is_found_in_thick_slices(method):
    if method.name in FLAT_ONLY:
        pytest.skip("it works on one 2-D picture")
    scene = ladder.scenes()[0]
    image = scene.noisy(50)
    mask = run(method, *given(method, scene, image))
    found = method.objects(mask, scene) > 0
    truth = scene.truth.array > 0
    assert 2 * (found & truth).sum() / (found.sum() + truth.sum()) > 0.85


@pytest.mark.parametrize("method", [m for m in ladder.METHODS if "seeds" in m.help], ids=lambda method: method.name)
def test_other_numbers_of_seeds_give_the_same_regions(method):
    image = SCENE.noisy(5)
    _, seeds = given(method, SCENE, image)
    other = np.array([0, 4, 7, 0, 0, 0, 0, 0, 0, 12])
    first = run(method, image, seeds).array
    second = run(method, image, Mask(other[seeds.array].astype(np.uint8), image.grid)).array
    assert (other[first] == second).mean() > 0.999
