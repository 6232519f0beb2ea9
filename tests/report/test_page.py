"""The whole page: valid, self-contained, accessible, escaped, small enough, for every kind of study."""

import json
import re
import xml.etree.ElementTree as ET
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise

import numpy as np
import pytest

from radiolucent.report import Study, study_page

KINDS = ("folds", "multiclass", "official", "evaluate", "one class", "chance", "clean")
VOID = {"meta", "img", "br", "hr", "link", "input"}
each_kind = pytest.mark.parametrize("kind", KINDS)


class Outline(HTMLParser):
    """Checks that tags are balanced, and keeps them with their attributes."""

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.text, self.faults = [], [], [], []

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.faults.append(f"{tag} repeats an attribute: {names}")
        self.tags.append((tag, dict(attrs), self.open[-1] if self.open else None))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs), self.open[-1] if self.open else None))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at line {self.getpos()[0]} closes something else")

    def handle_data(self, data):
        if self.open and self.open[-1] not in ("style", "script"):
            self.text.append(data)


def outline(html):
    parser = Outline()
    parser.feed(html)
    parser.close()
    return parser


@pytest.fixture(scope="module")
def pages(studies):
    return {kind: study_page(study) for kind, study in studies.items()}


@each_kind
def test_every_tag_is_closed_in_order(pages, kind):
    parsed = outline(pages[kind])
    assert not parsed.faults
    assert not parsed.open


