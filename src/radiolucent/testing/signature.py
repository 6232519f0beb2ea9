"""What a signature must say, and that what it says is enforced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin

from ..core import Finding, InputError
from ..flow.ops import INPUT_KINDS, Operation
from ..flow.plan import FIELDS

BOUNDS = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")

Schema = Mapping[str, Any]


def signature(op: Operation) -> str | None:
    """Every parameter is typed, bounded, defaulted and explained, and the defaults are within the bounds."""
    if not op.summary.endswith("."):
        return "the docstring must begin with one sentence and a full stop"
    if not _may_return(op.returns):
        return f"it returns {op.returns}, which a case cannot hold"
    for parameter in op.parameters:
        if parameter.name in FIELDS and parameter.name != "seed":  # a step's seed is handed to the operation
            return f"{parameter.name} is a word of plans; call the parameter otherwise"
        if not parameter.has_default:
            return f"{parameter.name} has no default"
        if not parameter.description:
            return f"{parameter.name} is not explained; give its Field a description"
        if not all(any(bound in leaf for bound in BOUNDS) for leaf in _numbers(parameter.schema)):
            return f"{parameter.name} is a number without bounds; give its Field gt, ge, lt or le"
    try:
        op.complete({parameter.name: parameter.default for parameter in op.parameters})
    except InputError as error:
        return f"the defaults are refused: {error}"
    return None


def bad_values(op: Operation) -> str | None:
    """A bad value gets an error that names the operation, the parameter and the value."""
    for parameter in op.parameters:
        for value in bad(parameter.schema):
            try:
                op.complete({parameter.name: value})
            except InputError as error:
                if not str(error).startswith(f"{op.name}: {parameter.name}"):
                    return f"{parameter.name} = {value!r} gets an error that does not name it: {error}"
            else:
                return f"{parameter.name} = {value!r} is accepted against {dict(parameter.schema)}"
    return None


def bad(schema: Schema) -> Iterator[Any]:
    """Values that a JSON schema forbids: of another type, out of bounds, not among the choices."""
    yield object()
    options = schema.get("anyOf", [schema])
    if "enum" in schema:
        yield "no such choice"
    if len(options) > 1 and any("anyOf" in option or option.get("type") != "null" for option in options[1:]):
        return  # what one form forbids the other may allow
    for leaf in _numbers(options[0]):
        for value in _beyond(leaf):
            yield [value] * options[0].get("minItems", 1) if options[0].get("type") == "array" else value


def _beyond(leaf: Schema) -> Iterator[float]:
    if "exclusiveMinimum" in leaf:
        yield leaf["exclusiveMinimum"]
    if "minimum" in leaf:
        yield leaf["minimum"] - 1
    if "exclusiveMaximum" in leaf:
        yield leaf["exclusiveMaximum"]
    if "maximum" in leaf:
        yield leaf["maximum"] + 1


def _numbers(schema: Schema) -> Iterator[Schema]:
    """The schemas of the numbers in a schema."""
    if schema.get("type") in ("number", "integer") and "enum" not in schema and "const" not in schema:
        yield schema
    items = schema.get("items")
    for inner in (
        *schema.get("anyOf", ()),
        *schema.get("prefixItems", ()),
        *([items] if isinstance(items, dict) else ()),
    ):
        yield from _numbers(inner)


def _may_return(annotation: Any) -> bool:
    """An image, mask ..., numbers, findings, or a mapping of names to these."""
    if annotation in (*INPUT_KINDS[:-1], Finding, float, int):
        return True
    inner = get_args(annotation)
    if get_origin(annotation) is tuple:
        return inner == (Finding, ...)
    if isinstance(get_origin(annotation), type) and issubclass(get_origin(annotation), Mapping):
        return inner[0] is str and _may_return(inner[1])
    return bool(inner) and get_origin(annotation) is not tuple and all(_may_return(item) for item in inner)
