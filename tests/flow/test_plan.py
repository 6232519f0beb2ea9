"""Plans and histories as text and back."""

import json
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radiolucent.core import Case, InputError, Step
from radiolucent.flow.plan import FIELDS, content_of, dump, is_history, parse, plain, read_plan
from radiolucent.flow.run import replay, run
from radiolucent.testing import specimen

PLAN = """
[[steps]]
op = "process.gaussian"
image = "raw"
into = "smooth"
sigma_mm = 1.5

[[steps]]
op = "segment.otsu"
image = "smooth"
"""

STEPS = (
    Step("process.gaussian", {"sigma_mm": 1.5}, {"image": "raw"}, "smooth"),
    Step("segment.otsu", {}, {"image": "smooth"}),
)


def test_a_plan_in_toml_is_a_tuple_of_steps():
    assert parse(PLAN, suffix=".toml") == STEPS


@pytest.mark.parametrize("suffix", [".toml", ".json"])
def test_a_plan_survives_writing_and_reading(suffix):
    assert parse(dump(STEPS, suffix=suffix), suffix=suffix) == STEPS


@pytest.mark.parametrize("suffix", [".toml", ".json"])
def test_a_history_survives_with_everything_filled_in(suffix):
    history = (
        Step(
            "read.load",
            {"path": 'a "b"/c\\d.png', "spacing_mm": (0.5, 0.25), "case": 0},
            hashes={"path": "ab"},
            version="1",
        ),
        Step("read.mask", {"path": "m.nii.gz"}, into="mask", hashes={"path": "cd"}, version="1"),
        Step("measure.intensity", {"label": 1, "bins": 32}, {"image": "raw", "mask": "mask"}, "i", "1", {}, None),
    )
    assert parse(dump(history, suffix=suffix), suffix=suffix) == history
    assert is_history(history)
    assert not is_history(STEPS)


def test_a_json_plan_may_be_a_bare_list():
    assert parse('[{"op": "segment.otsu"}]', suffix=".json") == (Step("segment.otsu"),)


def test_what_is_said_about_a_history_stands_beside_its_steps():
    text = dump(STEPS, suffix=".toml", about={"fingerprint": "f00"})
    assert content_of(text, suffix=".toml")["fingerprint"] == "f00"
    assert parse(text, suffix=".toml") == STEPS


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r"), min_size=1))
def test_any_text_survives_in_toml(text):
    step = Step("read.mask", {"path": text}, into="mask")
    assert parse(dump([step], suffix=".toml"), suffix=".toml") == (step,)


@pytest.mark.parametrize(
    ("text", "suffix", "says"),
    [
        ("steps = 3", ".toml", r"a plan is a list of \[\[steps\]\]"),
        ("[[steps]", ".toml", "not valid TOML"),
        ("{", ".json", "not valid JSON"),
        ("3", ".json", "a plan is a list of steps"),
        ("steps: []", ".yaml", r"TOML \(\.toml\) or JSON \(\.json\), not '\.yaml'"),
        ("[[steps]]\ninto = 'a'", ".toml", "step 1: a step is a table with an `op`"),
        (PLAN + "[[steps]]\nop = 'process.gausian'", ".toml", r"step 3: .*did you mean 'process\.gaussian'"),
        ("[[steps]]\nop = 'process.gaussian'\nsigma = 2", ".toml", r"step 1: .*'sigma'; did you mean 'sigma_mm'"),
        ("[[steps]]\nop = 'process.gaussian'\nimage = 2", ".toml", "image must be a name in the case, got 2"),
        ("[[steps]]\nop = 'process.gaussian'\ninputs = {mask = 'a'}", ".toml", "no input of process.gaussian 'mask'"),
        ("[[steps]]\nop = 'process.gaussian'\nargs = 3", ".toml", "`args` must be a table"),
        ("[[steps]]\nop = 'segment.otsu'\ninto = 3", ".toml", "`into` must be text, got 3"),
        ("[[steps]]\nop = 'segment.otsu'\nseed = 'a'", ".toml", "`seed` must be a whole number, got 'a'"),
        ("[[steps]]\nop = 'read.load'\nfile = 'a'", ".toml", "no argument of read.load 'file'"),
    ],
)
def test_a_plan_that_cannot_be_understood_says_where_and_why(text, suffix, says):
    with pytest.raises(InputError, match=says):
        parse(text, suffix=suffix)


def test_a_plan_file_is_named_in_its_errors(tmp_path):
    with pytest.raises(InputError, match=r"plan .*none\.toml: No such file"):
        read_plan(tmp_path / "none.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match=r"bytes\.toml: not a text file"):
        read_plan(tmp_path / "bytes.toml")
    (tmp_path / "bad.toml").write_text("[[steps]]\nop = 'process.nothing'")
    with pytest.raises(InputError, match=r"bad\.toml: step 1: there is no operation"):
        read_plan(tmp_path / "bad.toml")
    (tmp_path / "plan.toml").write_text(PLAN)
    assert read_plan(tmp_path / "plan.toml") == STEPS


def test_toml_leaves_nothing_out_but_what_is_nothing_by_default():
    step = Step("measure.hog", {"slice_index": None, "cells": 4})
    assert parse(dump([step], suffix=".toml"), suffix=".toml") == (Step("measure.hog", {"cells": 4}),)
    with pytest.raises(InputError, match=r"cells = None cannot be written as TOML; write \.json"):
        dump([Step("measure.hog", {"cells": None})], suffix=".toml")
    with pytest.raises(InputError, match=r"written as \.toml or \.json"):
        dump(STEPS, suffix=".yaml")


def test_a_step_keeps_plain_values_only():
    assert plain({"a": (np.float64(1.5), np.int64(2))}) == {"a": [1.5, 2]}
    assert json.loads(dump([Step("segment.otsu", {"a": (1, 2)})], suffix=".json"))["steps"][0]["args"] == {"a": [1, 2]}
    with pytest.raises(InputError, match="not ndarray"):
        plain(np.zeros(3))
    with pytest.raises(InputError, match="only finite numbers"):
        dump([Step("segment.otsu", {"a": [np.float64("inf")]})], suffix=".toml")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | st.text("ab-", max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text("ab-", max_size=3), inner, max_size=2),
    max_leaves=4,
)
WORDS = st.sampled_from([*FIELDS, "image", "sigma_mm", "path", "spacing_mm", "case", "x"])


@settings(deadline=None)
@given(
    st.dictionaries(WORDS, VALUES, max_size=4),
    st.sampled_from(["process.gaussian", "segment.otsu", "read.load", "read.mask", "process.clahe"]),
)
def test_whatever_a_plan_says_it_is_run_or_refused(entry, op):
    with suppress(InputError):  # every other exception is a defect
        steps = parse(json.dumps({"steps": [{**entry, "op": op}]}), suffix=".json")
        dump(steps, suffix=".json")
        run(Case("k", images={"raw": specimen("2-D")}), steps)


@given(st.fixed_dictionaries({}, optional={"path": VALUES, "spacing_mm": VALUES, "case": VALUES}))
def test_whatever_a_history_begins_with_it_is_read_or_refused(entry):
    with suppress(InputError):
        replay(parse(json.dumps([{**entry, "op": "read.load"}]), suffix=".json"))
