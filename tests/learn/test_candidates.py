from inspect import signature

from sklearn.base import clone, is_classifier

from radiolucent.learn import CANDIDATES


def test_a_study_runs_few_candidates_unless_others_are_asked_for():
    ordinary = [name for name, candidate in CANDIDATES.items() if candidate.default]
    assert ordinary == ["svm", "forest", "boosting", "cnn", "features", "metadata"]


def test_every_classical_family_can_be_asked_for():
    assert {"svm_linear", "logistic", "elastic_net", "extra_trees", "lightgbm"} <= set(CANDIDATES)


def test_every_candidate_makes_a_classifier_that_takes_a_seed_and_can_be_cloned():
    for name, candidate in CANDIDATES.items():
        assert "seed" in signature(candidate.make).parameters
        more = {"numeric": ("age",)} if candidate.needs == "table" else {}
        made = candidate.make(seed=3, **more)
        assert is_classifier(made), name
        assert hasattr(clone(made), "fit")


def test_only_the_metadata_baseline_looks_at_metadata():
    assert [name for name, candidate in CANDIDATES.items() if candidate.needs == "table"] == ["metadata"]


def test_larger_nets_can_be_asked_for_and_take_what_the_small_one_takes():
    taken = signature(CANDIDATES["cnn"].make).parameters
    for name in ("resnet18", "efficientnet"):
        assert CANDIDATES[name].needs == "pictures"
        assert not CANDIDATES[name].default
        assert CANDIDATES[name].make().net == name
        assert set(signature(CANDIDATES[name].make).parameters) == set(taken)
