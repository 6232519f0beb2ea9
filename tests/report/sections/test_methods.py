from radiolucent.report.reading import Reading
from radiolucent.report.sections.methods import methods, number_references
from radiolucent.report.texts import texts


def paragraph(study):
    return " ".join(b.text for b in methods(Reading(study, texts("en"))) if b.kind == "prose" and b.tone == "quote")


def test_references_are_numbered_in_the_order_of_their_mention():
    numbered, order = number_references(["a [@tripod; @claim].", "b [@claim] c [@delong]."])
    assert numbered == ["a [1, 2].", "b [2] c [3]."]
    assert order == ["tripod", "claim", "delong"]


def test_the_paragraph_says_what_was_done_and_names_both_guidelines(studies):
    said = paragraph(studies["folds"])
    for part in ("1,000 images of 682 patients", "5 folds", "random seed 7", "2,000 bootstrap samples of patients",
                 "age, sex and view alone", "TRIPOD+AI", "CLAIM", "numpy 2.4.6", "Grad-CAM"):  # fmt: skip
        assert part in said


def test_it_does_not_claim_what_was_not_done(studies):
    given = paragraph(studies["evaluate"])
    assert "Predictions made elsewhere were audited" in given
    assert "folds" not in given
    assert "candidates were" not in given
    official = paragraph(studies["official"])
    assert "partition that came with the data" in official
    assert "of patients;" not in official
    assert "DeLong" in official
    assert "net benefit" not in paragraph(studies["multiclass"])


def test_every_number_in_the_text_has_its_reference(studies):
    for study in studies.values():
        blocks = methods(Reading(study, texts("en")))
        assert f"[{len(blocks[-1].items)}]" in paragraph(study)
