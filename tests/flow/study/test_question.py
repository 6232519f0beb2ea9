import json

import pytest

from radiolucent.core import InputError
from radiolucent.flow.study.question import Question, asked, workplace, write_json

ASKED = asked(Question(source="table.csv", seed=1), "data", "0")


def test_a_new_folder_is_made_and_remembers_what_was_asked(tmp_path):
    with workplace(tmp_path / "run", ASKED, resume=False) as work:
        assert json.loads((work / "question.json").read_text())["seed"] == 1


def test_a_folder_that_is_not_empty_is_refused_and_left_as_it_was(tmp_path):
    (tmp_path / "mine.txt").write_text("keep me")
    with pytest.raises(InputError, match="not empty; give another"), workplace(tmp_path, ASKED, resume=False):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_bad_input_leaves_nothing_behind(tmp_path):
    with pytest.raises(InputError), workplace(tmp_path / "run", ASKED, resume=False):
        raise InputError("no such column")
    assert not (tmp_path / "run").exists()


def test_bad_input_after_a_fold_was_finished_loses_nothing(tmp_path):
    with pytest.raises(InputError), workplace(tmp_path / "run", ASKED, resume=False) as work:
        (work / "svm").mkdir()
        (work / "svm" / "fold_0.npz").touch()
        raise InputError("the disk is full")
    assert (tmp_path / "run/work/svm/fold_0.npz").exists()


def test_an_unfinished_run_in_the_folder_names_resume(tmp_path):
    with pytest.raises(KeyboardInterrupt), workplace(tmp_path / "run", ASKED, resume=False):
        raise KeyboardInterrupt
    with pytest.raises(InputError, match="--resume continues"), workplace(tmp_path / "run", ASKED, resume=False):
        pass


def test_a_run_is_resumed_only_with_the_same_question(tmp_path):
    with pytest.raises(KeyboardInterrupt), workplace(tmp_path / "run", ASKED, resume=False):
        raise KeyboardInterrupt
    with workplace(tmp_path / "run", ASKED, resume=True) as work:
        assert work.exists()
    other = asked(Question(source="table.csv", seed=2), "data", "0")
    with pytest.raises(InputError, match="started with other seed"), workplace(tmp_path / "run", other, resume=True):
        pass


def test_there_must_be_something_to_resume(tmp_path):
    with pytest.raises(InputError, match="nothing to resume"), workplace(tmp_path / "run", ASKED, resume=True):
        pass


@pytest.mark.parametrize(("name", "value"), [("folds", 1), ("size", -3), ("replicates", 0), ("seed", -1)])
def test_a_number_out_of_range_says_the_range(name, value):
    with pytest.raises(InputError, match=f"--{name} must lie between .* got {value}"):
        Question(source="table.csv", **{name: value})


def test_json_that_cannot_be_written_whole_is_not_written(tmp_path):
    write_json(tmp_path / "a.json", {"auc": 0.5})
    with pytest.raises(ValueError, match="JSON"):
        write_json(tmp_path / "a.json", {"auc": float("nan")})
    assert json.loads((tmp_path / "a.json").read_text()) == {"auc": 0.5}
