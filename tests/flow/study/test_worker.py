import numpy as np
import pandas as pd

from radiolucent.flow.study.worker import SEEDS, inputs, peak_mb, seed_of, take


def test_every_candidate_and_fold_has_a_seed_of_its_own_that_stays_the_same():
    seeds = {seed_of(1, name, fold) for name in ("svm", "cnn") for fold in range(5)}
    assert len(seeds) == 10
    assert all(0 <= seed < SEEDS for seed in seeds)
    assert seed_of(1, "svm", 2) == seed_of(1, "svm", 2)
    assert seed_of(1, "svm", 2) != seed_of(2, "svm", 2)


def test_peak_memory_is_told_in_megabytes():
    assert 10 < peak_mb() < 100_000


def test_a_net_that_joins_both_is_handed_pictures_with_their_rows_of_the_table(tmp_path):
    np.save(tmp_path / "pictures.npy", np.arange(5, dtype=np.uint8)[:, None, None] * np.ones((5, 8, 8), np.uint8))
    pd.DataFrame({"age": [50.0, 51, 52, 53, 54]}).to_parquet(tmp_path / "table.parquet")
    some = take(inputs(tmp_path, "fusion"), np.array([4, 1]))
    assert some.pictures[:, 0, 0].tolist() == [4, 1]
    assert some.table["age"].tolist() == [54, 51]
