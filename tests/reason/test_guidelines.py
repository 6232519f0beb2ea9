"""Guidelines: every cell and both sides of every boundary, restated here from the published tables and not from the files."""

from itertools import pairwise, product
from math import inf, nextafter

import pytest

from radiolucent.reason.rules.engine import conclude
from radiolucent.reason.rules.inputs import checked
from radiolucent.reason.rules.read import shipped


def said(name, given):
    """The answer as a tuple, or what kept it from being given."""
    rules = shipped(name)
    found = conclude(rules, checked(rules, {key: value for key, value in given.items() if value is not None}))
    return (
        tuple(found.values[key] for key in rules.answer if key in found.values)
        if found.kind == "concluded"
        else found.kind
    )


def around(*limits, low=0.0, high=None):
    """Each limit, the numbers next to it on both sides, and numbers between and beyond."""
    top = high if high is not None else limits[-1] * 1.5 + 1
    marks = [low, *limits, top]
    between = [(a + b) / 2 for a, b in pairwise(marks)]
    beside = [number for limit in limits for number in (nextafter(limit, -inf), limit, nextafter(limit, inf))]
    return sorted({*marks, *between, *beside})


def cases(axes):
    return [dict(zip(axes, values)) for values in product(*axes.values())]


def agree(name, axes, expected, record_property):
    """All cells at once: how many there are, and how many are as restated."""
    told = cases(axes)
    found = [(given, said(name, given), expected(**given)) for given in told]
    wrong = [one for one in found if one[1] != one[2]]
    record_property("planted", len(told))
    record_property("found", len(told) - len(wrong))
    record_property("difference", len(wrong) / len(told))
    assert not wrong, f"{len(wrong)} of {len(told)}, first {wrong[0]}"


def fleischner(type, number, risk, size):
    """`size` is 0, 1 or 2: below 6 mm, 6 to 8 mm, above 8 mm."""
    if type == "solid":
        if size == 0:
            return "no routine follow-up" if risk == "low" else "optional CT at 12 months"
        if number == "multiple":
            return "CT at 3-6 months, then " + ("consider " if risk == "low" else "") + "CT at 18-24 months"
        if size == 2:
            return "consider CT at 3 months, PET/CT or tissue sampling"
        return "CT at 6-12 months, then " + ("consider " if risk == "low" else "") + "CT at 18-24 months"
    if number == "multiple":
        later = "if stable, consider CT at 2 and 4 years" if size == 0 else "then by the most suspicious nodule"
        return f"CT at 3-6 months; {later}"
    if size == 0:
        return "no routine follow-up"
    if type == "ground-glass":
        return "CT at 6-12 months; if it persists, CT every 2 years until 5 years"
    return "CT at 3-6 months; if it persists, then by its solid part"


NODULES = {"type": ["solid", "ground-glass", "part-solid"], "number": ["single", "multiple"], "risk": ["low", "high"]}


def test_fleischner_by_diameter(record_property):
    axes = {**NODULES, "size_mm": [*around(6, 8), 5.9, 8.1]}
    agree("fleischner", axes, lambda size_mm, **rest: (fleischner(**rest, size=(size_mm >= 6) + (size_mm > 8)),),
          record_property)  # fmt: skip


def test_fleischner_by_volume(record_property):
    axes = {**NODULES, "volume_mm3": [*around(100, 250), 99, 251]}
    agree("fleischner", axes, lambda volume_mm3, **rest: (
        fleischner(**rest, size=(volume_mm3 >= 100) + (volume_mm3 > 250)),), record_property)  # fmt: skip


def test_fleischner_by_the_solid_part(record_property):
    def expected(size_mm, solid_mm, **rest):
        if solid_mm > size_mm:
            return "contradiction"
        if size_mm < 6:
            return ("no routine follow-up",)
        start = "CT at 3-6 months; if "
        if solid_mm < 6:
            return (start + "unchanged and the solid part stays below 6 mm, CT every year for 5 years",)
        end = " where the morphology is suspicious or the solid part grows" if solid_mm <= 8 else ""
        return (start + "it persists, PET/CT, biopsy or resection" + end,)

    axes = {"type": ["part-solid"], "number": ["single"], "risk": ["low", None], "size_mm": [*around(6, 8), 30.0],
            "solid_mm": around(6, 8)}  # fmt: skip
    agree("fleischner", axes, expected, record_property)


