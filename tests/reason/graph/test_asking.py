"""Every named question, by its name and by its wordings."""

import pytest

from radiolucent.core import InputError
from radiolucent.reason.graph import questions, understood
from radiolucent.reason.graph.asking import TAKES

EXPECTED = {
    "explains": (["pleural effusion"], {"heart failure", "tuberculosis", "lung cancer"}),
    "explains-both": (["pleural effusion", "ascites"], {"cirrhosis", "heart failure", "nephrotic syndrome"}),
    "causes": (["tuberculosis"], {"Pleural Effusion", "pulmonary cavity"}),
    "chain": (["hydronephrosis"], {"hyperparathyroidism"}),
    "alike": (["pulmonary nodule"], {"pulmonary cavity"}),
    "guideline": (["pulmonary nodule"], {"Fleischner", "Lung-RADS"}),
    "applies": (["ACR TI-RADS"], {"thyroid nodule"}),
    "uses": (["Bosniak"], {"septum count", "wall thickness"}),
    "read-on": (["LI-RADS"], {"computed tomography", "magnetic resonance"}),
    "measurements": (["scoliosis"], {"Cobb angle"}),
    "needed-by": (["Cobb angle"], {"scoliosis", "kyphosis"}),
    "missing": (["ground-glass nodule", "Fleischner"], {"solid component diameter", "volume"}),
    "unit": (["Cobb angle"], {"deg"}),
    "anatomy": (["pneumothorax"], {"pleura"}),
    "named-for": (["gallbladder"], {"porcelain gallbladder"}),
    "part-of": (["RUL"], {"right lung", "lung", "chest", "body"}),
    "parts": (["heart"], {"left atrium", "coronary artery"}),
    "seen-in": (["liver"], {"liver cyst", "fatty liver"}),
    "urgent": (["chest"], {"tension pneumothorax"}),
    "of-sex": (["endometrium"], {"F"}),
    "contradicts": (["cardiomegaly"], {"normal heart size"}),
    "do-contradict": (["normal heart size", "cardiomegaly"], {"yes"}),
    "not-shown": (["meniscal tear"], {"mammography"}),
    "shown-by": (["breast calcification"], {"mammography"}),
    "shows": (["ultrasound"], {"gallstone"}),
    "shows-in": (["CT", "liver"], {"liver cyst"}),
    "cannot-show": (["mammography"], {"pneumothorax"}),
    "synonyms": (["kidney stone"], {"nephrolithiasis", "肾结石"}),
    "chinese": (["pleural effusion"], {"胸腔积液"}),
    "english": (["胸腔积液"], {"Pleural Effusion"}),
    "codes": (["pleural effusion"], {"sct:60046008", "radelement:RDES254"}),
    "coded-as": (["SCT 39607008"], {"Lung"}),
    "members": (["CID 7050"], {"dcm:113100"}),
    "groups": (["lung"], {"CID 4 Anatomic Region"}),
    "said-of": (["scoliosis"], {"rl:needs"}),
    "sources": ([], {"source:own", "source:oifm", "source:dicom"}),
    "kinds": ([], {"rl:Finding"}),
    "without-guideline": ([], {"Pleural Effusion", "hydrocephalus"}),
}
"""What each question is asked about here, and what must be among the answer."""


def said(answer):
    return {cell.lower() for row in answer.rows for cell in row}


def test_there_are_at_least_thirty_questions_and_each_is_tried_here():
    assert set(questions()) == set(EXPECTED)
    assert len(EXPECTED) >= 30


@pytest.mark.parametrize("name", EXPECTED)
def test_a_question_by_its_name_has_the_answer_that_is_known(name):
    terms, wanted = EXPECTED[name]
    assert {word.lower() for word in wanted} <= said(understood([name, *terms]).answer())


@pytest.mark.parametrize("name", EXPECTED)
def test_every_wording_of_a_question_is_understood_as_that_question(name):
    terms, _ = EXPECTED[name]
    by_name = understood([name, *terms])
    for wording in questions()[name].asks:
        sentence = wording
        for place, term in enumerate(terms, 1):
            sentence = sentence.replace(f"{{{place}}}", term)
        asked = understood([sentence])
        assert [it.node for it in asked.about] == [it.node for it in by_name.about], sentence
        assert asked.answer().rows == by_name.answer().rows, sentence


def test_a_question_takes_kinds_that_there_are():
    for question in questions().values():
        assert set(question.takes) <= set(TAKES)
        assert all(f"{{{len(question.takes)}}}" in wording for wording in question.asks if question.takes)


def test_every_row_that_rests_on_one_statement_names_its_source():
    for name in ("explains", "guideline", "measurements", "contradicts", "synonyms", "codes"):
        answer = understood([name, *EXPECTED[name][0]]).answer()
        place = answer.columns.index("source")
        assert all(row[place].startswith("source:") for row in answer.rows)


def test_case_articles_and_the_question_mark_do_not_matter():
    one, other = understood(["What can explain a Pleural Effusion?"]), understood(["explains", "pleural effusion"])
    assert one == other
    assert one.sentence == "what can explain Pleural Effusion"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "nothing was asked"),
        (["", " "], "nothing was asked"),
        (["explain"], "did you mean 'explains'"),
        (["explains"], "takes FINDING, got 0"),
        (["explains", "a", "b"], "takes FINDING, got 2"),
        (["explains", "pleural efusion"], "the nearest are: Pleural Effusion"),
        (["what can explain the liver"], r"as anatomy \(liver\)"),
        (["pleural efusion"], "nearest term is 'Pleural Effusion'"),
        (["who is the president of pneumonia"], "no question is worded like"),
    ],
)
def test_what_cannot_be_answered_says_why_and_what_there_is(words, said):
    with pytest.raises(InputError, match=said):
        understood(words)
