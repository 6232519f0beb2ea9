import numpy as np
import pytest
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.pipeline import make_pipeline

from radiolucent.core import InputError
from radiolucent.learn import Rows, forest


class Sums(TransformerMixin, BaseEstimator):
    """Stands for a vocabulary: remembers how many pictures it was fitted on."""

    def fit(self, X, y=None):
        self.seen_ = len(X)
        return self

    def transform(self, X):
        return X.astype(float).sum(axis=1)


def rows(n=700, seed=0):
    random = np.random.default_rng(seed)
    made = np.zeros(n, [("descriptors", "u1", (5, 16)), ("statistics", "f4", (3,))])
    made["descriptors"] = random.integers(0, 255, (n, 5, 16))
    made["statistics"] = random.normal(size=(n, 3))
    return made


def test_words_come_first_and_statistics_after_them():
    X = rows()
    table = Rows(Sums()).fit(X).transform(X)
    assert table.dtype == np.float32
    np.testing.assert_array_equal(table[:, :16], X["descriptors"].astype(float).sum(axis=1))
    np.testing.assert_array_equal(table[:, 16:], X["statistics"])


def test_the_words_are_fitted_on_the_rows_given_to_fit_and_the_given_object_is_untouched():
    words = Sums()
    joined = Rows(words).fit(rows()[:50])
    assert joined.words_.seen_ == 50
    assert not hasattr(words, "seen_")


def test_a_memory_map_gives_the_same_table(tmp_path):
    X = rows()
    np.save(tmp_path / "rows.npy", X)
    mapped = np.load(tmp_path / "rows.npy", mmap_mode="r")
    np.testing.assert_array_equal(Rows(Sums()).fit(mapped).transform(mapped), Rows(Sums()).fit(X).transform(X))


def test_a_statistic_that_is_not_finite_becomes_zero():
    X = rows(4)
    X["statistics"][1] = [np.nan, np.inf, 1]
    assert Rows(Sums()).fit(X).transform(X)[1, 16:].tolist() == [0, 0, 1]


def test_no_rows_give_an_empty_table():
    assert Rows(Sums()).fit(rows()).transform(rows(0)).shape == (0, 19)


def test_columns_bear_names():
    names = Rows(Sums(), statistics=("mean", "sd", "skew")).fit(rows()).get_feature_names_out()
    assert names[0] == "word_0"
    assert names[-3:].tolist() == ["mean", "sd", "skew"]


def test_the_wrong_number_of_names_is_refused():
    with pytest.raises(InputError, match="2 names were given for 3 statistics"):
        Rows(Sums(), statistics=("mean", "sd")).fit(rows())


@pytest.mark.parametrize("X", [np.zeros((3, 4)), np.zeros(3, [("statistics", "f4", (2,))]), [[1, 2]]])
def test_anything_but_rows_is_refused(X):
    with pytest.raises(InputError, match="'descriptors' and 'statistics'"):
        Rows(Sums()).fit(X)


def test_rows_can_be_cloned_and_put_before_a_classifier():
    X, y = rows(60), np.arange(60) % 2
    assert make_pipeline(clone(Rows(Sums())), forest(seed=0)).fit(X, y).predict_proba(X).shape == (60, 2)


def test_columns_keep_their_gaps_and_the_site_comes_last():
    dtype = [("statistics", "f4", (2,)), ("columns", "f8", (2,)), ("site", "i4")]
    X = np.zeros(3, dtype)
    X["statistics"][0] = np.nan
    X["columns"] = [[1, np.nan], [3, 4], [5, 6]]
    X["site"] = [0, -1, 1]
    rows = Rows(None, statistics=("a", "b"), columns=("c", "d")).fit(X)
    assert rows.get_feature_names_out().tolist() == ["a", "b", "c", "d", "site"]
    np.testing.assert_array_equal(rows.transform(X), [[0, 0, 1, np.nan, 0], [0, 0, 3, 4, -1], [0, 0, 5, 6, 1]])


def test_without_words_no_descriptors_are_needed():
    X = np.ones(4, [("statistics", "f4", (3,))])
    assert Rows(None).fit(X).transform(X).shape == (4, 3)
    with pytest.raises(InputError, match="need the fields 'statistics'"):
        Rows(None).fit(np.ones(4, [("other", "f4")]))