@pytest.mark.parametrize(
    ("given", "kind"),
    [({"age_years": 34}, "not applicable"), ({"age_years": 35}, None), ({"screening": True}, "not applicable"),
     ({"cancer": True}, "not applicable"), ({"immunosuppressed": True}, "not applicable"), ({"screening": False}, None)],
)  # fmt: skip
def test_the_guards_of_fleischner_come_first(given, kind):
    nodule = {"size_mm": 7, "number": "single", "risk": "high", "type": "solid"}
    expected = kind or ("CT at 6-12 months, then CT at 18-24 months",)
    assert said("fleischner", {**nodule, **given}) == expected


CARE = {"1": "low-dose CT in 12 months", "2": "low-dose CT in 12 months", "3": "low-dose CT in 6 months"}


def lung(category):
    """Category and management, as the answer has them."""
    if not category:
        return "gap"
    care = CARE.get(category)
    if category == "4A":
        care = "low-dose CT in 3 months; PET/CT may be used where a solid part is 8 mm or larger"
    return (category, care or "diagnostic chest CT with or without contrast, PET/CT where a solid part is 8 mm or larger, "
            "tissue sampling, or referral")  # fmt: skip


def step(value, *limits):
    return sum(value >= limit for limit in limits)


MM, MM3 = (4, 6, 8, 10, 15, 30), (34, 113, 268, 524, 1767, 14137)
"""The limits of Lung-RADS v2022 by diameter and by volume, pairwise."""

STABLE = {"1": "2", "2": "2", "3": "2", "4A": "3"}


def solid(size, behaviour, previous):
    """`size` counts the limits that are reached."""
    table = {"baseline": ("2", "2", "3", "4A", "4A", "4B", "4B"), "new": ("2", "3", "4A", *["4B"] * 4),
             "growing": (*["4A"] * 3, *["4B"] * 4), "slow-growing": ("4B",) * 7}  # fmt: skip
    return STABLE[previous] if behaviour == "stable" else table[behaviour][size]


def part_solid(size, part, behaviour, previous):
    if behaviour in ("stable", "slow-growing"):
        return solid(0, behaviour, previous)
    if behaviour == "growing":
        return "4A" if part < 1 else "4B"
    if size < 2:
        return "2" if behaviour == "baseline" else "3"
    return ("3", "3", "4A", "4B")[part] if behaviour == "baseline" else ("4A", "4B", "4B", "4B")[part]


def non_solid(size, behaviour):
    if size < 6 or behaviour in ("stable", "slow-growing"):
        return "2"
    return "3" if behaviour in ("baseline", "new") else None


BEHAVIOURS = ["baseline", "new", "growing", "slow-growing", "stable"]
SCREEN = {"exam": ["complete"], "behaviour": BEHAVIOURS, "previous": ["2", "3", "4A"]}


@pytest.mark.parametrize(("unit", "limits"), [("size_mm", MM), ("volume_mm3", MM3)])
@pytest.mark.parametrize("type", ["solid", "non-solid"])
def test_lung_rads_of_solid_and_non_solid_nodules(type, unit, limits, record_property):
    def expected(behaviour, previous, **rest):
        size = step(rest[unit], *limits)
        return lung(solid(size, behaviour, previous) if type == "solid" else non_solid(size, behaviour))

    agree(
        "lung-rads", {**SCREEN, "finding": ["nodule"], "type": [type], unit: around(*limits)}, expected, record_property
    )


@pytest.mark.parametrize(("unit", "limits"), [("size_mm", MM), ("volume_mm3", MM3)])
def test_lung_rads_of_juxtapleural_nodules(unit, limits, record_property):
    def expected(behaviour, previous, **rest):
        size = step(rest[unit], *limits)
        small = size < 4 and behaviour in ("baseline", "new", "stable")
        return lung("2" if small else solid(size, behaviour, previous))

    agree("lung-rads", {**SCREEN, "finding": ["juxtapleural"], unit: around(*limits)}, expected, record_property)


@pytest.mark.parametrize(
    ("whole", "part", "limits"), [("size_mm", "solid_mm", MM), ("volume_mm3", "solid_volume_mm3", MM3)]
)
def test_lung_rads_of_part_solid_nodules(whole, part, limits, record_property):
    def expected(behaviour, previous, **rest):
        if rest[part] > rest[whole]:
            return "contradiction"
        return lung(part_solid(step(rest[whole], *limits), step(rest[part], *limits[:3]), behaviour, previous))

    axes = {
        **SCREEN,
        "finding": ["nodule"],
        "type": ["part-solid"],
        whole: around(*limits[:3]),
        part: around(*limits[:3]),
    }
    agree("lung-rads", axes, expected, record_property)


