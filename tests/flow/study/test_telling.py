import numpy as np

from radiolucent.flow.study import telling
from radiolucent.flow.study.design import Design
from radiolucent.flow.study.telling import tell, telling_frames
from radiolucent.learn.model import Model
from radiolucent.learn.sequences import as_sequences


class Brightness:
    """Says of each frame its brightness as the probability of class 1."""

    def predict_frames(self, X):
        out = np.full((len(X), X.dtype["frames"].shape[0], 2), np.nan)
        for row in range(len(X)):
            for frame in range(X["length"][row]):
                out[row, frame, 1] = X[row]["frames"][frame].mean() / 255
        out[:, :, 0] = 1 - out[:, :, 1]
        return out


def test_the_frame_that_spoke_most_stands_for_its_sequence(tmp_path, monkeypatch):
    monkeypatch.setattr(telling, "load", lambda folder: Model(Brightness(), {}))
    films = [np.array([10, 200, 30]), np.array([90, 20])]
    X = as_sequences([np.broadcast_to(film[:, None, None], (len(film), 4, 4)).astype(np.uint8) for film in films])
    np.save(tmp_path / "sequences.npy", X)
    test = np.array([[True, False], [False, True]])
    Design("folds", 2, ~test, ~test, test).save(tmp_path / "design.npz")
    (tmp_path / "gru").mkdir()
    tell(tmp_path, "gru", np.array([0, 1]), np.array([1, 0]))
    middles = np.zeros((2, 4, 4), np.uint8)
    pictures, captions = telling_frames(tmp_path, "gru", middles, {0: "first", 1: "second"})
    assert (pictures[0] == 200).all()
    assert (pictures[1] == 20).all()
    assert captions[0] == "first; frame 2 of the 3 kept spoke most for it (0.78, the least 0.04)"
    assert captions[1].startswith("second; frame 2 of the 2 kept")


def test_without_frames_the_pictures_are_shown_as_they_are(tmp_path):
    middles, captions = np.zeros((2, 4, 4), np.uint8), {0: "first"}
    assert telling_frames(tmp_path, "svm", middles, captions) == (middles, captions)
