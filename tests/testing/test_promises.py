"""Each promise is noticed when it is broken: for every check there is an operation that fails it and no other."""

from dataclasses import replace
from typing import Annotated

import numpy as np
import pytest
from pydantic import Field

from radiolucent.core import Case, Finding, Image, InputError, Keypoints, Mask, Transform, Waiver
from radiolucent.flow.ops import describe
from radiolucent.testing import CHECKS, ball, check_op, constant, specimen

Sigma = Annotated[float, Field(gt=0, description="Length [mm].")]


def values(image):
    return np.array(image.array, dtype=np.float32)


def double(image: Image) -> Image:
    """Double every value."""
    return image.with_array(values(image) * 2)


def inside(image: Image, mask: Mask | None = None) -> dict[str, float]:
    """Sum the values in the mask."""
    return {"sum": float(values(image)[... if mask is None else np.asarray(mask.array) > 0].sum())}


def everything(case: Case) -> dict[str, Image | Mask | float]:
    """Give back what there is."""
    raw = case.images["raw"]
    return {"image": raw, "mask": case.masks["ball"], "mean": float(values(raw).mean(dtype=np.float64))}


def matched(keypoints: Keypoints, transform: Transform) -> Keypoints:
    """Give back the points."""
    return keypoints


def remark(image: Image) -> tuple[Finding, ...]:
    """Say how many axes there are."""
    return (Finding(f"{len(image.grid.shape)} axes"),)


def remarks(image: Image) -> tuple[Finding, ...]:
    """Say several things of the picture, none of which a flip changes."""
    return (Finding("a picture"), Finding(f"{len(image.grid.shape)} axes"))


@pytest.mark.parametrize("function", [double, inside, everything, matched, remark, remarks])
def test_a_good_operation_keeps_every_promise(function):
    check_op(function)


def writes(image: Image) -> Image:
    """Write into its input."""
    array = image.array.view()
    while not array.flags.writeable and isinstance(array.base, np.ndarray):
        array = array.base
    array[:1] += 1
    return image.with_array(values(image))


def freezes(image: Image) -> Image:
    """Freeze the array of the caller."""
    image.array.base.flags.writeable = False
    return image.with_array(values(image))


def moves(image: Image) -> Image:
    """Cut a border off."""
    return Image(values(image)[1:], type(image.grid)((image.grid.shape[0] - 1, *image.grid.shape[1:]), image.grid.axes))


def divides(image: Image) -> Image:
    """Divide by nothing where the picture is constant."""
    with np.errstate(all="ignore"):
        return image.with_array((values(image) - values(image).min()) / np.ptp(values(image)))


def forgets_its_seed(image: Image) -> Image:
    """Add noise that nobody can repeat."""
    return image.with_array(values(image) + np.random.default_rng().normal())


def leans(image: Image) -> Image:
    """Shift by one along the first axis."""
    return image.with_array(np.roll(values(image), 1, axis=0))


def lies_down(image: Image) -> Image:
    """Smooth along the last axis only."""
    return image.with_array(values(image) + np.roll(values(image), 1, -1) + np.roll(values(image), -1, -1))


def needs_two(image: Image) -> Image:
    """Fail on volumes without a word."""
    if image.array.ndim != 2:
        raise ValueError
    return double(image)


def needs_many(image: Image) -> Image:
    """Fail on one slice without a word."""
    np.gradient(values(image), axis=0)
    return double(image)


def grumbles(image: Image) -> Image:
    """Refuse volumes without a reason."""
    if image.array.ndim != 2:
        raise InputError("no")
    return double(image)


def never(image: Image) -> Image:
    """Refuse everything."""
    raise InputError("this operation is good for nothing at all")


def averages(image: Image, mask: Mask) -> dict[str, float]:
    """Average within the mask, whatever is in it."""
    return {"mean": float(values(image)[np.asarray(mask.array) > 0].astype(np.float64).max())}


def invents(image: Image, *, sigma_mm: Sigma = 1.0) -> Image:
    """Take the spacing for 1 mm."""
    return double(image)


