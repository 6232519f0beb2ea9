"""The list of commands is true."""

import pytest

from radiolucent import __version__
from radiolucent.cli import main, overview
from radiolucent.cli.commands import COMMANDS, GENERATED
from radiolucent.cli.dispatch import command_parser, module_of
from radiolucent.flow.ops import STAGES, stage_operations


def test_help_lists_every_command_in_the_order_of_the_datas_path(capsys):
    assert main(["--help"]) == 0
    shown = [line.split()[0] for line in capsys.readouterr().out.splitlines() if line.startswith("  ")]
    assert shown == list(COMMANDS)
    assert [name for name in shown if name in STAGES] == [stage for stage in STAGES if stage in COMMANDS]


def test_no_word_at_all_gets_the_help(capsys):
    assert main([]) == 0
    assert capsys.readouterr().out.strip() == overview()


def test_the_version_is_told(capsys):
    assert main(["--version"]) == 0
    assert __version__ in capsys.readouterr().out


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in GENERATED])
def test_every_command_has_its_two_functions(name):
    module = module_of(name)
    assert callable(module.run)
    assert command_parser(name).prog == f"radiolucent {name}"


@pytest.mark.parametrize("name", GENERATED)
def test_every_generated_command_has_operations(name):
    assert stage_operations(name)


def test_every_stage_with_operations_has_its_command():
    assert [stage for stage in STAGES if stage_operations(stage) and stage not in COMMANDS] == []
