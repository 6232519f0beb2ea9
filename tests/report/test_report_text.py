"""The page of reports that were read."""

from radiolucent.report.report_text import Mark, ShownReport, pieces, report_text_page


def test_marks_cut_the_text_and_lose_no_letter():
    text = "No left effusion, small nodule."
    marks = [Mark(8, 16, "absent", "a"), Mark(18, 30, "present", "b"), Mark(24, 30, "present", "c")]
    found = pieces(text, marks)
    assert "".join(words for words, _, _ in found) == text
    assert [state for _, state, _ in found] == ["", "absent", "", "present", ""]


def test_the_words_of_a_report_are_escaped():
    shown = ShownReport("1", "<script>alert(1)</script> edema", (Mark(26, 31, "present", '"edema"'),), {"Edema": 1})
    page = report_text_page([shown], version="0")
    assert "<script>alert" not in page
    assert 'title="&#34;edema&#34;"' in page


def test_a_report_without_labels_says_why():
    page = report_text_page(
        [ShownReport("1", "12", problem="only digits"), ShownReport("2", "edema", (), {"Edema": 1})], version="0"
    )
    assert "could not be read" in page
    assert "only digits" in page
