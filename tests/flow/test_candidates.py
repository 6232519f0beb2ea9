import pytest

from radiolucent.core import InputError
from radiolucent.flow.candidates import candidate, estimator


def test_a_candidate_that_does_not_exist_names_the_nearest():
    with pytest.raises(InputError, match="did you mean 'forest'"):
        candidate("forrest")


@pytest.mark.parametrize("name", ["svm", "forest", "boosting"])
def test_classical_candidates_see_words_and_statistics(name):
    made = estimator(name, seed=3, threads=1)
    assert list(made.named_steps) == ["rows", "classify"]
    assert made.named_steps["rows"].words.seed == 3


def test_the_metadata_baseline_sees_the_group_columns_alone():
    made = estimator("metadata", seed=3, threads=1, numeric=["age"], categorical=["sex"])
    columns = [columns for _, _, columns in made[0].transformers]
    assert columns == [["age"], ["sex"]]


@pytest.mark.parametrize(("name", "recurrence"), [("pooling", "none"), ("gru", "gru"), ("convlstm", "convlstm")])
def test_sequences_are_seen_by_one_net_with_and_without_recurrence(name, recurrence):
    made = estimator(name, seed=3, threads=1, frames=5)
    assert (made.recurrence, made.pooling, made.frames, made.seed) == (recurrence, "mean", 5, 3)


def test_frames_vote_by_what_is_measured_of_them():
    made = estimator("frame_voting", seed=3, threads=1, frames=5)
    assert (made.frames, type(made.describe).__name__) == (5, "FrameFeatures")


def test_every_kind_of_target_gets_an_estimator_of_its_own():
    columns = {"numeric": ("age",), "categorical": ("sex",)}
    assert estimator("cnn", seed=1, threads=1, kind="ordinal").head == "ordinal"
    assert type(estimator("cnn", seed=1, threads=1, kind="number", **columns)).__name__ == "KerasRegressor"
    assert estimator("cnn", seed=1, threads=1, **columns).numeric == (), "pictures alone"
    assert estimator("fusion", seed=1, threads=1, **columns).numeric == ("age",)
    several = estimator("metadata", seed=1, threads=1, kind="labels", **columns)
    assert type(several).__name__ == "OneVsRestClassifier"
    number = estimator("svm", seed=1, threads=1, kind="number").named_steps["classify"]
    assert not hasattr(number, "predict_proba")
