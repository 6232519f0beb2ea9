"""A table's faults are found and shown by an example: planted ones, and random ones against a search over points."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiolucent.reason.rules.engine import conclude
from radiolucent.reason.rules.inputs import checked
from radiolucent.reason.rules.proof import prove
from radiolucent.reason.rules.read import names, parse, shipped

HEAD = """
format = 1
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

[orders]
grade = ["A", "B", "C"]

[[monotone]]
gives = "grade"
along = "size_mm"
"""


def trial(*rows, more=""):
    lines = "\n".join(("row | size_mm | risk -> grade", *rows))
    return parse(f"{HEAD}\n[[tables]]\nid = \"main\"\nrows = '''\n{lines}\n'''\n{more}")


WHOLE = ("a | <6 | -> A", "b | >=6 <=8 | low -> A", "c | >=6 <=8 | high -> B", "d | >8 | -> C")


def test_a_whole_table_is_proven():
    assert prove(trial(*WHOLE)) == ()


@pytest.mark.parametrize(
    ("rows", "subject", "example"),
    [
        (("a | <6 | -> A", "b | >6 <=8 | -> B", "d | >8 | -> C"), "gap", "size_mm = 6"),
        (("a | <6 | -> A", "b | >=6 <=8 | low -> B", "d | >8 | -> C"), "gap", "risk = high"),
        (("a | <6 | -> A", "b | >=6 <8 | -> B", "d | >8 | -> C"), "gap", "size_mm = 8"),
        (("a | <=6 | -> A", "b | >=6 <=8 | -> B", "d | >8 | -> C"), "overlap", "size_mm = 6"),
        (("a | <6.5 | -> A", "b | >=6 <=8 | -> B", "d | >8 | -> C"), "overlap", "size_mm = 6"),
        ((*WHOLE, "e | >100 | -> C"), "unreachable", ""),
        (("a | <6 | -> B", "b | >=6 <=8 | -> A", "d | >8 | -> C"), "monotone", "size_mm <6 and then >=6 <=8"),
    ],
)
def test_planted_faults_are_found_with_an_example(rows, subject, example):
    found = [one for one in prove(trial(*rows)) if one.subject == subject]
    assert found, [str(one) for one in prove(trial(*rows))]
    assert example in found[0].example


def test_what_cannot_be_is_no_gap():
    rows = ("a | <6 | -> A", "b | >=6 | low -> B")
    never = '[[contradictions]]\nid = "never"\nsays = "never"\nwhen = { risk = "high", size_mm = ">=6" }\n'
    assert [one.subject for one in prove(trial(*rows))] == ["gap"]
    assert prove(trial(*rows, more=never)) == ()


def test_an_input_that_decides_nothing_is_told():
    assert [one.subject for one in prove(trial("a | <6 | -> A", "d | >=6 | -> C"))] == ["unused"]


def test_an_answer_that_nothing_gives_is_told():
    text = f"{HEAD}\n[[tables]]\nid = \"t\"\nrows = '''\nrow | size_mm | risk -> other\na | | low -> x\nb | | high -> y\n'''"
    with pytest.raises(Exception, match="there is no variable 'grade'"):
        parse(text)


LIMITS = (2, 4, 6)
CONDITIONS = st.sampled_from(["", "<2", "<=2", ">=2 <4", ">2 <=4", ">=4 <=6", ">4 <6", ">=6", ">6", "2", "<4", ">=4"])
ROWS = st.lists(st.tuples(CONDITIONS, st.sampled_from(["", "low", "high"])), min_size=1, max_size=6)
POINTS = [value / 2 for value in range(2, 16)]


@given(ROWS)
def test_gaps_and_overlaps_are_those_that_a_search_over_points_finds(rows):
    """The thresholds are even, so every cell has a point among the halves."""
    rules = trial(*(f"r{k} | {size} | {risk} -> A" for k, (size, risk) in enumerate(rows)))
    kinds = set()
    for size, risk in product(POINTS, ("low", "high")):
        hits = sum(all(value in row.when.get(name, (value,)) for name, value in (("size_mm", size), ("risk", risk)))
                   for row in rules.tables[0].rows)  # fmt: skip
        kinds |= {"gap"} if hits == 0 else {"overlap"} if hits > 1 else set()
    assert {one.subject for one in prove(rules)} & {"gap", "overlap"} == kinds


@pytest.mark.parametrize("name", names())
def test_a_row_that_is_taken_out_is_missed(name):
    """Every table of every guideline: the proof sees each row, and not only that there are some."""
    rules = shipped(name)
    for number, table in enumerate(rules.tables):
        if table.modifier:
            continue
        for row in table.rows:
            left = tuple(one for one in table.rows if one is not row)
            fewer = _with(rules, number, left)
            assert any(one.subject in ("gap", "unreachable") for one in prove(fewer)), (table.id, row.id)


def _with(rules, number, rows):
    tables = list(rules.tables)
    tables[number] = replace(tables[number], rows=rows)
    return replace(rules, tables=tuple(tables))


@given(st.floats(0, 100), st.sampled_from(["low", "high"]))
def test_one_row_answers_whatever_is_given_to_a_proven_table(size_mm, risk):
    rules = trial(*WHOLE)
    found = conclude(rules, checked(rules, {"size_mm": size_mm, "risk": risk}))
    assert found.kind == "concluded"
    assert len(found.rows) == 1
