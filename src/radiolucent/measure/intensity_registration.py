"""Registration by grey values with SimpleITK: from bare pictures on grids to a map and the picture carried by it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import SimpleITK as sitk  # noqa: N813  the name that everybody uses
from numpy.typing import NDArray

from radiolucent.core import Grid, Image, InputError
from radiolucent.core.carry import spacings

from .place import frame, in_space

LEAST_SIDE = 4
"""Fewer pixels along an axis leave no slope to go by."""

HISTOGRAM_BINS = 32


class Asked(NamedTuple):
    """How to search; see `register`."""

    model: str
    metric: str
    start: str
    levels: int
    sampling: float
    iterations: int
    knots: int
    seed: int


class Aligned(NamedTuple):
    """The moving picture on the fixed grid, the map as a matrix or a field, and the metric before and after."""

    array: NDArray[np.float32]
    matrix: NDArray[np.float64] | None
    displacement_mm: NDArray[np.float32] | None
    at_start: float
    at_end: float


def aligned(fixed: Image, moving: Image, inside: NDArray[np.bool_] | None, asked: Asked, outside: float) -> Aligned:
    """Search for the best map; what cannot be aligned is refused with the reason."""
    _check(fixed, moving)
    here_mm, there_mm = spacings(fixed.grid, moving.grid)
    here, there = _itk(fixed, here_mm), _itk(moving, there_mm)
    region = None if inside is None else _placed(sitk.GetImageFromArray(inside.astype(np.uint8)), fixed.grid, here_mm)
    first = _begin(here, there, asked)
    start = _value(here, there, region, first, asked)
    linear = _searched(here, there, region, first, asked, start)
    found = linear
    if asked.model == "bspline":
        bent = sitk.BSplineTransformInitializer(here, [asked.knots] * here.GetDimension(), order=3)
        found = sitk.CompositeTransform([linear, _searched(here, there, region, bent, asked, start, before=linear)])
    carried = _single(sitk.ResampleImageFilter())
    carried.SetReferenceImage(here)
    carried.SetTransform(found)
    carried.SetDefaultPixelValue(outside)
    array = sitk.GetArrayFromImage(carried.Execute(there))
    end = _value(here, there, region, found, asked)
    if asked.model == "bspline":
        return Aligned(array, None, _field(found, here, fixed.grid, moving.grid), start, end)
    return Aligned(array, _matrix(found, fixed.grid, moving.grid), None, start, end)


def _check(fixed: Image, moving: Image) -> None:
    for name, picture in (("fixed", fixed), ("moving", moving)):
        if "t" in picture.grid.axes:
            raise InputError(f"the {name} picture has frames over time (axes {picture.grid.axes!r}); take one of them")
        if min(picture.grid.shape) < LEAST_SIDE:
            raise InputError(
                f"the {name} picture has shape {picture.grid.shape}; an axis of fewer than {LEAST_SIDE} pixels cannot be "
                "aligned: take the slice as a 2-D picture"
            )
        if picture.array.min() == picture.array.max():
            raise InputError(f"the {name} picture has one value everywhere, so nothing in it can be aligned")
    if fixed.array.ndim != moving.array.ndim:
        raise InputError(f"a picture of shape {fixed.grid.shape} cannot be aligned with one of {moving.grid.shape}")


def _itk(image: Image, spacing_mm: tuple[float, ...]) -> sitk.Image:
    return _placed(sitk.GetImageFromArray(np.asarray(image.array, np.float32)), image.grid, spacing_mm)


def _placed(image: sitk.Image, grid: Grid, spacing_mm: tuple[float, ...]) -> sitk.Image:
    """Volumes lie in LPS mm where their place is known; a 2-D picture lies in its own plane."""
    image.SetSpacing([float(step) for step in spacing_mm[::-1]])
    if image.GetDimension() == 3 and grid.origin_mm is not None and grid.direction is not None:
        image.SetOrigin(grid.origin_mm)
        image.SetDirection(np.array(grid.direction[::-1]).T.ravel().tolist())
    return image


def _single(filter_: Any) -> Any:
    """One thread, so that sums are taken in one order."""
    filter_.SetNumberOfThreads(1)
    filter_.SetNumberOfWorkUnits(1)
    return filter_


def _begin(here: sitk.Image, there: sitk.Image, asked: Asked) -> sitk.Transform:
    """The map to start from: nothing is turned, and the shift is as asked."""
    flat = here.GetDimension() == 2
    kinds = {
        "translation": sitk.TranslationTransform(here.GetDimension()),
        "rigid": sitk.Euler2DTransform() if flat else sitk.Euler3DTransform(),
        "similarity": sitk.Similarity2DTransform() if flat else sitk.Similarity3DTransform(),
    }
    first = kinds.get(asked.model, sitk.AffineTransform(here.GetDimension()))
    middle = [here.TransformContinuousIndexToPhysicalPoint([(n - 1) / 2 for n in here.GetSize()])]
    middle += [there.TransformContinuousIndexToPhysicalPoint([(n - 1) / 2 for n in there.GetSize()])]
    if asked.start == "mass":
        middle = [_mass(image) for image in (here, there)]
    shift = np.zeros(here.GetDimension()) if asked.start == "place" else np.subtract(middle[1], middle[0])
    if asked.model == "translation":
        first.SetOffset(shift.tolist())
        return first
    first.SetCenter(list(middle[0]))
    first.SetTranslation(shift.tolist())
    return first


def _mass(image: sitk.Image) -> tuple[float, ...]:
    """The centre of what is brighter than the darkest value."""
    array = sitk.GetArrayViewFromImage(image).astype(np.float64)
    weight = array - array.min()
    index = [
        float((weight.sum(tuple(set(range(array.ndim)) - {k})) @ np.arange(n)) / weight.sum())
        for k, n in enumerate(array.shape)
    ]
    return image.TransformContinuousIndexToPhysicalPoint(index[::-1])


def _method(region: sitk.Image | None, asked: Asked, share: float) -> sitk.ImageRegistrationMethod:
    method = _single(sitk.ImageRegistrationMethod())
    if asked.metric == "mutual_information":
        method.SetMetricAsMattesMutualInformation(HISTOGRAM_BINS)
    elif asked.metric == "correlation":
        method.SetMetricAsCorrelation()
    else:
        method.SetMetricAsMeanSquares()
    if region is not None:
        method.SetMetricFixedMask(region)
    if share < 1:
        method.SetMetricSamplingStrategy(method.RANDOM)
        method.SetMetricSamplingPercentage(share, asked.seed + 1)  # ITK takes 0 for the clock
    method.SetInterpolator(sitk.sitkLinear)
    return method


def _value(
    here: sitk.Image, there: sitk.Image, region: sitk.Image | None, transform: sitk.Transform, asked: Asked
) -> float:
    method = _method(region, asked, 1.0)
    method.SetInitialTransform(transform)
    try:
        return float(method.MetricEvaluate(here, there))
    except RuntimeError as error:
        raise InputError(_apart(error)) from error


def _searched(
    here: sitk.Image,
    there: sitk.Image,
    region: sitk.Image | None,
    first: sitk.Transform,
    asked: Asked,
    worst: float,
    before: sitk.Transform | None = None,
) -> sitk.Transform:
    """The map that the search ends at, or the one it began with where that is better (less is better)."""
    begin = sitk.Transform(first)
    levels = _levels(asked.levels, here, there)
    method = _method(region, asked, _share(asked.sampling, here))
    method.SetShrinkFactorsPerLevel([2**k for k in reversed(range(levels))])
    method.SetSmoothingSigmasPerLevel([0.5 * 2**k if k else 0.0 for k in reversed(range(levels))])
    method.SmoothingSigmasAreSpecifiedInPhysicalUnitsOff()
    if before is not None:
        method.SetMovingInitialTransform(before)
        method.SetOptimizerAsLBFGSB(numberOfIterations=min(asked.iterations, 50), costFunctionConvergenceFactor=1e9)
    else:
        method.SetOptimizerAsRegularStepGradientDescent(
            learningRate=1.0, minStep=1e-4, numberOfIterations=asked.iterations, gradientMagnitudeTolerance=1e-10
        )  # fmt: skip
        method.SetOptimizerScalesFromPhysicalShift()
    method.SetInitialTransform(first, inPlace=True)
    try:
        method.Execute(here, there)
    except RuntimeError as error:
        raise InputError(_apart(error)) from error
    if before is None and _value(here, there, region, first, asked) > worst:
        return begin
    return first


def _levels(asked: int, here: sitk.Image, there: sitk.Image) -> int:
    """As many resolutions as leave 8 pixels along the shortest axis."""
    side = min(*here.GetSize(), *there.GetSize())
    return max(1, min(asked, int(np.log2(max(side / 8, 1))) + 1))


def _share(asked: float, here: sitk.Image) -> float:
    """No fewer than 5,000 pixels, if there are as many: a small picture is looked at whole."""
    return min(1.0, max(asked, 5000 / here.GetNumberOfPixels()))


def _apart(error: RuntimeError) -> str:
    words = str(error)
    if "outside" in words or "samples" in words.lower() or "overlap" in words:
        return (
            "the two pictures do not overlap (or not within the mask) where the search begins; "
            "try start=centre, or start=mass"
        )
    return f"the two pictures could not be aligned ({words.strip().splitlines()[-1]}); try another metric or start"


def _matrix(found: sitk.Transform, fixed: Grid, moving: Grid) -> NDArray[np.float64]:
    """The linear map as a matrix (4, 4) of places."""
    n = found.GetDimension()
    zero = np.array(found.TransformPoint([0.0] * n))
    columns = [np.array(found.TransformPoint(np.eye(n)[k].tolist())) - zero for k in range(n)]
    matrix = np.eye(n + 1)
    matrix[:n] = np.column_stack([*columns, zero])
    return in_space(matrix, fixed, moving) if n == 2 else matrix


def _field(found: sitk.Transform, here: sitk.Image, fixed: Grid, moving: Grid) -> NDArray[np.float32]:
    """How far each fixed pixel's place moves (..., 3) [mm]."""
    maker = _single(sitk.TransformToDisplacementFieldFilter())
    maker.SetReferenceImage(here)
    maker.SetOutputPixelType(sitk.sitkVectorFloat64)
    shift = sitk.GetArrayFromImage(maker.Execute(found))
    if shift.shape[-1] == 3:
        return shift.astype(np.float32)
    rows, columns = np.indices(fixed.shape)
    flat = np.stack([columns * here.GetSpacing()[0], rows * here.GetSpacing()[1], 0 * rows, 0 * rows + 1.0], axis=-1)
    gone = flat.copy()
    gone[..., :2] += shift
    return (gone @ frame(moving).T - flat @ frame(fixed).T)[..., :3].astype(np.float32)