def mutters(image: Image, *, sigma_mm: Sigma = 1.0) -> Image:
    """Refuse pictures without spacing and keep the remedy a secret."""
    if image.grid.spacing_mm is None:
        raise InputError("this cannot be done here")
    return double(image)


def sums_up(image: Image) -> str:
    """Give a text."""
    return "no"


def unbounded(image: Image, *, amount: Annotated[float, Field(description="How much.")] = 1.0) -> Image:
    """Take any number."""
    return image


def unexplained(image: Image, *, amount: Annotated[float, Field(gt=0)] = 1.0) -> Image:
    """Say nothing about a parameter."""
    return image


def open_ended(image: Image, *, amount: Annotated[float, Field(gt=0, description="How much.")]) -> Image:
    """Leave a default out."""
    return image


def refuses_itself(image: Image, *, amount: Annotated[float, Field(gt=0, description="How much.")] = -1.0) -> Image:
    """Have a default out of bounds."""
    return image


def silent(image: Image) -> Image:
    return image


def taken(image: Image, *, into: Annotated[int, Field(ge=0, description="A word of plans.")] = 0) -> Image:
    """Use a word of plans."""
    return image


@pytest.mark.parametrize(
    ("function", "promise", "says"),
    [
        (writes, "input_unchanged", "the input was changed"),
        (freezes, "input_unchanged", "the caller's own array was frozen"),
        (moves, "same_grid", "lies on"),
        (divides, "finite", "not finite"),
        (divides, "constant", "not finite"),
        (forgets_its_seed, "same_twice", "another result"),
        (leans, "flips", "after a flip of axis 0"),
        (lies_down, "swaps", "after a swap of axes"),
        (needs_two, "3-D", "ValueError"),
        (needs_two, "anisotropic", "ValueError"),
        (needs_many, "one_slice", "ValueError"),
        (grumbles, "3-D", "the refusal must say why"),
        (never, "2-D", "refuses every picture"),
        (averages, "empty_mask", "ValueError"),
        (invents, "no_spacing", "sigma_mm is a length in mm, yet"),
        (mutters, "no_spacing", "must name --spacing-mm"),
        (sums_up, "signature", "a case cannot hold"),
        (unbounded, "signature", "amount is a number without bounds"),
        (unexplained, "signature", "amount is not explained"),
        (open_ended, "signature", "amount has no default"),
        (refuses_itself, "signature", "the defaults are refused"),
        (silent, "signature", "must begin with one sentence"),
        (taken, "signature", "into is a word of plans"),
    ],
)
def test_a_broken_promise_is_noticed(function, promise, says):
    problem = CHECKS[promise](describe(function, stage="process"))
    assert problem is not None
    assert says in problem


def test_a_declared_promise_may_be_broken():
    with pytest.raises(AssertionError, match=r"process\.leans breaks 2 of 15 promises\n  flips: .*\n  swaps: "):
        check_op(leans)
    both = [Waiver("leans", "flips", "it leans to one side"), Waiver("process.leans", "swaps", "it leans to one side")]
    check_op(leans, waivers=both)
    with pytest.raises(AssertionError, match="flips"):
        check_op(leans, waivers=[Waiver("other", "flips", "it leans to one side")])


def test_bounds_that_are_shown_but_not_enforced_are_noticed():
    def accepting(image: Image, *, sigma_mm: float = 1.0) -> Image:
        """Take any length."""
        return image

    loose = replace(describe(invents, stage="process"), arguments=describe(accepting, stage="process").arguments)
    assert "sigma_mm = 0 is accepted against" in (CHECKS["bad_values"](loose) or "")


def test_specimens_look_different_after_every_flip_and_swap():
    image = specimen("3-D")
    for axis in range(3):
        assert not np.allclose(np.flip(image.array, axis), image.array)
    assert set(np.unique(ball(image).array)) == {0, 1, 2}
    assert np.ptp(constant("2-D", 7).array) == 0
    assert specimen("2-D", spaced=False).grid.spacing_mm is None
    assert specimen("anisotropic").grid.affine is not None
