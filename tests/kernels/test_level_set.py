"""Chan and Vese's level set is scikit-image's; Li's moves as its equation says."""

import numpy as np
import pytest
from skimage import data
from skimage.segmentation import chan_vese as theirs

from radiolucent.kernels.level_set import chan_vese, drlse


@pytest.mark.parametrize(("mu", "rounds"), [(0.25, 30), (0.1, 80), (1.0, 30)])
def test_the_same_parameters_give_scikit_images_regions(mu, rounds):
    picture = data.camera()[::4, ::4].astype(float)
    picture = (picture - picture.min()) / np.ptp(picture)
    y, x = np.mgrid[: picture.shape[0], : picture.shape[1]]
    phi = np.sin(np.pi / 5 * y) * np.sin(np.pi / 5 * x)
    ours, course = chan_vese(picture, phi, (1.0, 1.0), mu=mu, dt=0.5, tolerance=1e-9, rounds=rounds)
    expected = theirs(picture, mu=mu, tol=1e-9, max_num_iter=rounds, dt=0.5, init_level_set=phi)
    assert len(course) == rounds
    assert ((ours > 0) == expected).mean() > 0.999


def test_a_volume_of_equal_slices_moves_like_its_slice():
    rng = np.random.default_rng(0)
    picture, phi = rng.random((12, 13)), rng.normal(size=(12, 13))
    flat, _ = chan_vese(picture, phi, (1.0, 1.0), mu=0.2, dt=0.5, tolerance=1e-9, rounds=5)
    deep, _ = chan_vese(
        np.stack([picture] * 3), np.stack([phi] * 3), (2.0, 1.0, 1.0), mu=0.2, dt=0.5, tolerance=1e-9, rounds=5
    )
    np.testing.assert_allclose(deep[1] > 0, flat > 0)


def by_equation(edge, phi, spacing, length, area, regular, dt):
    """One round, with numpy's gradients."""
    axes = range(phi.ndim)
    first = [np.gradient(phi, spacing[k], axis=k) for k in axes]
    steep = np.sqrt(sum(d**2 for d in first))
    inner = np.where(steep > 0, np.sin(2 * np.pi * steep) / (2 * np.pi * np.where(steep > 0, steep, 1)), 1)
    rate = np.where(steep <= 1, inner, 1 - 1 / np.maximum(steep, 1))
    normal = [d / (steep + 1e-10) for d in first]
    curved = sum(np.gradient(normal[k], spacing[k], axis=k) for k in axes)
    pull = sum(np.gradient(edge, spacing[k], axis=k) * normal[k] for k in axes)
    flow = sum(np.gradient((rate - 1) * first[k], spacing[k], axis=k) for k in axes)
    wide = [np.pad(phi, [(1, 1) if a == k else (0, 0) for a in axes], mode="edge") for k in axes]
    laplace = sum(np.diff(w, 2, axis=k) / spacing[k] ** 2 for k, w in zip(axes, wide, strict=True))
    delta = np.where(np.abs(phi) <= 1.5, (1 + np.cos(np.pi / 1.5 * phi)) / 3, 0)
    return phi + dt * (regular * (flow + laplace) + delta * (length * (pull + edge * curved) + area * edge))


@pytest.mark.parametrize(("shape", "spacing"), [((14, 15), (1.0, 1.0)), ((6, 7, 8), (2.0, 1.0, 1.0))])
def test_a_step_is_the_equations(shape, spacing):
    rng = np.random.default_rng(1)
    edge, phi = rng.random(shape), rng.normal(0, 1.5, shape)
    ours, _ = drlse(edge, phi, spacing, length=3.0, area=1.0, regular=0.1, dt=0.5, rounds=1)
    expected = by_equation(edge.astype("f4"), phi.astype("f4"), spacing, 3.0, 1.0, 0.1, 0.5)
    np.testing.assert_allclose(ours, expected, atol=1e-4)


def test_a_surface_shrinks_onto_a_disc_and_rests_there():
    y, x = np.indices((64, 64))
    away = np.hypot(y - 31.5, x - 31.5)
    edge = 1 / (1 + 50 * np.exp(-((away - 15) ** 2) / 4))
    phi = np.where((np.abs(y - 31.5) < 26) & (np.abs(x - 31.5) < 26), -2.0, 2.0)
    found, rounds = drlse(edge, phi, (1.0, 1.0), length=5.0, area=1.5, regular=0.1, dt=1.0, rounds=600)
    assert rounds < 600
    assert np.sqrt((found < 0).sum() / np.pi) == pytest.approx(15, abs=1.5)