def test_lung_rads_of_airways_and_cysts(record_property):
    airways = {("subsegmental", "baseline"): "2", ("subsegmental", "new"): "2", ("subsegmental", "stable"): "2",
               ("segmental", "baseline"): "4A", ("segmental", "stable"): "4B", ("segmental", "growing"): "4B",
               ("segmental", "slow-growing"): "4B"}  # fmt: skip
    cysts = {("thick-walled", "growing"): "3", ("thick-walled", "none"): "4A", ("multilocular", "none"): "4A",
             ("thin-walled", "became-multilocular"): "4A", ("thick-walled", "became-multilocular"): "4A",
             ("thick-walled", "wall-growing"): "4B", ("multilocular", "growing"): "4B",
             ("multilocular", "more-loculation"): "4B"}  # fmt: skip

    def expected(finding, airway, behaviour, cyst, cyst_change, **rest):
        return lung(airways.get((airway, behaviour)) if finding == "airway" else cysts.get((cyst, cyst_change)))

    axes = {"exam": ["complete"], "finding": ["airway", "cyst"], "airway": ["subsegmental", "segmental"],
            "behaviour": BEHAVIOURS, "cyst": ["thin-walled", "thick-walled", "multilocular"],
            "cyst_change": ["none", "growing", "wall-growing", "became-multilocular", "more-loculation"]}  # fmt: skip
    agree("lung-rads", axes, expected, record_property)


def test_lung_rads_0_1_4x_and_s():
    assert said("lung-rads", {"exam": "prior-awaited"}) == ("0", "compare with the prior chest CT")
    assert said("lung-rads", {"exam": "inflammatory"}) == ("0", "low-dose CT in 1-3 months")
    assert said("lung-rads", {"exam": "not-evaluable"}) == ("0", "additional low-dose CT of the lungs")
    whole = {"exam": "complete"}
    assert said("lung-rads", {**whole, "finding": "none"}) == ("1", CARE["1"])
    assert said("lung-rads", {**whole, "finding": "benign", "significant_finding": True}) == ("1", "S", CARE["1"])
    nodule = {**whole, "finding": "nodule", "type": "solid", "behaviour": "baseline"}
    for size_mm, category in ((5, "2"), (7, "4X"), (9, "4X"), (20, "4X")):
        found = said("lung-rads", {**nodule, "size_mm": size_mm, "suspicious_features": True})
        assert found == lung(category)
    proven = {"behaviour": "stable", "previous": "4B", "size_mm": 20}
    assert said("lung-rads", {**nodule, **proven, "proven_benign": True}) == lung("2")
    assert said("lung-rads", {**nodule, **proven, "proven_benign": False}) == lung("4B")


POINTS = {
    "composition": {"cystic": 0, "spongiform": 0, "mixed": 1, "solid": 2, "undetermined": 2},
    "echogenicity": {"anechoic": 0, "hyperechoic": 1, "isoechoic": 1, "undetermined": 1, "hypoechoic": 2,
                     "very-hypoechoic": 3},
    "shape": {"wider-than-tall": 0, "taller-than-wide": 3},
    "margin": {"smooth": 0, "ill-defined": 0, "lobulated": 2, "extrathyroidal": 3},
    "foci": {"none": 0, "comet-tail": 0, "macrocalcification": 1, "rim": 2, "punctate": 3,
             "macrocalcification,rim": 3, "rim,punctate": 5, "macrocalcification,rim,punctate": 6},
}  # fmt: skip


def ti_rads(size_mm, **features):
    total = sum(POINTS[name][word] for name, word in features.items())
    total = 0 if features["composition"] in ("cystic", "spongiform") else total
    if total == 1:
        return "gap"
    level = "TR5" if total >= 7 else "TR4" if total >= 4 else {0: "TR1", 2: "TR2", 3: "TR3"}[total]
    follow, sample = {"TR3": (15, 25), "TR4": (10, 15), "TR5": (5, 10)}.get(level, (inf, inf))
    care = "FNA" if size_mm >= sample else "follow-up" if size_mm >= follow else "no FNA, no follow-up"
    return (float(total), level, care)


def test_ti_rads(record_property):
    axes = {name: list(points) for name, points in POINTS.items()} | {"size_mm": [4.9, 5, 9.9, 10, 14.9, 15, 24.9, 25]}
    agree("ti-rads", axes, ti_rads, record_property)


