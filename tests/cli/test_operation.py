"""The command line of an operation follows from its signature."""

from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import Field

from radiolucent.cli.operation import asked, explained, is_offered, limits, operation_parser, spacing_flag
from radiolucent.core import Image, InputError, Keypoints, Mask
from radiolucent.flow.ops import describe

Positive = Annotated[float, Field(gt=0)]


def everything(
    image: Image,
    reference: Image,
    mask: Mask | None = None,
    *,
    sigma_mm: Annotated[float, Field(gt=0, le=9, description="How wide.")] = 1.0,
    levels: Annotated[int, Field(ge=1, description="How many (100 % of them)")] = 3,
    twice: Annotated[bool, Field(description="Again.")] = False,
    edge: Annotated[Literal["near", "far", 3], Field(description="Where.")] = "near",
    window_hu: Annotated[tuple[float, float], Field(description="From, to.")] = (-100.0, 300.0),
    sizes: Annotated[tuple[Positive, ...], Field(description="Some.")] = (1.0,),
    either: Annotated[Positive | tuple[Positive, ...] | None, Field(description="One or some.")] = None,
) -> Image:
    """Do everything. At once."""
    return image


EVERYTHING = describe(everything, stage="process")


def understood(*words):
    given = operation_parser(EVERYTHING).understood(["in", "out.png", "--reference", "r.png", *words])
    return given, asked(EVERYTHING, given)


def test_what_is_not_said_is_the_default():
    given, args = understood()
    assert args == {p.name: p.default for p in EVERYTHING.parameters}
    assert (given.source, given.out, given.input_reference, given.input_mask) == ("in", Path("out.png"), "r.png", None)


def test_words_become_values_of_the_right_type():
    _, args = understood(
        *("--sigma-mm", "2.5", "--levels", "4", "--twice", "--edge", "3", "--window-hu", "-50", "60"),
        *("--sizes", "1", "2", "3", "--either", "7"),
    )
    assert args == {
        "sigma_mm": 2.5, "levels": 4, "twice": True, "edge": 3, "window_hu": (-50.0, 60.0), "sizes": (1.0, 2.0, 3.0), "either": 7.0,
    }  # fmt: skip
    assert understood("--no-twice")[1]["twice"] is False
    assert understood("--either", "7", "8")[1]["either"] == (7.0, 8.0)
    assert understood("--sizes", "4")[1]["sizes"] == (4.0,)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--sigma-mm", "10"], r"sigma_mm must be less than or equal to 9, got '10'"),
        (["--levels", "1.5"], r"levels must be a valid integer"),
        (["--edge", "middle"], r"edge must be 'near', 'far' or 3, got 'middle'"),
        (["--window-hu", "1"], r"--window-hu: expected 2 arguments"),
        (["--sizes", "1", "-2"], r"sizes \(entry 2\) must be greater than 0, got '-2'"),
    ],
)
def test_a_bad_value_is_refused_before_anything_is_read(words, says):
    with pytest.raises(InputError, match=says):
        understood(*words)


def test_a_needed_second_input_is_asked_for():
    with pytest.raises(InputError, match="required: --reference"):
        operation_parser(EVERYTHING).understood(["in", "out"])


def test_the_help_tells_bounds_units_and_defaults():
    text = operation_parser(EVERYTHING).format_help()
    assert "Do everything. At once." in text
    assert "--sigma-mm MM" in text
    assert "{near,far,3}" in text
    assert "100 % of them" in text
    by_name = {parameter.name: parameter for parameter in EVERYTHING.parameters}
    assert explained(by_name["sigma_mm"]) == "How wide (above 0, at most 9; default: 1.0)"
    assert explained(by_name["window_hu"]) == "From, to (default: -100.0 300.0)"
    assert explained(by_name["either"]) == "One or some (above 0; default: none)"
    assert limits(by_name["sizes"]) == "above 0"


def test_the_spacing_of_the_input_gives_way_to_a_parameter_of_that_name():
    def resample(image: Image, *, spacing_mm: Positive = 1.0) -> Image:
        """Sample anew."""
        return image

    assert spacing_flag(describe(resample, stage="process")) == "--in-spacing-mm"
    assert spacing_flag(EVERYTHING) == "--spacing-mm"


def test_an_operation_on_what_no_file_holds_is_left_to_plans():
    def match(image: Image, keypoints: Keypoints) -> dict[str, float]:
        """Match."""
        return {}

    assert not is_offered(describe(match, stage="measure"))
    assert is_offered(EVERYTHING)
