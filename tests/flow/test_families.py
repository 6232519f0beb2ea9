import numpy as np
from sklearn.linear_model import LogisticRegression

from radiolucent.flow.families import ByFamily, family


def test_columns_belong_to_families():
    assert [family(name) for name in ("word_3", "lbp_0", "glcm_contrast_1", "hog_0_0_1", "pixel_2_3", "skewness")] == [
        "keypoint words",
        "texture",
        "texture",
        "gradients",
        "coarse picture",
        "intensity",
    ]


def test_rows_that_take_every_family_from_themselves_are_predicted_as_they_are():
    random = np.random.default_rng(0)
    table = random.normal(size=(40, 4))
    model = LogisticRegression().fit(table, table[:, 0] > 0)
    view = ByFamily(model, table, ["word_0", "lbp_0", "word_1", "mean"]).fit()
    assert view.families_ == ("keypoint words", "texture", "intensity")
    assert (view.predict_proba(view.rows(np.arange(40))) == model.predict_proba(table)).all()


def test_a_family_from_another_row_changes_only_its_own_columns():
    table = np.arange(8.0).reshape(2, 4)

    class Echo:
        classes_ = np.array([0, 1])

        def predict_proba(self, X):
            return X

    view = ByFamily(Echo(), table, ["word_0", "lbp_0", "word_1", "mean"]).fit()
    assert view.predict_proba(np.array([[1, 0, 0]])).tolist() == [[4, 1, 6, 3]]
