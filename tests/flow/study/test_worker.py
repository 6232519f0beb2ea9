from radiolucent.flow.study.worker import SEEDS, peak_mb, seed_of


def test_every_candidate_and_fold_has_a_seed_of_its_own_that_stays_the_same():
    seeds = {seed_of(1, name, fold) for name in ("svm", "cnn") for fold in range(5)}
    assert len(seeds) == 10
    assert all(0 <= seed < SEEDS for seed in seeds)
    assert seed_of(1, "svm", 2) == seed_of(1, "svm", 2)
    assert seed_of(1, "svm", 2) != seed_of(2, "svm", 2)


def test_peak_memory_is_told_in_megabytes():
    assert 10 < peak_mb() < 100_000
