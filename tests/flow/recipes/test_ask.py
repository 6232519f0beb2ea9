"""Questions to the graph from the command line."""

import csv
import json

import pytest

from radiolucent.cli import main
from radiolucent.core import InputError
from radiolucent.flow.recipes.ask import WIDEST, as_table, ask
from radiolucent.reason.graph import Answer


def test_an_answer_is_printed_with_its_question_and_sources(capsys):
    assert main(["reason", "ask", "what can explain pleural effusion"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("what can explain Pleural Effusion: 15 rows")
    assert "heart failure" in said
    assert "source:own" in said


def test_the_name_of_a_question_the_sentence_and_json_agree():
    by_name = json.loads(ask("explains", "pleural effusion", form="json"))
    assert by_name == json.loads(ask("what can explain pleural effusion?", form="json"))
    assert {"cause": "heart failure", "source": "source:own"} in by_name["rows"]


def test_a_term_alone_asks_for_all_that_is_said_of_it():
    assert ask("scoliosis").startswith("what is said of Scoliosis")


def test_the_list_names_every_question():
    lines = ask(list=True).splitlines()
    assert len(lines) >= 30
    assert lines[0].startswith("explains FINDING")


def test_a_query_gives_a_table_and_rows_may_be_few():
    assert ask(sparql="SELECT ?n WHERE { term:liver skos:prefLabel ?n }").endswith("n\nliver")
    assert "3 rows" in ask("kinds", most=3)
    assert "nothing is known" in ask(sparql="SELECT ?n WHERE { ?n skos:prefLabel 'x' }")
    assert ask("does clear lungs contradict pneumonia").splitlines()[-1] == "yes"


def test_a_table_counts_chinese_letters_as_two_and_cuts_long_cells():
    lines = as_table(Answer(("a", "b"), (("胸腔", "x"), ("y" * 100, "z")))).splitlines()
    assert lines[1].index("x") == WIDEST + 2 - 2
    assert lines[2].startswith("y" * (WIDEST - 1) + "…")


@pytest.mark.parametrize("suffix", ["json", "csv", "html"])
def test_an_answer_is_written_by_suffix(tmp_path, suffix):
    out = tmp_path / f"answer.{suffix}"
    assert str(out) in ask("explains", "pleural effusion", out=out)
    text = out.read_text(encoding="utf-8")
    assert "heart failure" in text
    if suffix == "json":
        assert len(json.loads(text)["rows"]) == 15
    if suffix == "csv":
        assert next(csv.reader(text.splitlines())) == ["cause", "source"]


def test_the_page_is_one_file_with_the_picture_and_the_sources(tmp_path):
    ask("pleural effusion", out=tmp_path / "node.html")
    page = (tmp_path / "node.html").read_text(encoding="utf-8")
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert page.count("<svg") == 3
    assert "can be explained by" in page
    assert "胸腔积液" in page
    assert "Apache-2.0" in page
    assert "What was asked" not in page


@pytest.mark.parametrize(
    ("words", "options", "said"),
    [
        ((), {}, "nothing was asked"),
        (("explains", "pleural efusion"), {}, "the nearest are"),
        (("explains", "pneumonia"), {"sparql": "SELECT"}, "not both"),
        ((), {"sparql": "SELECT ?x WHERE {"}, "line 1, column 18"),
        ((), {"sparql": ""}, "the query is empty"),
    ],
)
def test_what_cannot_be_asked_says_why(words, options, said):
    with pytest.raises(InputError, match=said):
        ask(*words, **options)


@pytest.mark.parametrize(("words", "name"), [(("pneumonia",), "a.txt"), (("sources",), "a.html")])
def test_a_file_that_an_answer_cannot_be_written_to_is_refused(tmp_path, words, name):
    with pytest.raises(InputError, match=name):
        ask(*words, out=tmp_path / name)
    assert not (tmp_path / name).exists()
