"""What a sentence says of what it names."""

import csv
from pathlib import Path

import pytest
from classic_negex import f1

from radiolucent.core import InputError
from radiolucent.reason.text import said_of
from radiolucent.reason.text.context import table

CHINESE = Path(__file__).parents[1] / "chinese_sentences.tsv"


def said(sentence, thing):
    start = sentence.index(thing)
    return said_of(sentence, start, start + len(thing))


@pytest.mark.parametrize(
    ("sentence", "thing"),
    [
        ("No pleural effusion or pneumothorax.", "pneumothorax"),
        ("The lungs are without focal consolidation.", "consolidation"),
        ("Pneumonia has been ruled out.", "Pneumonia"),
        ("The effusion has resolved.", "effusion"),
        ("Resolved left pneumothorax.", "pneumothorax"),
        ("Pneumothorax: none.", "Pneumothorax"),
        ("She denies fever, cough, or chest pain.", "chest pain"),
        ("双肺未见结节、肿块及实变。", "实变"),
        ("原右侧气胸已完全吸收。", "气胸"),
    ],
)
def test_what_is_denied_is_negated(sentence, thing):
    assert said(sentence, thing).negated


@pytest.mark.parametrize(
    ("sentence", "thing"),
    [
        ("No change in the left effusion.", "effusion"),
        ("No pneumothorax but a small effusion.", "effusion"),
        ("Effusion without consolidation.", "Effusion"),
        ("No pneumothorax and the effusion has decreased.", "effusion"),
        ("COMPLICATIONS: None  1) Hiatal hernia", "hernia"),
        ("Not only edema is seen.", "edema"),
        ("右侧胸腔积液较前无明显变化。", "积液"),
        ("经胸超声示卵圆孔未闭。", "卵圆孔"),
        ("无气胸，左侧胸腔积液。", "积液"),
    ],
)
def test_what_is_stated_beside_a_denial_is_not_negated(sentence, thing):
    assert not said(sentence, thing).negated


def test_a_pseudo_trigger_does_not_hide_the_denial_of_its_own_words():
    assert said("心影未见增大。", "增大").negated
    assert not said("结节未见增大。", "结节").negated


@pytest.mark.parametrize(
    ("sentence", "thing"),
    [
        ("Pneumonia cannot be excluded.", "Pneumonia"),
        ("Opacity may represent atelectasis.", "atelectasis"),
        ("Atelectasis versus infiltrate.", "infiltrate"),
        ("肺炎不除外。", "肺炎"),
        ("? pneumonia at the right base", "pneumonia"),
    ],
)
def test_what_is_doubted_is_uncertain_and_not_negated(sentence, thing):
    found = said(sentence, thing)
    assert found.uncertain
    assert not found.negated


def test_what_comes_before_a_doubt_is_stated():
    assert not said("Patchy opacity, may reflect atelectasis.", "opacity").uncertain


def test_time_and_experiencer_are_told():
    assert said("History of pneumonia.", "pneumonia").time == "historical"
    assert said("Evaluate for pneumothorax.", "pneumothorax").time == "hypothetical"
    assert said("Mother had breast cancer.", "cancer").experiencer == "other"
    assert said("Status post CABG with edema today, in the afternoon of a day.", "edema").experiencer == "patient"


def test_the_triggers_are_named():
    assert said("There is no evidence of pneumonia.", "pneumonia").because == ("no",)


def test_a_place_without_a_word_is_refused():
    with pytest.raises(InputError, match="no word at characters"):
        said_of("No edema.", 8, 8)


@pytest.mark.parametrize("name", ["triggers_en.tsv", "triggers_zh.tsv"])
def test_every_line_of_the_tables_is_a_trigger_and_none_stands_twice(name):
    phrases = [line.phrase for line in table(name)]
    assert len(phrases) > 100
    assert len(set(phrases)) == len(phrases), sorted(p for p in phrases if phrases.count(p) > 1)


@pytest.mark.parametrize("half", ["seen", "unseen"])
def test_negation_in_200_chinese_sentences_written_before_the_rules_reaches_f1_of_90_percent(half, record_property):
    with CHINESE.open(encoding="utf-8") as file:
        chosen = [row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row["half"] == half]
    assert len(chosen) == 100
    truth = [row["negated"] == "1" for row in chosen]
    reached, *_ = f1(truth, [said(row["sentence"], row["concept"]).negated for row in chosen])
    record_property("difference", 1 - reached)
    assert reached >= 0.9
