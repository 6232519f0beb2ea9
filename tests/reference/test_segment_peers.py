"""Segmenters beside scikit-image and scikit-learn with the same parameters, on pictures that ship with scikit-image."""

import numpy as np
import pytest
from scipy import ndimage
from skimage import data, draw, feature, filters
from skimage import segmentation as theirs
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture

from radiolucent import segment
from radiolucent.core import Grid, Image, Mask
from radiolucent.kernels.edges import canny, gradients
from radiolucent.kernels.geodesic import evolve
from radiolucent.segment.contour import _outline

LEAST = 0.99


def picture(name):
    array = getattr(data, name)()[::2, ::2]
    array = array + np.random.default_rng(0).random(array.shape)  # so that no grey values are equal
    return Image(array.astype(np.float32), Grid(array.shape, "yx", (1.0, 1.0)))


def dice(found, expected):
    """The least over the labels of the other."""
    return min(
        2 * ((found == k) & (expected == k)).sum() / ((found == k).sum() + (expected == k).sum())
        for k in np.unique(expected)
    )


def by_mean(labels, values):
    order = np.argsort(np.argsort([values[labels == k].mean() for k in np.unique(labels)]))
    return order[np.unique(labels, return_inverse=True)[1]].reshape(labels.shape) + 1


def sorted_by(fitted, image):
    labels = fitted.fit_predict(image.array.reshape(-1, 1)).reshape(image.array.shape)
    return by_mean(labels, image.array)


def quantiles(image):
    return np.quantile(image.array.reshape(-1, 1), [1 / 6, 1 / 2, 5 / 6], axis=0)


def edges_of(image):
    soft = ndimage.gaussian_filter(image.array.astype(float), 1.5)
    top = np.hypot(ndimage.sobel(soft, 0), ndimage.sobel(soft, 1)).max()
    scaled = image.array.astype(float) / 255
    return feature.canny(scaled, 1.5, 0.1 * top / 255, 0.3 * top / 255, mode="reflect")


def moved(image):
    edge = theirs.inverse_gaussian_gradient(image.array / 255.0, sigma=2)
    start = np.zeros(edge.shape, np.int8)
    start[20:-20, 20:-20] = 1
    ours, _ = evolve(edge, start, balloon=-1.0, threshold=0.6, smoothing=1, rounds=40)
    return ours, theirs.morphological_geodesic_active_contour(edge, 40, start, 1, 0.6, -1)


def drawn(image):
    y, x = np.indices(image.array.shape)
    start = Mask((np.hypot(y - 50, x - 110) < 30).astype(np.uint8), image.grid)
    steep = np.hypot(*gradients(image.array, (1.0, 1.0), 2.0)).astype(float)
    outline = _outline(start.array > 0, (1.0, 1.0))
    options = {"w_line": 1, "w_edge": 0, "gamma": 0.1, "max_num_iter": 300}
    rest = theirs.active_contour(steep / steep.max(), outline, 0.02, 0.5, **options)
    return segment.snake(image, start, rounds=300).array, draw.polygon2mask(image.array.shape, rest)


CASES = {
    "multi-Otsu": lambda i: (
        segment.multi_otsu(i, classes=4).array, np.digitize(i.array, filters.threshold_multiotsu(i.array, 4)) + 1
    ),
    "Sauvola": lambda i: (
        segment.sauvola(i, bright=False).array,
        unit(i) < filters.threshold_sauvola(unit(i), 15, r=0.5),
    ),
    "Canny's edges": lambda i: (canny(i.array, (1.0, 1.0), 1.5, 0.1, 0.3), edges_of(i)),
    "geodesic contour": moved,
    "snake": drawn,
    "k-means": lambda i: (segment.k_means(i, rounds=300).array, sorted_by(KMeans(3, init=quantiles(i), n_init=1, max_iter=300), i)),
    "Gaussian mixture": lambda i: (
        segment.gaussian_mixture(i, classes=2, rounds=2000).array,
        sorted_by(GaussianMixture(2, tol=1e-7, max_iter=2000, random_state=0), i),
    ),
    "superpixels": lambda i: (
        segment.superpixels(i, width_mm=8.0, merge=False).array,
        by_mean(theirs.slic(i.array, round(i.array.size / 64), 0.2, spacing=[1.0, 1.0], channel_axis=None), i.array),
    ),
    **{
        f"threshold: {rule}": lambda i, rule=rule: (
            segment.threshold(i, method=rule).array,
            i.array > getattr(filters, f"threshold_{rule}")(i.array),
        )
        for rule in ("li", "yen", "triangle", "isodata", "minimum")
    },
}  # fmt: skip


def unit(image):
    array = image.array.astype(float)
    return (array - array.min()) / np.ptp(array)


@pytest.mark.parametrize("name", ["camera", "coins"])
@pytest.mark.parametrize("case", CASES)
def test_regions_are_the_peers(case, name, record_property):
    try:
        found, expected = CASES[case](picture(name))
    except RuntimeError as error:  # the peer finds no valley between two peaks
        pytest.skip(str(error))
    score = float(dice(np.asarray(found, int), np.asarray(expected, int)))
    record_property("difference", 1 - score)
    assert score >= LEAST
