import pytest

from radiolucent.core import InputError
from radiolucent.flow.study.fitting import _failed


def test_an_input_error_of_a_worker_comes_through_as_one(tmp_path):
    log = tmp_path / "svm.log"
    log.write_text("Traceback\nradiolucent.core.errors.InputError: none of the 3 pictures has a keypoint\n")
    found = _failed("svm", 1, log)
    assert isinstance(found, InputError)
    assert str(found) == "candidate svm: none of the 3 pictures has a keypoint"


def test_a_worker_that_was_killed_says_what_to_try(tmp_path):
    log = tmp_path / "cnn.log"
    log.write_text("")
    with pytest.raises(RuntimeError, match="want of memory; try --size"):
        raise _failed("cnn", -9, log)


def test_a_full_disk_is_said_in_one_line(tmp_path):
    log = tmp_path / "cnn.log"
    log.write_text("OSError: [Errno 28] No space left on device: 'fold_0.npz'\n")
    with pytest.raises(InputError, match="the disk is full; make room, and go on with --resume"):
        raise _failed("cnn", 1, log)
