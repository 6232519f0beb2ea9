"""The gallery's page: one file, every picture with words for those who cannot see it."""

from radiolucent.report.gallery import Entry, View, gallery_page

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 8


def test_every_picture_has_words_and_every_refusal_is_seen():
    views = (
        View("CT", PNG, PNG, "0.010 s", numbers={"ratio": "20"}),
        View("US", None, None, "", "not for <this> picture"),
    )
    entry = Entry("process.gaussian", "Smooth.", "radiolucent process gaussian IN OUT", views)
    page = gallery_page({"process": [entry]}, about="Phantoms.", version="1")
    assert page.count('<img src="data:image/png') == 2
    assert page.count("alt=") == 2
    assert "after process.gaussian" in page
    assert "not for &lt;this&gt; picture" in page
    assert "ratio 20" in page
    assert 'href="#process.gaussian"' in page
    assert "http:" not in page
