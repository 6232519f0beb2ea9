"""Every recipe: its line, its signature, its command."""

import inspect
from pathlib import Path

import pytest

from radiolucent.cli import main
from radiolucent.core import InputError
from radiolucent.flow.ops import first_sentence, stage_operations
from radiolucent.flow.recipes import RECIPES, recipe, recipes_of

EVERY = [tuple(name.split(".")) for name in RECIPES]

STANDS_FOR = {"measure.radiomics"}
"""Recipes that are the command of an operation of the same name, from files to a table of many regions."""

every_recipe = pytest.mark.parametrize(("stage", "short"), EVERY, ids=RECIPES)


@every_recipe
def test_a_line_says_what_the_recipe_says_of_itself(stage, short):
    function = recipe(stage, short).function
    assert first_sentence(inspect.getdoc(function).split("\n\n")[0].replace("\n", " ")) == RECIPES[f"{stage}.{short}"]


@every_recipe
def test_everything_that_a_recipe_takes_is_explained(stage, short):
    found = recipe(stage, short)
    assert all(item.kind in (Path, str) and item.description for item in found.inputs)
    assert all(parameter.description for parameter in found.parameters)
    assert found.returns in (str, "str"), "a recipe gives the sentence to print"


@every_recipe
def test_a_recipe_is_a_command_of_its_stage(stage, short, capsys):
    word = short.replace("_", "-")
    assert main([stage, word, "--help"]) == 0
    assert RECIPES[f"{stage}.{short}"].split()[0] in capsys.readouterr().out
    assert main([stage, "--help"]) == 0
    assert word in capsys.readouterr().out
    both = f"{stage}.{short}" in stage_operations(stage)
    assert both == (f"{stage}.{short}" in STANDS_FOR), "a recipe and an operation of one name"


def test_a_recipe_that_is_not_there_names_the_nearest():
    with pytest.raises(InputError, match="did you mean 'rate-distortion'"):
        recipe("process", "rate-distorsion")


def test_the_recipes_of_a_stage_bear_the_words_of_their_commands():
    assert "rate-distortion" in recipes_of("process")
    assert recipes_of("nowhere") == {}
