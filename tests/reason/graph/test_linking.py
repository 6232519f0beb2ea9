"""From words to nodes."""

import pytest

from radiolucent.core import InputError
from radiolucent.reason.graph import link, nearest
from radiolucent.reason.graph.linking import lexicon, one
from radiolucent.reason.graph.names import KINDS, code_name, full, scheme_and_value, short


@pytest.mark.parametrize(
    ("term", "name", "kind"),
    [
        ("Pleural effusions", "Pleural Effusion", "Finding"),
        ("胸腔积液", "Pleural Effusion", "Finding"),
        ("lung nodules", "Pulmonary Nodule", "Finding"),
        ("opacities, ground glass", "ground-glass opacity", "Finding"),
        ("RUL", "upper lobe of right lung", "Anatomy"),
        ("lung_upper_lobe_right", "upper lobe of right lung", "Anatomy"),
        ("肝脏", "liver", "Anatomy"),
        ("the mediastinal mass", "mediastinal mass", "Finding"),
        ("磁共振成像", "magnetic resonance", "Modality"),
        ("MRI", "magnetic resonance", "Modality"),
        ("Fleischner 2017", "Fleischner", "Guideline"),
        ("heart attack", "myocardial infarction", "Finding"),
        ("tobacco smoking", "smoking", "Condition"),
        ("haemothorax", "hemothorax", "Finding"),
        ("SCT 39607008", "Lung", "Code"),
        ("sct:39607008", "Lung", "Code"),
        ("CID 7050", "CID 7050 Deidentification Method", "ContextGroup"),
    ],
)
def test_a_term_is_linked_however_it_is_written(term, name, kind):
    assert (link(term)[0].name.lower(), link(term)[0].kind) == (name.lower(), kind)


def test_a_way_of_writing_that_only_changes_order_or_gaps_says_so():
    assert link("effusion of the pleural")[0].how == "order"
    assert link("pneumo thorax")[0].how == "gaps"
    assert link("pneumothorax")[0].how == "name"


def test_kinds_narrow_the_choice():
    assert {it.kind for it in link("lung")} > {"Anatomy"}
    assert {it.kind for it in link("lung", kinds=("Anatomy",))} == {"Anatomy"}


def test_an_unknown_term_is_linked_to_nothing_and_the_error_names_the_nearest():
    assert link("pleural efusion") == ()
    assert nearest("pleural efusion")[0] == "Pleural Effusion"
    with pytest.raises(InputError, match=r"no finding 'pleural efusion'.*Pleural Effusion"):
        one("pleural efusion", kinds=("Finding",), called="finding")
    with pytest.raises(InputError, match="nothing is spelt nearly like it"):
        one("xyzzy")


def test_a_term_of_another_kind_is_told_so():
    with pytest.raises(InputError, match=r"as anatomy \(liver\)"):
        one("liver", kinds=("Finding",), called="finding")


@pytest.mark.parametrize("empty", ["", "  ", "?"])
def test_nothing_is_no_term(empty):
    with pytest.raises(InputError, match="no term"):
        link(empty)


def test_every_node_of_the_lexicon_has_a_known_kind_and_is_found_by_its_own_name():
    for node, kind, name in lexicon().nodes:
        assert kind in KINDS
        assert node in {it.node for it in link(name)}, name


def test_names_are_shortened_and_made_full_again():
    for node, _, _ in lexicon().nodes:
        assert short(full(node)) == node
    assert code_name("NONE", "1") is None
    assert scheme_and_value(code_name("UCUM", "[hnsf'U]")) == ("UCUM", "[hnsf'U]")
    assert scheme_and_value("term:lung") is None