def test_isoechoic_is_one_point_and_foci_are_summed_against_a_web_calculator():
    """A calculator on the web gives isoechoic 2 points and counts the highest focus only."""
    plain = {"composition": "solid", "echogenicity": "isoechoic", "shape": "wider-than-tall", "margin": "smooth"}
    assert said("ti-rads", {**plain, "foci": "none", "size_mm": 30}) == (3.0, "TR3", "FNA")
    assert said("ti-rads", {**plain, "foci": "rim,punctate", "size_mm": 30}) == (8.0, "TR5", "FNA")


def li_rads(aphe, size_mm, washout, capsule, threshold_growth, **rest):
    more = washout + capsule + threshold_growth
    if not aphe:
        row = (3, 3, 4) if size_mm < 20 else (3, 4, 4)
    elif size_mm < 10:
        row = (3, 4, 4)
    elif size_mm < 20:
        row = (3, 4 if capsule else 5, 5)
    else:
        row = (4, 5, 5)
    return (f"LR-{row[min(more, 2)]}",)


YES = [True, False]
LIVER = {"at_risk": [True], "nature": ["other"], "aphe": YES, "size_mm": around(10, 20), "washout": YES, "capsule": YES}


def test_li_rads(record_property):
    agree("li-rads", {**LIVER, "threshold_growth": YES}, li_rads, record_property)


def test_li_rads_by_measured_growth(record_property):
    def expected(growth_percent, interval_months, **rest):
        return li_rads(threshold_growth=growth_percent >= 50 and interval_months <= 6, **rest)

    axes = {**LIVER, "growth_percent": around(50), "interval_months": around(6)}
    agree("li-rads", axes, expected, record_property)


def test_li_rads_ancillary_features_move_by_one_and_never_to_lr_5(record_property):
    def expected(ancillary_malignant, ancillary_benign, **rest):
        number = int(li_rads(**rest)[0][-1])
        if ancillary_malignant != ancillary_benign:
            number += -1 if ancillary_benign else number < 4
        return (f"LR-{number}",)

    axes = {**LIVER, "threshold_growth": YES, "ancillary_malignant": YES, "ancillary_benign": YES}
    agree("li-rads", axes, expected, record_property)


@pytest.mark.parametrize(
    ("nature", "category"),
    [("not-categorizable", "LR-NC"), ("tumour-in-vein", "LR-TIV"), ("benign", "LR-1"), ("probably-benign", "LR-2"),
     ("targetoid", "LR-M")],
)  # fmt: skip
def test_li_rads_by_the_first_look(nature, category):
    assert said("li-rads", {"at_risk": True, "nature": nature}) == (category,)
    assert said("li-rads", {"at_risk": False, "nature": nature}) == "not applicable"
    assert said("li-rads", {"nature": nature}) == "needs"
    assert said("li-rads", {"at_risk": True, "nature": nature, "age_years": 17}) == "not applicable"
    assert said("li-rads", {"at_risk": True, "nature": nature, "vascular_or_congenital": True}) == "not applicable"


def bosniak(modality, protrusion, protrusion_mm, wall_mm, septa, septum_mm, calcified, content, phase, attenuation_hu):
    care = {"I": "none", "II": "none", "IIF": "imaging at 6 and 12 months, then every year until 5 years",
            "III": "referral to urology (intermediate risk)", "IV": "referral to urology (high risk)"}  # fmt: skip
    if (septa == 0) != (septum_mm == 0):
        return "contradiction"
    found = bosniak_class(modality, protrusion, protrusion_mm, wall_mm, septa, septum_mm)
    if found == "simple":
        found = simple_cyst(modality, content, calcified, phase, attenuation_hu)
    elif found == "II" and modality == "MR" and content == "heterogeneous":
        found = "IIF"
    return (found, care[found]) if found else "gap"


def bosniak_class(modality, protrusion, protrusion_mm, wall_mm, septa, septum_mm):
    if protrusion == "acute" or (protrusion == "obtuse" and protrusion_mm >= 4):
        return "IV"
    if protrusion == "obtuse" or wall_mm >= 4 or septum_mm >= 4:
        return "III"
    if wall_mm == 3 or septum_mm == 3 or septa >= 4:
        return "IIF"
    return "II" if septa else "simple"


