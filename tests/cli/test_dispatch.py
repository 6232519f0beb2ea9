"""What a person can mend is told in one line, with exit code 2 and no traceback."""

import errno
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from radiolucent.cli import dispatch, main
from radiolucent.core import InputError, UnreadableError


@pytest.fixture
def failing(monkeypatch):
    """Make the command `ops` end in an error."""

    def give(error, **more):
        def run(given):
            raise error

        module = SimpleNamespace(
            arguments=lambda parser: parser.add_argument("--deep", action="store_true"), run=run, **more
        )
        monkeypatch.setitem(sys.modules, "radiolucent.cli.ops", module)

    return give


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (InputError("the table\nhas no row"), "the table has no row"),
        (UnreadableError("a.dcm is cut short"), "a.dcm is cut short"),
        (OSError(errno.ENOSPC, "No space left on device", "out.png"), "out.png: the disk is full; free some space"),
        (PermissionError(errno.EACCES, "Permission denied", "/locked/x"), "/locked/x: permission denied"),
        (FileNotFoundError(errno.ENOENT, "No such file", "x.csv"), "x.csv: there is no such file or folder"),
        (MemoryError("Unable to allocate 9 TiB"), "not enough memory (Unable to allocate 9 TiB)"),
    ],
)
def test_an_error_is_one_line_on_stderr(failing, capsys, error, says):
    failing(error)
    assert main(["ops"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("radiolucent ops: ")
    assert printed.err.count("\n") == 1
    assert says in printed.err


def test_an_interrupt_says_how_to_go_on(failing, capsys):
    failing(KeyboardInterrupt())
    assert main(["ops"]) == 130
    assert "stopped; nothing was written" in capsys.readouterr().err
    failing(KeyboardInterrupt(), GO_ON="give it again with --resume")
    assert main(["ops"]) == 130
    assert "stopped; give it again with --resume" in capsys.readouterr().err


@pytest.mark.parametrize("error", [ValueError("a defect"), OSError(errno.EIO, "the disk is broken"), AssertionError()])
def test_a_defect_keeps_its_traceback(failing, error):
    failing(error)
    with pytest.raises(type(error)):
        main(["ops"])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["lern"], "there is no command 'lern'; did you mean 'learn'?"),
        (["ops", "--jsn"], "there is no flag '--jsn'; did you mean '--json'?"),
        (["ops", "-j"], "there is no flag '-j'"),
        (["ops", "more"], "'more' is one word too many"),
        (["ops", "--json", "--markdown"], "not allowed with argument --json"),
        (["run"], "the following arguments are required: PLAN, -o/--out"),
        (["run", "x.toml", "--ou", "y"], "there is no flag '--ou'; did you mean '--out'?"),
        (["process", "gausian", "a", "b"], "there is no process operation 'gausian'; did you mean 'gaussian'?"),
        (["process", "gaussian", "a", "b", "--sigma", "2"], "no flag '--sigma'; did you mean '--sigma-mm'?"),
        (["process", "gaussian", "a", "b", "--sigma-mm", "-1"], "gaussian: sigma_mm must be greater than 0, got '-1'"),
        (["process", "gaussian", "a"], "the following arguments are required: OUT"),
    ],
)
def test_a_wrong_word_names_the_nearest_right_one(capsys, words, says):
    assert main(words) == 2
    printed = capsys.readouterr().err
    assert says in printed
    assert printed.count("\n") == 1


@pytest.mark.parametrize(
    "words", [["ops", "--help"], ["run", "-h"], ["process", "--help"], ["measure"], ["segment", "otsu", "-h"]]
)
def test_help_ends_well(capsys, words):
    assert main(words) == 0
    assert "usage: radiolucent" in capsys.readouterr().out


def test_a_reader_who_leaves_early_sees_no_error():
    command = f"{sys.executable} -m radiolucent ops | head -1"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, env=os.environ)
    assert done.stderr == ""
    assert done.returncode == 0


def test_what_can_be_mended_is_a_short_list():
    assert errno.EIO not in dispatch.MENDABLE
