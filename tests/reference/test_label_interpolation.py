"""Masks on other grids beside SimpleITK's interpolations of labels."""

import numpy as np
import pytest
import SimpleITK as sitk  # noqa: N813

from radiolucent.core import Grid, Image, Mask
from radiolucent.process import resample_mask, resample_mask_like

UPRIGHT = ((0.0, 0.0, 1.0), (0.0, 1.0, 0.0), (1.0, 0.0, 0.0))
KINDS = {"nearest": sitk.sitkNearestNeighbor, "linear": sitk.sitkLabelLinear, "gaussian": sitk.sitkLabelGaussian}


def ellipsoids(shape=(14, 22, 18), spacing_mm=(2.5, 1.0, 1.2)) -> Mask:
    z, y, x = np.indices(shape) * np.reshape(spacing_mm, (3, 1, 1, 1))
    labels = (((z - 16) / 9) ** 2 + ((y - 9) / 6) ** 2 + ((x - 8) / 6) ** 2 < 1).astype(np.uint8)
    labels[((z - 20) / 12) ** 2 + ((y - 14) / 5) ** 2 + ((x - 15) / 4) ** 2 < 1] = 2
    labels[3, 4, 5] = 7
    return Mask(labels, Grid(shape, "zyx", spacing_mm, None, (-3.0, 4.0, 10.0), UPRIGHT), {1: "a", 2: "b", 7: "dot"})


def of_itk(array, grid: Grid):
    image = sitk.GetImageFromArray(np.asarray(array))
    image.SetSpacing(grid.spacing_mm[::-1])
    image.SetOrigin(grid.origin_mm)
    image.SetDirection(np.array(grid.direction)[::-1].T.ravel().tolist())
    return image


def theirs(mask: Mask, grid: Grid, kind: str):
    like = of_itk(np.zeros(grid.shape, np.uint8), grid)
    moved = sitk.Resample(of_itk(mask.array, mask.grid), like, sitk.Transform(), KINDS[kind], 0.0)
    return sitk.GetArrayFromImage(moved)


@pytest.mark.parametrize("kind", ["linear", "gaussian"])
@pytest.mark.parametrize("spacing_mm", [(0.83, 0.83, 0.83), (3.1, 1.7, 1.9)])
def test_labels_on_another_spacing_are_itks(kind, spacing_mm, record_property):
    """The nearest of two alike is another one in ITK, and with a shared centre there are many."""
    mask = ellipsoids()
    ours = resample_mask(mask, spacing_mm=spacing_mm, interpolation=kind)
    inside = tuple(slice(2, -2) for _ in range(3))  # beyond the outermost samples ITK puts 0
    apart = float((ours.array != theirs(mask, ours.grid, kind))[inside].mean())
    record_property("difference", apart)
    assert apart <= 2e-4


@pytest.mark.parametrize("kind", KINDS)
def test_labels_on_an_oblique_grid_are_itks(kind, record_property):
    mask = ellipsoids()
    turn = np.linalg.qr(np.array([[9.0, 1, 0], [-1, 9, 2], [1, -2, 9]]))[0]
    turn *= np.sign(np.diag(turn))
    direction = tuple(tuple(row) for row in (np.array(UPRIGHT) @ turn).tolist())
    grid = Grid((20, 24, 22), "zyx", (1.3, 0.9, 0.8), None, (-2.0, 5.0, 13.0), direction)
    ours = resample_mask_like(mask, Image(np.zeros(grid.shape, np.float32), grid), interpolation=kind)
    assert set(np.unique(ours.array)) >= {0, 1, 2}
    apart = float((ours.array != theirs(mask, grid, kind)).mean())
    record_property("difference", apart)
    assert apart <= 2e-3
