import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radiolucent.core import InputError
from radiolucent.flow.study.design import Design, official_split, patient_folds


def cohort(seed, patients=30, most=4):
    random = np.random.default_rng(seed)
    groups = np.repeat(np.arange(patients), random.integers(1, most + 1, patients))
    y = (groups + random.integers(0, 2, len(groups))) % 2
    return y, groups


@given(seed=st.integers(0, 1000), n_folds=st.integers(2, 5))
@settings(max_examples=20, deadline=None)
def test_no_patient_is_on_two_sides_and_every_usable_row_is_tested_once(seed, n_folds):
    y, groups = cohort(seed)
    usable = np.random.default_rng(seed).random(len(y)) > 0.1
    design = patient_folds(y, groups, usable, n_folds=n_folds, seed=seed)
    assert (design.test[:n_folds].sum(axis=0) == usable).all()
    for fit, tune, test in zip(design.fit, design.tune, design.test, strict=True):
        sides = [set(groups[rows]) for rows in (fit, tune, test)]
        assert not sides[0] & sides[1]
        assert not sides[0] & sides[2]
        assert not sides[1] & sides[2]
        assert (fit | tune | test)[~usable].sum() == 0


def test_the_last_line_fits_the_model_that_is_kept_on_all_rows():
    y, groups = cohort(3)
    design = patient_folds(y, groups, np.ones(len(y), bool), n_folds=4, seed=0)
    assert not design.test[4].any()
    assert (design.fit[4] | design.tune[4]).all()


def test_an_official_split_is_obeyed():
    y = np.tile([0, 1], 30)
    split = np.repeat(["train", "val", "test"], 20)
    design = official_split(y, np.arange(60), split, np.ones(60, bool), seed=0)
    assert (design.tested == np.arange(40, 60)).all()
    assert (np.flatnonzero(design.tune[0]) == np.arange(20, 40)).all()
    assert (design.fold_of == np.repeat([-1, -1, 0], 20)).all()


def test_an_official_split_without_validation_tunes_on_a_part_of_training():
    y = np.tile([0, 1], 30)
    split = np.repeat(["train", "train", "test"], 20)
    design = official_split(y, np.arange(60), split, np.ones(60, bool), seed=0)
    assert design.tune[0][:40].sum() == 10
    assert not (design.fit & design.tune).any()


def test_an_official_split_that_lacks_a_class_says_which_part():
    y = np.repeat([0, 1, 0], 20)
    split = np.repeat(["train", "train", "test"], 20)
    with pytest.raises(InputError, match="no test row of some class"):
        official_split(y, np.arange(60), split, np.ones(60, bool), seed=0)


def test_a_design_is_read_back_as_it_was_saved(tmp_path):
    y, groups = cohort(1)
    design = patient_folds(y, groups, np.ones(len(y), bool), n_folds=3, seed=5)
    design.save(tmp_path / "design.npz")
    again = Design.load(tmp_path / "design.npz")
    assert (again.kind, again.folds) == ("folds", 3)
    for name in ("fit", "tune", "test"):
        assert (getattr(again, name) == getattr(design, name)).all()
