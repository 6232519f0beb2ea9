import numpy as np

from radiolucent.measure.frames import FrameFeatures


def frames(n=3, size=20):
    return np.random.default_rng(0).integers(0, 255, (n, size, size)).astype(np.uint8)


def test_there_is_a_finite_number_for_every_name():
    made = FrameFeatures(cells=2)
    table = made.fit(frames()).transform(frames())
    assert table.shape == (3, len(made.get_feature_names_out()))
    assert np.isfinite(table).all()


def test_a_constant_frame_has_no_gradient():
    table = FrameFeatures(cells=2, orientations=4).transform(np.full((1, 20, 20), 7, np.uint8))
    assert np.isfinite(table).all()
    assert not table[0, :16].any()


def test_each_frame_is_measured_by_itself():
    made = FrameFeatures(cells=2)
    np.testing.assert_array_equal(made.transform(frames())[1:2], made.transform(frames()[1:2]))
