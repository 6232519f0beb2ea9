"""Guidelines against the common data elements of ACR and RSNA, line by line (open imaging finding models, MIT)"""

import json
import re
from math import inf, nextafter

import pytest
from shared import shared

from radiolucent.reason.rules.engine import conclude
from radiolucent.reason.rules.inputs import checked
from radiolucent.reason.rules.read import shipped


def attributes(name):
    path = shared(f"reference/rules-oifm/findingmodels/defs/{name}.fm.json")
    return json.loads(path.read_text(encoding="utf-8"))["attributes"]


def lines():
    """Number of each value of the category of findings -> (category, description)."""
    values = attributes("lung_rads_categorization")[0]["values"]
    return {int(value["value_code"].rpartition(".")[2]): (re.match(r"Lung-RADS (\w+)", value["name"]).group(1),
            value.get("description", "")) for value in values}  # fmt: skip


def numbers(text):
    """Limits in a description: numbers before mm and mm3, and the lower ends of ranges that share a unit."""
    text = text.replace("mm3", "V").replace("mm?", "V").replace(",", "")
    found = re.findall(r"(\d+)(?=\s*(?:V|mm|to less|to <))", text)
    return sorted({int(number) for number in found})


def category(**given):
    rules = shipped("lung-rads")
    return conclude(rules, checked(rules, {"exam": "complete", **given})).values.get("category")


def below(number):
    return nextafter(number, -inf)


def nodule(type, behaviour, **size):
    return {"finding": "juxtapleural" if type == "juxtapleural" else "nodule", "behaviour": behaviour,
            **({} if type == "juxtapleural" else {"type": type}), **size}  # fmt: skip


def span(type, behaviours, low, high, mm="size_mm", mm3="volume_mm3", **more):
    """Nodules at the lower limit and just below the upper one, by diameter and by volume."""
    found = []
    for unit, place in ((mm, 0), (mm3, 1)):
        ends = [float(low[place])] if low else [0.0]
        ends += [below(high[place])] if high else [low[place] * 2.0]
        found += [
            nodule(type, behaviour, **{unit: end}, **(more.get(unit, {}))) for end in ends for behaviour in behaviours
        ]
    return found


PART = {
    "mm": "solid_mm",
    "mm3": "solid_volume_mm3",
    "solid_mm": {"size_mm": 60.0},
    "solid_volume_mm3": {"volume_mm3": 60000.0},
}
FIRST = ["baseline"]

LUNG = {
    5: ([10, 524], span("juxtapleural", ["baseline", "new"], None, (10, 524))),
    6: ([4, 6, 34, 113], [*span("solid", FIRST, None, (6, 113)), *span("solid", ["new"], None, (4, 34))]),
    7: ([6, 113], span("part-solid", FIRST, None, (6, 113))),
    8: ([30, 14137], [*span("non-solid", ["baseline", "new", "growing", "stable", "slow-growing"], None, (30, 14137)),
                      *span("non-solid", ["stable", "slow-growing"], (30, 14137), None)]),
    9: ([], [{"finding": "airway", "airway": "subsegmental", "behaviour": b} for b in ("baseline", "new", "stable")]),
    10: ([], [nodule("solid", "stable", previous="3"), nodule("solid", "stable", previous="4B", proven_benign=True)]),
    11: ([4, 6, 8, 34, 113, 268], [*span("solid", FIRST, (6, 113), (8, 268)), *span("solid", ["new"], (4, 34), (6, 113))]),
    12: ([6, 113], [*span("part-solid", FIRST, None, (6, 113), **PART), *span("part-solid", ["new"], None, (6, 113))]),
    13: ([30, 14137], span("non-solid", ["baseline", "new"], (30, 14137), None)),
    14: ([], [{"finding": "cyst", "cyst": "thick-walled", "cyst_change": "growing"}]),
    15: ([], [nodule("solid", "stable", previous="4A")]),
    16: ([6, 8, 15, 113, 268, 1767], [*span("solid", FIRST, (8, 268), (15, 1767)),
                                      *span("solid", ["growing"], None, (8, 268)),
                                      *span("solid", ["new"], (6, 113), (8, 268))]),
    17: ([4, 6, 8, 34, 113, 268], [*span("part-solid", FIRST, (6, 113), (8, 268), **PART),
                                   *span("part-solid", ["new", "growing"], None, (4, 34), **PART)]),
    18: ([], [{"finding": "airway", "airway": "segmental", "behaviour": "baseline"}]),
    19: ([], [{"finding": "cyst", "cyst": "thick-walled", "cyst_change": "none"},
              {"finding": "cyst", "cyst": "multilocular", "cyst_change": "none"},
              *[{"finding": "cyst", "cyst": one, "cyst_change": "became-multilocular"}
                for one in ("thin-walled", "thick-walled")]]),
    20: ([], [{"finding": "airway", "airway": "segmental", "behaviour": b} for b in ("stable", "growing")]),
    21: ([8, 15, 268, 1767], [*span("solid", FIRST, (15, 1767), None),
                              *span("solid", ["new", "growing"], (8, 268), None)]),
    22: ([4, 8, 34, 268], [*span("part-solid", FIRST, (8, 268), None, **PART),
                           *span("part-solid", ["new", "growing"], (4, 34), None, **PART)]),
    23: ([], [{"finding": "cyst", "cyst": "thick-walled", "cyst_change": "wall-growing"},
              {"finding": "cyst", "cyst": "multilocular", "cyst_change": "growing"},
              {"finding": "cyst", "cyst": "multilocular", "cyst_change": "more-loculation"}]),
    24: ([], [nodule("solid", "slow-growing"), nodule("part-solid", "slow-growing")]),
    25: ([], [nodule("solid", "baseline", size_mm=size, suspicious_features=True) for size in (7, 9, 20)]),
}  # fmt: skip
"""Each line of the category of findings: the limits it names, and nodules at both ends of what it describes."""


