"""What the frame reads off a signature."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import Field

from radiolucent.core import Image, InputError, Mask
from radiolucent.flow.ops import STAGES, describe, first_sentence, operation, operations, spell


def soften(
    image: Image,
    mask: Mask | None = None,
    *,
    sigma_mm: Annotated[float, Field(gt=0, description="Standard deviation [mm].")] = 1.0,
    edge: Annotated[Literal["nearest", "mirror"], Field(description="What lies outside.")] = "nearest",
) -> Image:
    """Smooth a picture, e.g. by 0.5 mm. The rest of the story is long."""
    return image


SOFTEN = describe(soften, stage="process")


def test_a_signature_says_what_is_taken_and_given():
    assert SOFTEN.name == "process.soften"
    assert [(i.name, i.kind, i.optional) for i in SOFTEN.inputs] == [("image", Image, False), ("mask", Mask, True)]
    assert [(p.name, p.default, p.unit) for p in SOFTEN.parameters] == [
        ("sigma_mm", 1.0, "mm"),
        ("edge", "nearest", ""),
    ]
    assert SOFTEN.parameters[0].schema["exclusiveMinimum"] == 0
    assert SOFTEN.summary == "Smooth a picture, e.g. by 0.5 mm."
    assert SOFTEN.returns is Image


def test_defaults_are_written_out_and_text_becomes_numbers():
    assert SOFTEN.complete({"sigma_mm": "2.5"}) == {"sigma_mm": 2.5, "edge": "nearest"}


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ({"sigma_mm": -1}, r"process\.soften: sigma_mm must be greater than 0, got -1"),
        ({"sigma_mm": "wide"}, r"sigma_mm must be a valid number.*got 'wide'"),
        ({"sigma_mm": float("inf")}, r"sigma_mm must be a finite number"),
        ({"edge": "wrap"}, r"edge must be 'nearest' or 'mirror', got 'wrap'"),
        ({"sigma": 2}, r"no argument of process\.soften 'sigma'; did you mean 'sigma_mm'\?"),
    ],
)
def test_a_bad_argument_says_what_was_asked_and_what_the_bound_is(args, says):
    with pytest.raises(InputError, match=says):
        SOFTEN.complete(args)


def test_several_bad_arguments_are_told_at_once():
    with pytest.raises(InputError, match=r"sigma_mm must .*; edge must"):
        SOFTEN.complete({"sigma_mm": 0, "edge": 3})


def test_the_json_schema_carries_kinds_bounds_and_units():
    schema = SOFTEN.schema()
    assert schema["inputs"][1] == {"name": "mask", "kind": "Mask", "optional": True}
    assert schema["units"] == {"sigma_mm": "mm"}
    assert schema["parameters"]["properties"]["edge"]["enum"] == ["nearest", "mirror"]


def test_a_function_that_is_no_operation_is_refused_at_once():
    def keywords(image: Image, **rest: int) -> Image: ...

    def number(amount: float) -> Image: ...

    with pytest.raises(TypeError, match="neither"):
        describe(keywords, stage="process")
    with pytest.raises(TypeError, match="must be one of Image, Mask"):
        describe(number, stage="process")


def test_an_unknown_operation_names_the_nearest_one():
    with pytest.raises(InputError, match=r"no operation 'process\.gausian'; did you mean 'process\.gaussian'"):
        operation("process.gausian")
    with pytest.raises(InputError, match="no operation 'gaussian'"):
        operation("gaussian")
    with pytest.raises(InputError, match="no operation 'read'"):
        operation("read")


def test_all_operations_come_in_the_order_of_the_datas_path():
    stages = [STAGES.index(op.stage) for op in operations().values()]
    assert stages == sorted(stages)
    assert "process.gaussian" in operations()


def test_asking_for_one_stage_imports_no_other():
    code = (
        "import sys; from radiolucent.flow.ops import operation; operation('process.gaussian');"
        "print([s for s in ('segment', 'measure', 'read', 'learn') if 'radiolucent.' + s in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_installed_package_adds_operations_under_its_own_name(offer):
    offer(process__soften=soften, astro__soften=soften)
    assert operation("process.soften").version == "elsewhere 1.0"
    assert list(operations())[-1] == "astro.soften"


def test_a_package_cannot_replace_an_operation_of_ours(offer):
    offer(process__gaussian=soften)
    with pytest.raises(InputError, match=r"offers process\.gaussian, which exists"):
        operation("process.gaussian")


def test_a_package_that_does_not_load_is_named_with_the_remedy(offer):
    offer(process__soften=ImportError("no torch"))
    with pytest.raises(InputError, match=r"cannot be loaded \(no torch\); update or uninstall"):
        operation("process.soften")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("One. Two.", "One."),
        ("Of 0.5 mm", "Of 0.5 mm"),
        ("After Otsu et al. Who knew. Yes.", "After Otsu et al. Who knew."),
    ],
)
def test_the_first_sentence_ends_at_a_full_stop_that_ends_it(text, first):
    assert first_sentence(text) == first


def test_types_are_spelled_as_people_write_them():
    assert spell(dict[str, float]) == "dict[str, float]"
    assert spell(Literal["a", "b"]) == "a or b"
    assert spell(Annotated[float, Field(gt=0)] | None) == "float or None"
    assert spell(tuple[float, ...]) == "tuple[float, ...]"
    assert spell(Path) == "Path"


def test_an_installed_distribution_is_found_by_its_entry_point(tmp_path):
    (tmp_path / "plugged.py").write_text(
        "from radiolucent.core import Image\n\n"
        "def turned_over(image: Image) -> Image:\n"
        '    """Turn bright into dark."""\n'
        "    return image.with_array(-image.array)\n"
    )
    info = tmp_path / "plugged-2.1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: plugged\nVersion: 2.1\n")
    (info / "entry_points.txt").write_text("[radiolucent.ops]\nprocess.turned_over = plugged:turned_over\n")
    command = [sys.executable, "-m", "radiolucent", "ops", "--json"]
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    listed = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, env=env).stdout)
    (found,) = [op for op in listed if op["name"] == "process.turned_over"]
    assert found["version"] == "plugged 2.1"
    assert found["summary"] == "Turn bright into dark."
