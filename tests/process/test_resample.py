import numpy as np
import pytest
import SimpleITK as sitk  # noqa: N813 (its customary name)
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage import transform

from radiolucent.core import Grid, Image, InputError, Mask
from radiolucent.process.resample import resample, resample_mask, resize

TURN = np.linalg.qr(np.array([[9.0, 1, 0], [-1, 9, 2], [1, -2, 9]]))[0]


def placed(shape: tuple[int, ...], spacing_mm: tuple[float, ...]) -> Grid:
    direction = tuple(tuple(float(v) for v in row) for row in TURN[: len(shape)])
    return Grid(shape, "zyx"[-len(shape) :], spacing_mm, origin_mm=(10.0, -20.0, 30.0), direction=direction)


def places_mm(grid: Grid) -> np.ndarray:
    index = np.indices(grid.shape).reshape(len(grid.shape), -1)
    return (grid.affine @ np.vstack([index, np.ones(index.shape[1])]))[:3]


def linear_field(grid: Grid) -> np.ndarray:
    """A value that is a linear function of the place in space [mm], so that any displacement shows."""
    return (np.array([0.7, -1.3, 2.1]) @ places_mm(grid)).reshape(grid.shape).astype(np.float32)


@pytest.mark.parametrize("interpolation", ["linear", "cubic"])
@pytest.mark.parametrize("spacing_mm", [1.0, (1.5, 0.9, 0.6), 2.7])
def test_every_sample_keeps_its_place_in_space_on_an_oblique_grid(interpolation, spacing_mm):
    grid = placed((9, 20, 22), (3.0, 0.8, 0.8))
    result = resample(Image(linear_field(grid), grid), spacing_mm=spacing_mm, interpolation=interpolation)
    error = np.abs(result.array - linear_field(result.grid))[1:-1, 1:-1, 1:-1]
    assert np.median(error) < 0.1
    assert error.max() < (1.0 if interpolation == "cubic" else 1e-3)  # a spline swings at the mirrored ends


@given(st.integers(1, 40), st.floats(0.3, 4), st.floats(0.3, 4))
@settings(max_examples=80, deadline=None)
def test_the_centre_stays_and_the_field_of_view_changes_by_less_than_a_pixel(size, old, new):
    grid = placed((size,), (old,))
    after = resample(Image(np.zeros(size), grid), spacing_mm=new).grid
    ends = [g.affine @ np.array([[0, g.shape[0] - 1], [1, 1]]) for g in (grid, after)]
    np.testing.assert_allclose(ends[0].mean(axis=1), ends[1].mean(axis=1), atol=1e-9)
    assert abs(size * old - after.shape[0] * new) <= new + 1e-9


def test_image_and_mask_get_the_same_grid_and_a_mask_only_its_own_labels():
    grid = placed((8, 12, 10), (2.0, 1.0, 1.0))
    labels = np.random.default_rng(0).choice([0, 3, 200], grid.shape).astype(np.uint8)
    mask = resample_mask(Mask(labels, grid, {3: "liver", 200: "spleen"}), spacing_mm=0.7)
    assert mask.grid == resample(Image(labels, grid), spacing_mm=0.7).grid
    assert set(np.unique(mask.array)) == {0, 3, 200}
    assert mask.array.dtype == np.uint8
    assert mask.names[3] == "liver"


def test_the_same_spacing_gives_the_same_picture():
    grid = placed((5, 6, 7), (1.0, 2.0, 3.0))
    values = np.random.default_rng(0).normal(size=grid.shape).astype(np.float32)
    result = resample(Image(values, grid), spacing_mm=(1.0, 2.0, 3.0))
    np.testing.assert_array_equal(result.array, values)
    assert result.grid == grid


def test_time_and_colour_are_not_resampled():
    grid = Grid((3, 8, 10), "tyx", (1.0, 1.0), times_s=(0.0, 0.1, 0.2))
    result = resample(Image(np.zeros((3, 8, 10, 3), np.uint8), grid), spacing_mm=0.5)
    assert result.array.shape == (3, 16, 20, 3)
    assert result.grid.times_s == (0.0, 0.1, 0.2)


def test_antialiasing_keeps_a_fine_pattern_from_turning_into_a_coarse_one():
    stripes = np.tile([0.0, 1.0, 0.0, 0.0, 1.0], (40, 16)).astype(np.float32)
    image = Image(stripes, Grid(stripes.shape, "yx", (1.0, 1.0)))
    assert (
        resample(image, spacing_mm=4.0, antialias=True).array.std() < 0.3 * resample(image, spacing_mm=4.0).array.std()
    )


