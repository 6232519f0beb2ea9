import json

import pytest

from radiolucent.core import InputError
from radiolucent.flow.study.material import entered
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


def test_weights_that_are_not_there_are_refused_before_anything_is_read(tmp_path):
    with pytest.raises(InputError, match="there are no weights at"):
        Question(source="table.csv", start=str(tmp_path / "absent.keras"))
    (tmp_path / "there.keras").touch()
    assert Question(source="table.csv", start=str(tmp_path / "there.keras")).start


def test_weights_for_nets_are_refused_where_no_net_is_asked_for(tmp_path):
    (tmp_path / "there.keras").touch()
    asked_for = {"source": "table.csv", "start": str(tmp_path / "there.keras")}
    with pytest.raises(InputError, match="none of svm, forest is one; ask for cnn"):
        entered(Question(**asked_for, candidates=("svm", "forest")))


def test_larger_nets_run_only_where_they_are_asked_for():
    ordinary, left_out = entered(Question(source="table.csv"))
    assert not {"resnet18", "efficientnet"} & {*ordinary, *left_out}
    pytest.importorskip("tensorflow")
    assert entered(Question(source="table.csv", candidates=("cnn", "resnet18", "efficientnet")))[0][1:] == (
        "resnet18",
        "efficientnet",
    )
