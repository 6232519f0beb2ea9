"""The page of a generator tells its figures beside those of real pictures, and a copier as one."""

import copy

import pytest

from radiolucent.report.generated import generated_page
from radiolucent.report.study import Picture

DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c6360000000020001e221bc330000000049454e44ae426082"
)


def figure(value):
    return {"value": value, "low": value - 0.01, "high": value + 0.01}


def row(kid):
    return {"kid": figure(kid), "frechet": figure(2.0), "precision": figure(0.7), "recall": figure(0.6)}


TOLD = {
    "radiolucent": "0.1.0",
    "asked": {"kind": "wgan-gp", "steps": 3000, "batch": 32, "width": 24, "seed": 0},
    "n": {"training": 546, "held_out": 78, "test": 156},
    "patients_known": False,
    "size": 28,
    "fit_s": 600.0,
    "embedding": {"n": 546, "dimensions": 96, "auc": 0.91},
    "quality": {
        "n": 273,
        "splits": 10,
        "rows": {"real": row(0.0), "classic": row(0.01), "blurred": row(0.4), "generated": row(0.1)},
        "whole": {"held_out": {"n": 78, "kid": figure(0.02)}, "generated": {"n": 546, "kid": figure(0.1)}},
    },
    "copied": {
        "n": 546, "n_training": 546, "n_held_out": 78, "share": 0.88, "expected": 0.875, "low": 0.8, "high": 0.93, "p": 0.4,
        "nearest_training": 1.0, "nearest_held_out": 1.1, "held_out_training": 1.0,
    },
    "downstream": {"n": 156, "patients": 156, "seeds": [1, 2], "synthetic": 1.0},
}  # fmt: skip
ARMS = ("real", "classic", "generated", "both")
PAIRS = (("classic", "real"), ("generated", "real"), ("generated", "classic"), ("both", "classic"))
TOLD["downstream"]["arms"] = {name: {"auc": figure(0.9), "sd": 0.01, "per_seed": [0.89, 0.91]} for name in ARMS}
TOLD["downstream"]["differences"] = [{"a": a, "b": b, "auc": figure(0.0), "p": 0.8} for a, b in PAIRS]


def page(**changed):
    told = copy.deepcopy(TOLD)
    for path, value in changed.items():
        at, key = told, path.split("__")
        for word in key[:-1]:
            at = at[word]
        at[key[-1]] = value
    return generated_page(told, {"ill": (DOT, DOT)}, [Picture(DOT, "12.3")])


def test_the_title_tells_kid_beside_its_floor_copying_and_gain():
    made = page()
    assert "lie at KID 0.100 from real ones (real against real: 0.000), learned from 546 images" in made
    assert "no copying was found" in made
    assert "gains or loses nothing" in made
    assert "shows no patient" in made


def test_every_reference_stands_beside_the_generated_pictures():
    made = page()
    for words in (
        "Real: the other half (floor)",
        "classic augmentation",
        "Real, blurred",
        "ill: generated",
        "12.3 apart",
    ):
        assert words in made


def test_a_copier_and_a_loss_are_said_plainly():
    made = page(copied__p=0.001)
    assert "training pictures were copied" in made
    assert "do not give its pictures away" in made
    worse = copy.deepcopy(TOLD["downstream"])
    worse["differences"][-1]["auc"] = figure(-0.05)
    assert "a classifier loses by them" in page(downstream=worse)
    worse["differences"][-1]["auc"] = figure(0.05)
    assert "a classifier gains by them" in page(downstream=worse)


def test_what_was_not_measured_is_said():
    assert "what a classifier gains by them was not measured" in page(downstream=None)


@pytest.mark.parametrize(("known", "says"), [(True, "of other patients"), (False, "the patients are unknown")])
def test_the_methods_say_whether_patients_were_known(known, says):
    assert says in page(patients_known=known)
