"""What the pages say is what there is."""

import re
from pathlib import Path

import pytest

from radiolucent.cli.commands import COMMANDS
from radiolucent.cli.handbook import pages
from radiolucent.flow.ops import operations
from radiolucent.flow.plan import parse
from radiolucent.flow.recipes import RECIPES
from radiolucent.flow.run import check
from radiolucent.reason.rules.read import names

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
STAGES = "process|segment|measure|reason"


def words(path):
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", ["operations.md", "commands.md", "guidelines.md"])
def test_generated_pages_are_up_to_date(page):
    assert words(DOCS / page) == pages()[page], "run `python -m radiolucent.cli.handbook docs`"


def test_every_command_has_a_heading():
    headings = re.findall(r"^## (\S+)$", words(DOCS / "commands.md"), re.MULTILINE)
    assert headings == list(COMMANDS)


def test_every_operation_has_a_heading():
    headings = re.findall(r"^### (\S+)$", words(DOCS / "operations.md"), re.MULTILINE)
    assert headings == list(operations())


def test_the_readme_names_the_two_commands_that_must_pass():
    readme = words(ROOT / "README.md")
    if "make" not in readme:
        pytest.skip("the README is still to be written")
    assert "make check" in readme
    assert "make test" in readme


@pytest.mark.parametrize(
    "page", sorted(p.relative_to(ROOT).as_posix() for p in [*DOCS.glob("*.md"), ROOT / "README.md"])
)
def test_links_between_pages_lead_somewhere(page):
    path = ROOT / page
    for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", words(path)):
        assert (path.parent / target).exists(), f"{page} links to {target}, which is not there"


@pytest.mark.parametrize(
    "page", sorted(p.relative_to(ROOT).as_posix() for p in [*DOCS.glob("*.md"), ROOT / "README.md"])
)
def test_commands_in_the_pages_exist(page):
    for command in re.findall(r"^(?:\$ )?radiolucent ([a-z]+)", words(ROOT / page), re.MULTILINE):
        assert command in COMMANDS, f"{page} shows `radiolucent {command}`"
    known = {name.replace("_", "-") for name in (*operations(), *RECIPES)} | {f"reason.{name}" for name in names()}
    for stage, word in re.findall(f"^radiolucent ({STAGES}) ([a-z_-]+) ", words(ROOT / page), re.MULTILINE):
        assert f"{stage}.{word}".replace("_", "-") in known, f"{page} shows `radiolucent {stage} {word}`"


@pytest.mark.parametrize("text", re.findall(r"```toml\n(.*?)```", words(DOCS / "plans.md"), re.DOTALL))
def test_plans_in_the_pages_are_plans(text):
    if "[[steps]]" in text:
        check(parse(text, suffix=".toml"))


@pytest.mark.parametrize("text", re.findall(r"```python\n(.*?)```", words(DOCS / "plans.md"), re.DOTALL))
def test_python_in_the_pages_is_python(text):
    compile(text, "plans.md", "exec")