@pytest.mark.parametrize("line", LUNG)
def test_lung_rads_2022_line_by_line(line, record_property):
    limits, nodules = LUNG[line]
    expected, text = lines()[line]
    assert numbers(text) == limits
    found = [category(**one) for one in nodules]
    record_property("planted", len(found))
    record_property("found", found.count(expected))
    record_property("difference", 1 - found.count(expected) / len(found))
    assert set(found) == {expected}


def test_every_line_of_lung_rads_is_looked_at():
    assert set(lines()) == set(LUNG) | {0, 1, 2, 3, 4}
    rules = shipped("lung-rads")
    for exam, line in (("prior-awaited", 0), ("not-evaluable", 1), ("inflammatory", 2)):
        assert conclude(rules, checked(rules, {"exam": exam})).values["category"] == lines()[line][0] == "0"
    for finding, line in (("none", 3), ("benign", 4)):
        assert category(finding=finding) == lines()[line][0] == "1"


WORDS = {
    "composition": {"cystic": "cystic", "spongiform": "spongiform", "mixed": "mixed", "solid": "solid",
                    "undetermined": "composition cannot"},
    "echogenicity": {"anechoic": "anechoic", "hyperechoic": "hyperechoic", "isoechoic": "hyperechoic or isoechoic",
                     "undetermined": "echogenicity cannot", "hypoechoic": "hypoechoic", "very-hypoechoic": "very hypo"},
}  # fmt: skip


@pytest.mark.parametrize("name", WORDS)
def test_ti_rads_points_of_each_value(name, record_property):
    (element,) = [one for one in attributes("ti_rads") if one["name"].lower() == name]
    points = shipped("ti-rads").scores[0].points[name]
    stated = {}
    for ours, start in WORDS[name].items():
        (text,) = [one["description"] for one in element["values"] if one["name"].startswith(start)]
        stated[ours] = int(re.search(r"\((\d) points\)", text).group(1))
    record_property("planted", len(stated))
    record_property("found", sum(points[word] == value for word, value in stated.items()))
    assert stated == dict(points)
    scored = [one for one in element["values"] if "points" in one.get("description", "")]
    assert len(scored) == len(set(WORDS[name]) - {"isoechoic"})


def test_ti_rads_points_of_the_other_features(record_property):
    score = shipped("ti-rads").scores[0].points
    ours = {"macrocalc": score["foci"]["macrocalcification"], "peripheral": score["foci"]["rim"],
            "punctate": score["foci"]["punctate"], "lobulated": score["margin"]["lobulated"],
            "taller": score["shape"]["taller-than-wide"], "extra": score["margin"]["extrathyroidal"]}  # fmt: skip
    texts = [
        f"{v['name']} {v.get('description', '')}".lower()
        for one in attributes("ti_rads")
        for v in one.get("values", ())
    ]
    for start, points in ours.items():
        told = [text for text in texts if text.startswith((start, f"definite {start}"))]
        assert [int(number) for text in told for number in re.findall(r"\((\d) points\)", text)] == [points], (
            start,
            told,
        )
    record_property("planted", len(ours))
    record_property("found", len(ours))


def test_ti_rads_takes_the_sizes_of_the_element():
    (element,) = [one for one in attributes("ti_rads") if one["name"] == "Maximum Diameter"]
    low, high = shipped("ti-rads").inputs["size_mm"].range
    assert low <= element["minimum"] * 10
    assert element["maximum"] * 10 <= high
    assert element["unit"] == "cm"


def test_bi_rads_has_every_assessment():
    (element,) = [one for one in attributes("bi_rads") if one["name"] == "Assessment category"]
    told = [re.match(r"category (\w+)", value["name"]).group(1) for value in element["values"]]
    assert told == list(shipped("bi-rads").inputs["assessment"].choices)


def test_the_pi_rads_element_holds_measurements_only():
    """Its four elements are sizes and volume of the prostate; no category stands in it that rules could be held against."""
    assert [(one["type"], one["unit"]) for one in attributes("prostate_imaging_reporting_and_data_system__pi_rads_")] == [
        ("numeric", "cm"), ("numeric", "cm"), ("numeric", "cm"), ("numeric", "cc")]  # fmt: skip


def test_the_cobb_angle_takes_the_range_of_the_element():
    (element,) = [one for one in attributes("scoliosis") if one["name"] == "Cobb angle"]
    low, high = shipped("cobb").inputs["cobb_deg"].range
    assert low <= element["minimum"]
    assert element["maximum"] <= high