def test_a_picture_without_place_stays_without_place():
    grid = Grid((8, 8), "yx", (1.0, 1.0))
    assert resample(Image(np.zeros((8, 8)), grid), spacing_mm=2.0).grid.origin_mm is None


def test_spacing_must_fit_the_axes():
    with pytest.raises(InputError, match="2 entries and the picture 3 axes"):
        resample(Image(np.zeros((4, 4, 4)), Grid((4, 4, 4), "zyx", (1.0, 1.0, 1.0))), spacing_mm=(1.0, 2.0))


def test_a_spacing_that_would_fill_the_memory_is_refused_before_anything_is_allocated():
    with pytest.raises(InputError, match="pixels"):
        resample(Image(np.zeros((64, 64, 64)), Grid((64, 64, 64), "zyx", (1.0, 1.0, 1.0))), spacing_mm=0.001)


@pytest.mark.parametrize(("interpolation", "order"), [("linear", 1), ("cubic", 3)])
@pytest.mark.parametrize("size_px", [(40, 24), (7, 50), (15, 16)])
def test_resizing_is_that_of_scikit_image(size_px, interpolation, order):
    values = np.random.default_rng(0).normal(size=(15, 16))
    ours = resize(
        Image(values, placed((15, 16), (1.0, 1.0))), size_px=size_px, interpolation=interpolation, antialias=False
    )
    theirs = transform.resize(values, size_px, order=order, mode="edge", anti_aliasing=False, clip=False)
    inner = tuple(slice(size // 4, -(size // 4)) for size in size_px)
    np.testing.assert_allclose(ours.array[inner], theirs[inner], atol=1e-5 if order == 1 else 0.05)


def test_resizing_keeps_the_field_of_view_and_its_place():
    grid = placed((10, 20, 30), (2.0, 1.0, 0.5))
    after = resize(Image(np.zeros(grid.shape), grid), size_px=16).grid
    np.testing.assert_allclose(np.multiply(after.shape, after.spacing_mm), np.multiply(grid.shape, grid.spacing_mm))
    ends = [g.affine @ [*(np.array(g.shape) - 1) / 2, 1] for g in (grid, after)]
    np.testing.assert_allclose(ends[0], ends[1])


def test_a_picture_without_spacing_can_be_resized():
    assert resize(Image(np.zeros((3, 8, 8, 3)), Grid((3, 8, 8), "tyx")), size_px=(4, 6)).array.shape == (3, 4, 6, 3)


def test_sizes_must_fit_the_axes():
    with pytest.raises(InputError, match="3 entries and the picture 2 axes"):
        resize(Image(np.zeros((8, 8)), Grid((8, 8), "yx")), size_px=(4, 4, 4))


@pytest.mark.parametrize("shape", [(15, 16), (9, 10, 11)])
@pytest.mark.parametrize("spacing_mm", [0.6, 1.7])
def test_labels_by_their_linear_weights_are_those_of_simple_itk(shape, spacing_mm):
    """Where two labels weigh alike the smaller is taken, so places exactly between are left out of the comparison."""
    labels = np.random.default_rng(0).integers(0, 4, shape).astype(np.uint8)
    mask = Mask(labels, Grid(shape, "zyx"[-len(shape) :], (1.0,) * len(shape)))
    ours = resample_mask(mask, spacing_mm=spacing_mm, interpolation="linear")
    n = len(shape)
    size = ours.array.shape[::-1]
    origin = [(old - 1) / 2 - (new - 1) * spacing_mm / 2 for old, new in zip(shape[::-1], size, strict=True)]
    inner = tuple(slice(1, -1) for _ in shape)
    theirs = sitk.Resample(
        sitk.GetImageFromArray(labels), size, sitk.Transform(n, sitk.sitkIdentity), sitk.sitkLabelLinear,
        origin, [spacing_mm] * n, np.eye(n).ravel().tolist(), 0,
    )  # fmt: skip
    differs = ours.array[inner] != sitk.GetArrayFromImage(theirs)[inner]
    assert differs.mean() < 0.01


def test_a_smooth_border_stays_smoother_by_linear_weights():
    y, x = np.indices((20, 20))
    mask = Mask((np.hypot(y - 9.5, x - 9.5) < 6).astype(np.uint8), Grid((20, 20), "yx", (1.0, 1.0)))
    y, x = np.indices((80, 80))
    truth = np.hypot(y - 39.5, x - 39.5) < 24
    wrong = [
        (resample_mask(mask, spacing_mm=0.25, interpolation=kind).array != truth).sum()
        for kind in ("nearest", "linear")
    ]
    assert wrong[1] < wrong[0]
