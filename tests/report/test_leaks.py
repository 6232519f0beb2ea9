from radiolucent.report.leaks import leaks_page


def test_the_page_of_a_stopped_study_shows_pairs_and_what_to_do(studies):
    official = studies["official"]
    page = leaks_page(official.metrics["leaks"], [g for g in official.galleries if g.is_pairs])
    assert "The given split leaks" in page
    assert "--allow-leaks" in page
    assert page.count('class="pair"') == 3
    assert "1\u2011601" in page
    assert 'data-tsv="1-601, 2-602' in page


def test_hostile_columns_stay_text():
    leak = {"kind": "giveaway", "severity": "block", "count": 1, "rows": [], "column": "<b>x</b>", "says": ""}
    assert "<b>x" not in leaks_page([leak], [])
