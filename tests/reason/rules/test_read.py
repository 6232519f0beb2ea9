"""A rule file with a mistake in it: the error names line, column and the nearest word."""

from contextlib import suppress
from pathlib import Path

import pytest

from radiolucent.core import InputError
from radiolucent.reason.rules.read import FOLDER, names, parse, read, shipped

TEXT = """format = 1
name = "trial"
title = "Trial"
version = "1"
status = "verified"
source = "nobody"
about = "A trial."
answer = ["grade"]

[inputs.size_mm]
type = "number"
unit = "mm"
range = [0, 100]
help = "size"

[inputs.risk]
type = "choice"
choices = ["low", "high"]
help = "risk"

[[guards]]
id = "tiny"
when = { size_mm = "<1" }
says = "too small"

[[tables]]
id = "main"
rows = '''
row | size_mm | risk -> grade
a   | <6      |      -> A
b   | >=6     | low  -> B
c   | >=6     | high -> C
'''
"""


def test_the_text_that_is_broken_below_is_right_before():
    assert parse(TEXT).tables[0].rows[1].where == "line 31, column 1"


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ('status = "verified"', 'stauts = "verified"', r"line 5, column 1: .*'stauts'; did you mean 'status'"),
        ('status = "verified"', 'status = "sure"', r"line 5, column 1: status is verified or unverified, not 'sure'"),
        ("format = 1", "format = 2", "line 1, column 1: `format = 1` is the only one"),
        ('title = "Trial"', 'title = "Trial', "not valid TOML: .*line 3, column"),
        ('answer = ["grade"]', 'answer = ["grad"]', "line 8, column 12: there is no variable 'grad'; did you mean 'grade'"),
        ('type = "number"', 'type = "nomber"', "line 11, column 1: there is no type of input 'nomber'; did you mean 'number'"),
        ('unit = "mm"\n', "", "line 10, column 1: input size_mm is a number without a unit"),
        ('unit = "mm"', 'unit = "1"', "line 12, column 1: the name of input size_mm speaks of a unit"),
        ('unit = "mm"', 'unit = "HU"', "line 10, column 1: input size_mm is in HU, so its name must end with _hu"),
        ('unit = "mm"', 'unit = "cm"', "line 12, column 1: there is no unit 'cm'"),
        ("range = [0, 100]\n", "", "line 10, column 1: input size_mm is a number without a range"),
        ('choices = ["low", "high"]\n', "", "line 16, column 1: input risk needs `choices`"),
        ('when = { size_mm = "<1" }', 'when = { siez_mm = "<1" }', "line 23, column 10: .*'siez_mm'; did you mean 'size_mm'"),
        ('when = { size_mm = "<1" }', 'when = { size_mm = "small" }', "line 23, column 10: 'small' is no condition"),
        ('says = "too small"\n', "", "line 22, column 7: guards tiny needs `says`"),
        ("row | size_mm | risk", "row | size_mm | rsik", "line 29, column 17: .*'rsik'; did you mean 'risk'"),
        ("b   | >=6     | low", "b   | >=6     | lwo", "line 31, column 17: row b, risk: there is no choice 'lwo'"),
        ("b   | >=6     | low", "b   | >= six  | low", "line 31, column 7: row b, size_mm: '>= six' is no condition"),
        ("b   | >=6     | low", "b   | >6 <6   | low", "line 31, column 7: row b, size_mm: '>6 <6' allows no number"),
        ("b   | >=6     | low", "a   | >=6     | low", "line 31, column 1: row 'a' is there already"),
        ("b   | >=6     | low", "b   | >=6 low", "line 31, column 1: this row has 2 and 1 cells; wanted are 3 cells"),
        ("low  -> B", "low  B", "line 31, column 1: this row has 3 and 0 cells"),
        ("low  -> B", "low  -> ", "line 31, column 24: row b says nothing here"),
        ('id = "main"', 'id = "main"\nwho = "me"', "line 28, column 1: .*'who'"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_line_and_column(right, wrong, says):
    assert right in TEXT
    with pytest.raises(InputError, match=f"(?s)rules: ?.*{says}"):
        parse(TEXT.replace(right, wrong, 1))


@pytest.mark.parametrize("word", ["name", "title", "version", "status", "source", "about", "answer"])
def test_every_word_of_the_head_is_needed(word):
    lines = [line for line in TEXT.splitlines() if not line.startswith(f"{word} =")]
    with pytest.raises(InputError, match=f"needs `{word}`"):
        parse("\n".join(lines))


def test_a_file_that_is_not_there_or_no_text_gets_one_line(tmp_path):
    with pytest.raises(InputError, match="No such file"):
        read(tmp_path / "none.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="not a text file in UTF-8"):
        read(tmp_path / "bytes.toml")


def test_a_guideline_that_is_not_there_names_the_nearest():
    with pytest.raises(InputError, match="did you mean 'fleischner'"):
        shipped("fleishner")


def test_fourteen_guidelines_ship_and_two_are_unverified():
    assert len(names()) == len(list(Path(FOLDER).glob("*.toml"))) == 14
    assert [name for name in names() if shipped(name).status == "unverified"] == ["cac-drs", "cobb-progression"]


KINDS = ("5", '"x"', "[1]", "{ a = 1 }", "true", '["a"]', "[]", "{}", "1979-05-27")


@pytest.mark.parametrize("name", ["fleischner", "ti-rads", "recist"])
def test_whatever_a_word_is_set_to_or_left_out_the_file_is_read_or_refused(name):
    """Every word of three guidelines, one after another, set to a value of every kind, or left out."""
    lines = (FOLDER / f"{name}.toml").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        word, equals, _ = line.partition(" = ")
        plain = equals and word.isidentifier() and "'''" not in line
        for other in ([], *([f"{word} = {kind}"] for kind in KINDS if plain)):
            with suppress(InputError):
                parse("\n".join([*lines[:number], *other, *lines[number + 1 :]]))


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ('source = { how = "mean", of = ["long_mm", "short_mm"] }', "there is no input that is a number 'long_mm'"),
        ('source = { how = "avarage", of = ["a_mm", "b_mm"] }', "source in inputs size_mm must be such as"),
        ("range = [100, 0]", "range in inputs size_mm must be two numbers, the least and the greatest"),
    ],
)
def test_an_input_that_cannot_be_so_is_refused(more, says):
    word = more.partition(" = ")[0]
    text = "\n".join(line for line in TEXT.splitlines() if not line.startswith(f"{word} = ["))
    with pytest.raises(InputError, match=says):
        parse(text.replace('unit = "mm"', f'unit = "mm"\n{more}'))