def simple_cyst(modality, content, calcified, phase, attenuation_hu):
    if content == "heterogeneous" or modality == "MR":
        return "IIF" if (content, modality) == ("heterogeneous", "MR") else None
    if content == "too-small" or calcified:
        return "II"
    fluid = -9 <= attenuation_hu <= 20
    if phase == "non-contrast":
        return "II" if fluid or attenuation_hu >= 70 else None
    if phase == "portal-venous":
        return "I" if fluid else "II" if 20 < attenuation_hu <= 30 else None
    return "I" if fluid else "II" if attenuation_hu > 20 else None


def test_bosniak_by_structure(record_property):
    axes = {"modality": ["CT", "MR"], "protrusion": ["none", "obtuse", "acute"], "protrusion_mm": [1, 3, 4, 9],
            "wall_mm": [0, 2, 3, 4, 9], "septa": [0, 1, 3, 4, 9], "septum_mm": [0, 1, 2, 3, 4, 9], "calcified": YES,
            "content": ["homogeneous", "heterogeneous"], "phase": ["portal-venous"], "attenuation_hu": [10]}  # fmt: skip
    agree("bosniak", axes, bosniak, record_property)


def test_bosniak_by_content(record_property):
    axes = {"modality": ["CT", "MR"], "protrusion": ["none"], "protrusion_mm": [1], "wall_mm": [2], "septa": [0],
            "septum_mm": [0], "calcified": YES, "content": ["homogeneous", "too-small", "heterogeneous"],
            "phase": ["non-contrast", "portal-venous", "renal-protocol"],
            "attenuation_hu": around(-9, 20, 30, 70, low=-100)}  # fmt: skip
    agree("bosniak", axes, bosniak, record_property)


def test_bosniak_is_for_cystic_masses():
    nodule = {"protrusion": "acute", "enhancing_percent": 24.9}
    assert said("bosniak", nodule) == ("IV", "referral to urology (high risk)")
    assert said("bosniak", {**nodule, "enhancing_percent": 25}) == "not applicable"


def test_agatston(record_property):
    names = ["none", "minimal (1-10)", "mild (11-100)", "moderate (101-400)", "severe (above 400)"]
    scale = ["0", "1-99", "100-399", "400 and more"]

    def expected(score):
        over = sum(score > limit for limit in (0, 10, 100, 400))
        return (names[over], scale[0 if score == 0 else 1 + step(score, 100, 400)])

    scores = [score for score in around(0, 10, 100, 400) if score >= 0]
    agree("agatston", {"score": [*scores, 1, 11, 99, 101, 399, 401]}, expected, record_property)


@pytest.mark.parametrize("bad", [{"slice_thickness_mm": 2.5}, {"slice_thickness_mm": 3.1}, {"tube_kv": 100},
                                 {"tube_kv": 140}, {"contrast": True}])  # fmt: skip
def test_agatston_is_for_3_mm_120_kv_and_no_contrast(bad):
    assert said("agatston", {"score": 50, **bad}) == "not applicable"
    assert said("agatston", {"score": 50, "slice_thickness_mm": 3, "tube_kv": 120, "contrast": False})[0].startswith(
        "mild"
    )


def test_cac_drs(record_property):
    def expected(score, calcified_vessels):
        if calcified_vessels is not None and (score > 0) != (calcified_vessels > 0):
            return "contradiction"
        vessels = () if calcified_vessels is None else (f"N{calcified_vessels}",)
        return (f"CAC-DRS {0 if score == 0 else 1 + step(score, 100, 300)}", *vessels)

    scores = [*around(100, 300), 1, 99, 299]
    agree("cac-drs", {"score": scores, "calcified_vessels": [None, 0, 1, 2, 3, 4]}, expected, record_property)


def test_the_cardiothoracic_ratio(record_property):
    def expected(group, ratio, **rest):
        return ("enlarged" if ratio > {"adult": 0.5, "infant": 0.6, "neonate": 0.66}[group] else "within the limit",)

    axes = {"view": ["PA"], "group": ["adult", "infant", "neonate"], "ratio": around(0.5, 0.6, 0.66, high=1.0)}
    agree("cardiothoracic-ratio", axes, expected, record_property)


def test_a_heart_is_not_judged_on_ap_views_lying_or_without_breath_in():
    heart = {"group": "adult", "heart_mm": 160, "thorax_mm": 300}
    assert said("cardiothoracic-ratio", {**heart, "view": "PA"}) == ("enlarged",)
    assert said("cardiothoracic-ratio", heart) == "needs"
    for bad in ({"view": "AP"}, {"view": "PA", "erect": False}, {"view": "PA", "inspiration": False}):
        assert said("cardiothoracic-ratio", {**heart, **bad}) == "not applicable"
    assert said("cardiothoracic-ratio", {**heart, "view": "PA", "thorax_mm": 150}) == "contradiction"


