from radiolucent.report.reading import Reading
from radiolucent.report.sections.calibration import calibration
from radiolucent.report.texts import texts


def blocks(study):
    return calibration(Reading(study, texts("en")))


def test_the_error_stands_beside_what_a_perfect_model_would_show(studies):
    said = blocks(studies["folds"])[0].text.replace("\u00a0", " ")
    assert "0.05 [0.03, 0.06]" in said
    assert "would show 0.03 by chance" in said
    assert "nothing shows that the probabilities are wrong" in said


def test_an_error_beyond_chance_is_a_warning(studies):
    lead = blocks(studies["multiclass"])[0]
    assert lead.tone == "warn"
    assert "should not be read as risks" in lead.text


def test_one_class_cannot_be_calibrated(studies):
    [only] = blocks(studies["one class"])
    assert "could not be judged" in only.text
