import numpy as np
import pytest

from radiolucent.core import InputError
from radiolucent.learn import KerasClassifier, KerasRegressor, checkpoint, load, save
from radiolucent.learn.checkpoint import Checkpoint, Reached
from radiolucent.learn.heads import Categorical, Number, Ordinal
from radiolucent.learn.inner import held_figure, held_out

SMALL = {"width": 4, "blocks": 1, "steps": 40, "batch": 8, "members": 2, "threads": 1, "seed": 5}


def pictures(n=60):
    random = np.random.default_rng(0)
    y = np.arange(n) % 2
    return (random.integers(0, 120, (n, 8, 8)) + 90 * y[:, None, None]).astype(np.uint8), y


def test_the_inner_part_tears_no_patient_apart_and_holds_every_class():
    y, groups = np.arange(100) % 3, np.arange(100) // 2
    held = held_out(y, groups, seed=1)
    assert not set(groups[held]) & set(groups[~held])
    assert set(y[held]) == {0, 1, 2}
    assert 0.1 < held.mean() < 0.3
    with pytest.raises(InputError, match="too few to stop early"):
        held_out(y, np.arange(100) % 5, seed=1)


def test_a_look_tells_the_auc_of_every_target_or_the_error_of_a_number():
    grades = Ordinal(3)
    y = np.array([0, 1, 2, 0, 1, 2])
    sure = np.eye(3)[y]
    assert held_figure(grades, grades.targets(y), sure) == 1
    assert held_figure(Categorical(3), Categorical(3).targets(y), 1 - sure) == 0
    age = Number(50.0, 10.0)
    assert held_figure(age, age.targets(np.array([40.0, 60.0])), np.array([[43.0], [61.0]])) == pytest.approx(2.0)


def test_a_checkpoint_is_taken_up_by_its_own_fit_only(tmp_path):
    arrays = [np.arange(12.0).reshape(3, 4)]
    reached = Reached([[np.ones(2)], [np.zeros(2)]], 7, 3.5, [np.arange(k) for k in range(12)], [np.ones(3)])
    Checkpoint.of(tmp_path / "net.npz", {"steps": 3}, arrays).save(reached)
    again = Checkpoint.of(tmp_path / "net.npz", {"steps": 3}, arrays).load()
    assert (again.step, again.seconds, len(again.finished)) == (7, 3.5, 2)
    assert [len(array) for array in again.net] == list(range(12))
    assert Checkpoint.of(tmp_path / "net.npz", {"steps": 4}, arrays).load().step == 0
    assert Checkpoint.of(tmp_path / "net.npz", {"steps": 3}, [arrays[0] + 1]).load().step == 0


deep = pytest.mark.deep


class Stop:
    """Interrupts the fit after so many steps."""

    def __init__(self, steps):
        self.left = steps

    def __call__(self, done):
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt


@deep
@pytest.mark.parametrize("interrupted_after", [13, 55])
def test_a_fit_that_was_interrupted_goes_on_and_ends_as_it_would_have(interrupted_after, tmp_path, monkeypatch):
    pytest.importorskip("tensorflow")
    monkeypatch.setattr(checkpoint, "EVERY_S", 0.0)
    X, y = pictures()
    whole = KerasClassifier(**SMALL).fit(X, y)
    path = tmp_path / "net.npz"
    with pytest.raises(KeyboardInterrupt):
        KerasClassifier(**SMALL, checkpoint=str(path), progress=Stop(interrupted_after)).fit(X, y)
    assert path.exists()
    steps = []
    again = KerasClassifier(**SMALL, checkpoint=str(path), progress=steps.append).fit(X, y)
    assert steps[0] > 0.1
    np.testing.assert_array_equal(again.predict_proba(X), whole.predict_proba(X))
    assert [point["step"] for point in again.curve_] == [point["step"] for point in whole.curve_]
    assert not path.exists()


@deep
def test_with_patience_training_ends_early_with_the_best_weights_and_says_so(tmp_path):
    pytest.importorskip("tensorflow")
    X, _ = pictures(80)
    y = np.random.default_rng(3).integers(0, 2, 80)  # nothing to learn: what helps in training does not help outside
    with pytest.raises(InputError, match="whose each picture is"):
        KerasClassifier(**SMALL, patience=3).fit(X, y)
    fitted = KerasClassifier(**{**SMALL, "steps": 200, "members": 1}, patience=3).fit(X, y, groups=np.arange(80) // 2)
    losses = [point["held_loss"] for point in fitted.curve_]
    assert len(losses) < 40, "it ended before its last step"
    assert len(losses) - 1 - int(np.argmin(losses)) == 3
    assert f"step {fitted.curve_[int(np.argmin(losses))]['step']} of 200 were best" in fitted.remarks_[0]
    again = load(save(tmp_path / "net", estimator=fitted, manifest={})).estimator
    assert (again.curve_, again.remarks_) == (fitted.curve_, fitted.remarks_)


@deep
def test_a_curve_falls_where_there_is_something_to_learn_and_a_spent_budget_is_told():
    pytest.importorskip("tensorflow")
    X, y = pictures()
    fitted = KerasRegressor(**{**SMALL, "members": 1}, patience=40).fit(X, 30.0 + 20 * y, groups=np.arange(60))
    assert fitted.curve_[-1]["held_figure"] < fitted.curve_[0]["held_figure"]
    assert fitted.curve_[-1]["loss"] < fitted.curve_[0]["loss"]
    hurried = KerasClassifier(**{**SMALL, "steps": 100_000, "members": 1}, budget_s=0.5).fit(X, y)
    assert "budget of 0.5 s ended training after" in hurried.remarks_[0]