def test_the_cobb_angle(record_property):
    def expected(cobb_deg):
        if cobb_deg < 10:
            return ("no scoliosis", "no scoliosis")
        degree = "mild" if cobb_deg < 25 else "moderate" if cobb_deg <= 40 else "severe"
        degree += ", surgery is considered" if cobb_deg > 50 else ""
        return (degree, "low" if cobb_deg <= 20 else "moderate" if cobb_deg <= 40 else "severe")

    agree("cobb", {"cobb_deg": [*around(10, 20, 25, 40, 50), 21, 41]}, expected, record_property)
    assert said("cobb-progression", {"cobb_deg": 24.9, "previous_cobb_deg": 20}) == ("within the error of measurement",)
    assert said("cobb-progression", {"cobb_deg": 25, "previous_cobb_deg": 20}) == ("progression",)


def test_t_scores_and_z_scores(record_property):
    def expected(group, t_score, z_score, fragility_fracture):
        if group == "other":
            beyond = "below the expected range for age; no diagnosis from density alone"
            return (beyond if z_score <= -2 else "within the expected range for age",)
        if t_score <= -2.5:
            return ("severe osteoporosis" if fragility_fracture else "osteoporosis",)
        return ("normal" if t_score >= -1 else "low bone mass",)

    axes = {"group": ["postmenopausal", "man-from-50", "other"], "t_score": around(-2.5, -1, low=-5),
            "z_score": around(-2, low=-5), "fragility_fracture": [None, *YES]}  # fmt: skip
    agree("t-score", axes, expected, record_property)


def test_bi_rads(record_property):
    tissue = "tissue diagnosis"
    table = {"0": ("additional imaging or prior examinations", "not given"), "1": ("routine screening", "about 0 %"),
             "2": ("routine screening", "about 0 %"), "3": ("short-interval follow-up (6 months)", "above 0 to 2 %"),
             "4": (tissue, "above 2 to below 95 %"), "4A": (tissue, "above 2 to 10 %"), "4B": (tissue, "above 10 to 50 %"),
             "4C": (tissue, "above 50 to below 95 %"), "5": (tissue, "95 % and more"),
             "6": ("surgical excision when appropriate", "known cancer")}  # fmt: skip
    agree("bi-rads", {"assessment": list(table)}, lambda assessment: table[assessment], record_property)


def target(baseline_sum_mm, nadir_sum_mm, sum_mm, all_gone):
    if all_gone:
        return "CR"
    if sum_mm - nadir_sum_mm >= 5 and (sum_mm - nadir_sum_mm) * 5 >= nadir_sum_mm:
        return "PD"
    return "PR" if (baseline_sum_mm - sum_mm) * 10 >= 3 * baseline_sum_mm else "SD"


def recist(non_target, new_lesions, **sums):
    if sums["nadir_sum_mm"] > sums["baseline_sum_mm"]:
        return "contradiction"
    found = target(**sums)
    if new_lesions or non_target == "progressing":
        return (found, "PD")
    return (found, "PR" if found == "CR" and non_target in ("persisting", "not-evaluated") else found)


def test_recist(record_property):
    axes = {"baseline_sum_mm": [20, 100], "nadir_sum_mm": [10, 20, 30, 50, 100],
            "sum_mm": [0, 5, 12, 14, 15, 24, 25, 35, 36, 54, 55, 60, 69, 70, 71, 105, 119, 120, 121], "all_gone": YES,
            "non_target": ["none", "gone", "persisting", "not-evaluated", "progressing"], "new_lesions": YES}  # fmt: skip
    agree("recist", axes, recist, record_property)


def test_aspects_loses_a_point_for_each_region():
    regions = ["C", "L", "IC", "I", "M1", "M2", "M3", "M4", "M5", "M6"]
    assert said("aspects", {"affected": "none"}) == (10.0, "no early ischaemic change")
    for count in range(1, 11):
        extent = "limited (6 to 9)" if count <= 4 else "extensive (below 6)"
        assert said("aspects", {"affected": regions[:count]}) == (10.0 - count, extent)
    assert said("aspects", {"affected": "none", "territory": "other"}) == "not applicable"
