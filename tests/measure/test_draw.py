import numpy as np
from known_motion import after, image, motion, scene

from radiolucent.measure import draw_keypoints, draw_matches


def test_keypoints_are_drawn_in_colour_over_the_grey_picture():
    drawn = draw_keypoints(image(scene()), max_points=5)
    assert drawn.array.shape == (220, 260, 3)
    assert drawn.is_colour
    painted = (np.ptp(drawn.array.astype(int), axis=-1) > 0).mean()
    assert 0 < painted < 0.2
    np.testing.assert_array_equal(drawn.array[0, 0], scene()[0, 0])


def test_a_slice_of_a_volume_is_drawn_alone():
    drawn = draw_keypoints(image(np.stack([scene(), scene(seed=1)]), (2.0, 0.5, 0.5)), slice_index=1)
    assert drawn.grid.shape == (220, 260)
    assert drawn.grid.spacing_mm == (0.5, 0.5)


def test_matches_are_drawn_between_two_pictures():
    drawn = draw_matches(image(scene()), image(after(scene(), motion())[:200]), lines=3)
    assert drawn.array.shape == (220, 260 * 2 + 8, 3)
    painted = np.ptp(drawn.array.astype(int), axis=-1) > 0
    assert painted[:, 261:267].any(axis=0).all()  # lines cross the gap
    assert painted[:, 261:267].sum(axis=0).max() < 20
