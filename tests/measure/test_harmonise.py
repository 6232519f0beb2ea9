import numpy as np
import pytest

from radiolucent.core import InputError
from radiolucent.measure.harmonise import Combat, batch_effect

SITE = np.array([0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2])
AGE = np.array([41, 55, 63, 38, 70, 66, 52, 47, 59, 35, 61, 44])
TABLE = np.array(
    [
        [0.0, 9.1, 10.0, 19.1], [7.0, 20.5, 6.0, 19.5], [14.0, 14.3, 2.0, 19.3], [4.0, 4.8, 15.0, 15.8],
        [11.0, 18.0, 11.0, 18.0], [4.8, 17.5, 14.4, 27.1], [13.2, 27.8, 9.6, 24.2], [21.6, 18.8, 25.2, 22.4],
        [9.6, 11.9, 20.4, 22.7], [25.2, 30.1, 25.2, 30.1], [11.2, 23.9, 19.6, 32.3], [21.0, 35.6, 14.0, 28.6],
    ]
)  # fmt: skip
NEUROCOMBAT = np.array(
    [
        [5.444013, 15.63354, 15.872067, 23.6156], [12.297253, 26.672494, 11.955553, 24.006987],
        [19.150493, 20.668852, 8.039039, 23.811294], [9.36015, 11.469723, 20.76771, 20.386658],
        [16.21339, 24.251671, 16.851196, 22.539286], [5.349246, 17.010949, 13.026966, 25.81447],
        [11.852354, 24.990132, 9.317868, 23.572799], [18.355462, 18.01803, 21.372438, 22.181417],
        [9.065308, 12.672751, 17.66334, 22.413314], [16.461805, 19.365201, 18.464524, 23.53915],
        [4.373401, 13.984916, 13.612213, 25.440683], [12.835283, 24.138035, 8.759901, 22.242651],
    ]
)  # fmt: skip
"""What neuroCombat 0.2.12 (MIT) makes of `TABLE`."""
NEUROCOMBAT_WITH_AGE = np.array(
    [
        [5.582043, 15.669214, 15.707968, 23.714628], [12.126283, 26.573496, 11.763333, 24.159457],
        [18.694774, 20.705635, 7.868112, 24.009556], [9.366069, 11.56533, 20.519342, 20.588641],
        [15.837556, 24.254582, 16.42646, 22.817659], [5.013739, 17.348635, 12.228915, 26.164448],
        [11.819989, 25.15508, 9.083644, 23.63641], [18.488995, 18.02359, 21.455781, 22.134991],
        [8.887775, 12.841233, 17.203576, 22.590146], [17.33363, 18.802329, 20.249174, 22.741457],
        [4.632735, 13.511159, 14.711722, 24.941479], [13.514273, 23.784849, 10.06746, 21.478923],
    ]
)  # fmt: skip


def cohort(seed, per_site=60, features=30):
    """Features that hold the patient's truth, and what two of three sites add and stretch."""
    random = np.random.default_rng(seed)
    site = np.repeat(["a", "b", "c"], per_site)
    truth = random.normal(size=len(site))
    clean = random.normal(size=features) * truth[:, None] + random.normal(size=(len(site), features)) + 10
    shift, stretch = random.normal(0, 2, (3, features)), random.uniform(0.5, 2, (3, features))
    code = np.searchsorted(["a", "b", "c"], site)
    return clean * stretch[code] + shift[code] * 3, site, truth


@pytest.mark.parametrize(("covariates", "expected"), [(None, NEUROCOMBAT), (AGE, NEUROCOMBAT_WITH_AGE)])
def test_a_table_comes_out_as_from_neurocombat(covariates, expected):
    fitted = Combat().fit(TABLE, batch=SITE, covariates=covariates)
    assert np.allclose(fitted.transform(TABLE, batch=SITE, covariates=covariates), expected, atol=1e-4)


def test_the_mark_of_the_site_goes_and_the_truth_stays():
    table, site, truth = cohort(0)
    made = Combat().fit(table, batch=site, covariates=truth).transform(table, batch=site, covariates=truth)
    assert np.median(batch_effect(table, site)[0]) > 0.5
    assert np.median(batch_effect(made, site)[0]) < 0.02
    before, after = (np.abs([np.corrcoef(truth, column)[0, 1] for column in t.T]).mean() for t in (table, made))
    assert after > before


def test_rows_that_were_not_fitted_are_brought_to_the_same_scale():
    table, site, _ = cohort(1, per_site=200)
    train = np.arange(len(site)) % 2 == 0
    fitted = Combat().fit(table[train], batch=site[train])
    made = fitted.transform(table[~train], batch=site[~train])
    assert np.median(batch_effect(made, site[~train])[0]) < 0.02
    alone = fitted.transform(table[~train][:1], batch=site[~train][:1])
    assert np.allclose(alone, made[:1])


def test_a_constant_feature_stays_as_it_is():
    table = np.column_stack([TABLE, np.full(len(TABLE), 4.2)])
    made = Combat().fit(table, batch=SITE).transform(table, batch=SITE)
    assert (made[:, -1] == 4.2).all()
    assert np.allclose(made[:, :-1], Combat().fit(TABLE, batch=SITE).transform(TABLE, batch=SITE))


def test_one_feature_alone_is_brought_to_one_mean():
    made = Combat().fit(TABLE[:, :1], batch=SITE).transform(TABLE[:, :1], batch=SITE)
    means = [made[one == SITE].mean() for one in range(3)]
    assert np.allclose(means, means[0])


def test_batches_without_an_effect_are_not_found_to_have_one():
    random = np.random.default_rng(3)
    share, p = batch_effect(random.normal(size=(90, 200)), np.repeat([0, 1, 2], 30))
    assert np.median(share) < 0.05
    assert (p < 0.05).mean() < 0.02


@pytest.mark.parametrize(
    ("table", "batch", "covariates", "says"),
    [
        (TABLE, np.r_[SITE[:-1], 3], None, "has one row"),
        (TABLE, SITE, SITE == 1, "cannot be told apart"),
        (np.where(TABLE > 30, np.nan, TABLE), SITE, None, "gaps"),
        (TABLE, SITE[:5], None, "n batches"),
    ],
)
def test_what_cannot_be_harmonised_says_why(table, batch, covariates, says):
    with pytest.raises(InputError, match=says):
        Combat().fit(table, batch=batch, covariates=covariates)


def test_a_site_that_was_not_fitted_is_named():
    fitted = Combat().fit(TABLE, batch=SITE)
    with pytest.raises(InputError, match=r"batch 7 was not among those fitted \(0, 1, 2\)"):
        fitted.transform(TABLE[:1], batch=np.array([7]))


def test_other_columns_than_fitted_are_refused():
    fitted = Combat().fit(TABLE, batch=SITE)
    with pytest.raises(InputError, match="3 features and 0 covariates are given, 4 and 0 were fitted"):
        fitted.transform(TABLE[:, :3], batch=SITE)