@each_kind
def test_no_request_leaves_the_page(pages, kind):
    for tag, attrs, _ in outline(pages[kind]).tags:
        assert tag not in ("link", "iframe", "object", "embed", "base", "form", "audio", "video")
        if "src" in attrs:
            assert attrs["src"].startswith("data:image/"), attrs["src"][:40]
        if tag == "a":
            assert attrs["href"].startswith(("#", "https://doi.org/"))
    style = pages[kind].split("<style>")[1].split("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style


@each_kind
def test_ids_are_unique_and_every_link_and_label_inside_the_page_has_its_target(pages, kind):
    tags = outline(pages[kind]).tags
    ids = [attrs["id"] for _, attrs, _ in tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for _, attrs, _ in tags:
        if attrs.get("href", "").startswith("#"):
            assert attrs["href"][1:] in ids
        for name in attrs.get("aria-labelledby", "").split():
            assert name in ids


@each_kind
def test_headings_go_down_one_step_at_a_time_under_a_single_first(pages, kind):
    levels = [int(tag[1]) for tag, _, _ in outline(pages[kind]).tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@each_kind
def test_every_chart_has_a_name_a_description_and_a_sentence_below(pages, kind):
    charts = re.findall(r"<svg.*?</svg>", pages[kind], flags=re.S)
    for chart in charts:
        tree = ET.fromstring(chart)
        assert tree.attrib["role"] == "img"
        assert tree.find("title").text
        assert tree.find("desc").text
        assert not re.search(r"\bnan\b", chart)
    captions = re.findall(r"</svg>\s*<figcaption>(.*?)</figcaption>", pages[kind], flags=re.S)
    assert captions or not charts
    assert all(caption.strip().endswith(".") for caption in captions)


@each_kind
def test_pictures_have_alternative_texts_and_headers_a_scope(pages, kind):
    tags = outline(pages[kind]).tags
    assert all(attrs.get("alt") for tag, attrs, _ in tags if tag == "img")
    assert all(attrs.get("scope") in ("col", "row") for tag, attrs, _ in tags if tag == "th")
    assert next(attrs for tag, attrs, _ in tags if tag == "html")["lang"] == "en"


@each_kind
def test_rows_of_a_table_have_as_many_cells_as_its_head_also_when_copied(pages, kind):
    for table in re.findall(r"<table.*?</table>", pages[kind], flags=re.S):
        rows = re.findall(r"<tr>(.*?)</tr>", table, flags=re.S)
        shown = {len(re.findall(r"<t[hd]", row)) for row in rows}
        copied = set()
        for row in rows:
            cells = re.findall(r"<t[hd](.*?)>", row)
            copied.add(
                sum(1 + (cell.split('data-tsv="')[1].count("\t") if "data-tsv" in cell else 0) for cell in cells)
            )
        assert len(rows) > 1
        assert len(shown) == 1
        assert len(copied) == 1


@each_kind
def test_the_ten_parts_stand_in_the_order_of_the_design(pages, kind):
    found = [attrs["id"] for tag, attrs, _ in outline(pages[kind]).tags if tag in ("header", "section")]
    assert found == [
        *("answer", "who", "leaks", "candidates", "operating", "calibration"),
        *("subgroups", "looks", "methods", "checklist"),
    ]


@each_kind
def test_it_ends_with_not_for_diagnosis_and_no_sentence_is_left_open(pages, kind):
    text = " ".join(outline(pages[kind]).text)
    assert "not for diagnosis" in text.split("Research software")[-1]
    assert "None" not in text
    assert "nan" not in text.split()
    assert not re.search(r"\{\w*\}|\[@|  \.", text)


def test_a_page_with_forty_large_pictures_stays_under_six_megabytes(studies):
    noise = np.random.default_rng(0)
    study = studies["folds"]
    pictures = study.galleries[2].pictures
    heavy = b"\x89PNG\r\n\x1a\n" + noise.bytes(45_000)
    shots = tuple(replace(pictures[i % len(pictures)], png=heavy, overlay=heavy) for i in range(40))
    page = study_page(replace(study, galleries=(replace(study.galleries[2], pictures=shots),)))
    assert len(page.encode()) < 6_000_000


HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}{n}'


def poisoned(value):
    """Every name and text in a tree made hostile, keys of the format left alone."""
    fixed = {"version", "kind", "severity", "best", "a", "b", "positive", "picked", "classes", "between"}
    if isinstance(value, dict):
        return {key: item if key in fixed else poisoned(item) for key, item in value.items()}
    if isinstance(value, list):
        return [poisoned(item) for item in value]
    return f"{value}{HOSTILE}" if isinstance(value, str) else value


def test_hostile_names_from_a_spreadsheet_stay_text(metrics, studies):
    found = poisoned(metrics())
    found["groups"] = {HOSTILE: {HOSTILE: found["groups"]["sex"]["F"], "M": found["groups"]["sex"]["M"]}}
    found["confounding"] = {HOSTILE: found["confounding"]["view"] | {"table": {HOSTILE: {"0": 3, "1": 5}}}}
    found["candidates"][HOSTILE] = found["candidates"]["svm"]
    found["tuning"][HOSTILE] = {"auc": 0.6}
    old = studies["folds"]
    shots = tuple(replace(p, caption=HOSTILE) for p in old.galleries[0].pictures)
    galleries = (replace(old.galleries[0], title=HOSTILE, sentence=HOSTILE, pictures=shots),)
    weights = (replace(old.importances[0], title=HOSTILE, rows=({"name": HOSTILE, "value": 1.0},)),)
    cohort = {
        "flow": [{"label": HOSTILE, "n": 3}, {"label": HOSTILE, "n": 2}],
        "demographics": [{"column": HOSTILE, "rows": [{"value": HOSTILE, "all": 3, "folds": [1, 2]}]}],
        "missing": [{"column": HOSTILE, "n": 1}],
    }
    study = Study(found, {HOSTILE: HOSTILE, "command": [HOSTILE]}, cohort, galleries, weights,
                  {"preprocessing": HOSTILE, "metadata_columns": [HOSTILE]}, title=HOSTILE)  # fmt: skip
    page = study_page(study)
    parsed = outline(page)
    assert not parsed.faults
    assert [tag for tag, _, _ in parsed.tags].count("script") == 1
    assert not any(name.startswith("on") for _, attrs, _ in parsed.tags for name in attrs)
    assert all(attrs["src"].startswith("data:image/") for tag, attrs, _ in parsed.tags if tag == "img")
    assert "49" not in page.split("<h1>")[1].split("</h1>")[0]
    assert page.count("alert(1)") > 20


def test_the_policy_names_the_one_script_by_its_hash(pages):
    page = pages["folds"]
    script = page.split("<script>")[1].split("</script>")[0]
    digest = b64encode(sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page
    assert "default-src 'none'" in page


def test_a_copied_figure_becomes_three_cells_with_all_its_digits(pages, studies):
    auc = studies["folds"].metrics["candidates"]["cnn"]["auc"]
    cells = "\t".join(f"{auc[key]:.6g}" for key in ("value", "low", "high"))
    assert f'data-tsv="{cells}"' in pages["folds"]


def test_metrics_that_went_through_json_make_the_same_page(metrics):
    found = metrics()
    assert study_page(Study(json.loads(json.dumps(found)))) == study_page(Study(found))


def test_a_study_with_metrics_alone_makes_a_page(metrics):
    assert "5 patient folds" in study_page(Study(metrics()))


def contrast(a, b):
    def light(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, bl = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * bl

    low, high = sorted((light(a), light(b)))
    return (high + 0.05) / (low + 0.05)


def test_text_stands_out_from_its_ground_in_every_theme(pages):
    style = pages["clean"].split("<style>")[1]
    themes = [
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", t)) for t in re.findall(r":root \{(.*?)\}", style, re.S)
    ]
    assert len(themes) == 3  # light, dark, print
    for theme in themes:
        colours = {key: c if len(c) == 7 else "#" + "".join(2 * x for x in c[1:]) for key, c in theme.items()}
        for ink in ("ink", "soft", "link", "stop"):
            assert contrast(colours[ink], colours["paper"]) >= 4.5, ink
        for ground in ("raised", "stop-paper"):
            assert contrast(colours["stop" if "stop" in ground else "ink"], colours[ground]) >= 4.5
        for mark in ("c0", "c1"):
            assert contrast(colours[mark], colours["paper"]) >= 3, mark
        assert contrast(colours["paper"], colours["c0"]) >= 4.5
        for k in (*"12345", "x"):
            assert contrast("#111111", colours[f"c{k}"]) >= 4.5, k
