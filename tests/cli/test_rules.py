import json

import pytest

from radiolucent.cli import main
from radiolucent.reason.rules.read import names

NODULE = ["--number", "single", "--risk", "high", "--type", "solid"]

OWN = """
format = 1
name = "wall"
title = "Our wall"
version = "1"
status = "verified"
source = "House rule"
about = "Whether a wall is thick."
answer = ["wall"]

[inputs.wall_mm]
type = "number"
unit = "mm"
range = [0, 50]
help = "thickest part"

[[tables]]
id = "wall"
rows = '''
row | wall_mm -> wall
A1  | <3      -> thin
A2  | >=3     -> thick
'''
"""


def said(capsys, *words):
    code = main(["reason", *words])
    out = capsys.readouterr()
    return code, out.out + out.err


def test_the_command_of_the_issue_concludes(capsys):
    code, text = said(capsys, "fleischner", "--size-mm", "7", *NODULE)
    assert code == 0
    assert text.startswith("Fleischner Society 2017: management CT at 6-12 months, then CT at 18-24 months\n")
    assert "row S4" in text


@pytest.mark.parametrize("name", names())
def test_every_guideline_has_a_command_with_help(name, capsys):
    code, text = said(capsys, name, "--help")
    assert code == 0
    assert "Not a diagnosis" in text


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["fleischner", "--size", "7"], "did you mean '--size-mm'"),
        (["fleischner", "--size-mm", "-7"], "must be from 0 to 300 mm, got -7 mm"),
        (["fleischner", "--size-mm", "7cm"], "size_mm is in mm"),
        (["fleischner", "--type", "sollid"], "did you mean 'solid'"),
        (["fleishner"], "did you mean 'fleischner'"),
        (["cac-drs", "--score", "5"], "--unverified uses it"),
        (["rules", "chek"], "did you mean 'check'"),
        (["rules", "show"], "takes one guideline"),
        (["rules", "check", "nothing.toml"], "No such file"),
        (["rules", "list", "all"], "one word too many"),
    ],
)
def test_bad_words_get_one_line(words, says, capsys):
    code, text = said(capsys, *words)
    assert code == 2
    assert says in text
    assert text.count("\n") == 1


def test_a_negative_number_is_no_flag(capsys):
    code, text = said(capsys, "t-score", "--group", "postmenopausal", "--t-score", "-2.5")
    assert code == 0
    assert "category osteoporosis" in text


def test_findings_come_as_json(capsys):
    _, text = said(capsys, "fleischner", "--size-mm", "5.9", *NODULE, "--json")
    found = json.loads(text)
    assert found[0]["code"] == "fleischner:S2"
    assert found[1]["code"] == "fleischner:rounding"


def test_several_words_and_flags_that_are_not(capsys):
    words = "--composition mixed --echogenicity hypoechoic --shape wider-than-tall --margin smooth --foci rim punctate"
    _, text = said(capsys, "ti-rads", *words.split(), "--size-mm", "12")
    assert "points 8; level TR5; management FNA" in text
    _, text = said(capsys, "fleischner", "--size-mm", "7", *NODULE, "--screening")
    assert "does not apply: it is not for screening; use Lung-RADS" in text
    _, text = said(capsys, "fleischner", "--size-mm", "7", *NODULE, "--no-screening")
    assert "screening = no" in text


def test_rules_are_listed_shown_and_proven(capsys):
    assert all(name in said(capsys, "rules", "list")[1] for name in names())
    assert "| S4 |" in said(capsys, "rules", "show", "fleischner")[1]
    code, text = said(capsys, "rules", "check")
    assert code == 0
    assert text.count("proven") == len(names())
    assert said(capsys, "rules")[0] == said(capsys, "rules", "--help")[0] == said(capsys, "rules", "show", "-h")[0] == 0


def test_a_file_of_ones_own_is_used_and_proven(tmp_path, capsys):
    file = tmp_path / "wall.toml"
    file.write_text(OWN, encoding="utf-8")
    assert "wall thick" in said(capsys, "wall", "--rules", str(file), "--wall-mm", "3")[1]
    assert "wall thin" in said(capsys, "wall", f"--rules={file}", "--wall-mm", "2.9")[1]
    assert "holds the guideline 'wall', not 'other'" in said(capsys, "other", "--rules", str(file))[1]
    assert said(capsys, "rules", "check", str(file))[0] == 0
    file.write_text(OWN.replace(">=3 ", ">3 "), encoding="utf-8")
    code, text = said(capsys, "rules", "check", str(file))
    assert code == 1
    assert "gap in wall: no row is for wall_mm = 3; counter-example: wall_mm = 3" in text


def test_the_stage_lists_its_guidelines(capsys):
    code, text = said(capsys, "--help")
    assert code == 0
    assert "fleischner" in text
    assert "guideline " in text
