"""What operations there are: read from the stages' `OPS` and from installed packages, one stage at a time.

From an operation's signature alone follow its command, its place in a plan, its JSON schema and its contract tests.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model
from pydantic.fields import FieldInfo

from .. import __version__
from ..core import Case, Image, InputError, Keypoints, Mask, Transform, Waiver, unknown
from ..core.reach import Reach

STAGES = ("check", "process", "segment", "measure", "recognise", "reason")
"""The stages that offer operations, in the order of the data's path; one that is not built yet offers none."""

JOINED = {"segment": ("flow.anatomy",), "measure": ("flow.anatomy.cardiothoracic",)}
"""Where `flow` keeps operations that join stages: they are offered as operations of the stage a person would look in."""

GROUP = "radiolucent.ops"
"""Entry point group of other packages: the entry point's name is `stage.function`."""

INPUT_KINDS: tuple[type, ...] = (Image, Mask, Keypoints, Transform, Case)

UNITS = {
    "_mm": "mm", "_per_mm": "cycles/mm", "_mm2": "mm²", "_mm3": "mm³",
    "_hu": "HU", "_s": "s", "_deg": "°", "_percent": "%", "_px": "pixels",
}  # fmt: skip
"""What the end of a parameter's name says about its unit."""


@dataclass(frozen=True)
class Input:
    """A positional parameter: a part of the case, or the case itself (of a recipe: a path)."""

    name: str
    kind: type
    optional: bool
    description: str = ""


@dataclass(frozen=True)
class Parameter:
    """A keyword parameter: what a person may set. `bounds` has the keys of JSON schema (`exclusiveMinimum`, `enum`)."""

    name: str
    annotation: Any
    default: Any
    description: str
    schema: Mapping[str, Any]
    has_default: bool = True

    @property
    def unit(self) -> str:
        """The unit that the name ends with, or nothing."""
        ends = sorted((end for end in UNITS if self.name.endswith(end)), key=len)
        return UNITS[ends[-1]] if ends else ""


class Arguments(BaseModel):
    """Keyword arguments of one operation; the fields are made from its signature."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, protected_namespaces=())


@dataclass(frozen=True)
class Operation:
    """A plain function and what its signature says."""

    name: str
    function: Callable[..., Any]
    inputs: tuple[Input, ...]
    parameters: tuple[Parameter, ...]
    summary: str
    returns: Any
    arguments: type[Arguments]
    version: str

    @property
    def stage(self) -> str:
        return self.name.partition(".")[0]

    @property
    def short(self) -> str:
        """The name within its stage."""
        return self.name.partition(".")[2]

    def complete(self, args: Mapping[str, Any]) -> dict[str, Any]:
        """All keyword arguments, checked and with the defaults written out; a bad one gets one clear sentence."""
        known = [parameter.name for parameter in self.parameters]
        for name in args:
            if name not in known:
                raise unknown(f"argument of {self.name}", name, known)
        try:
            checked = self.arguments.model_validate(dict(args))
        except ValidationError as error:
            raise InputError(f"{self.name}: {_sentence(error)}") from None
        return {name: getattr(checked, name) for name in known}

    def schema(self) -> dict[str, Any]:
        """What the operation takes and gives, as JSON."""
        return {
            "name": self.name,
            "summary": self.summary,
            "inputs": [{"name": i.name, "kind": i.kind.__name__, "optional": i.optional} for i in self.inputs],
            "returns": spell(self.returns),
            "units": {p.name: p.unit for p in self.parameters if p.unit},
            "parameters": self.arguments.model_json_schema(),
            "version": self.version,
        }


def operation(name: str) -> Operation:
    """The operation called `stage.function`; only its own stage is imported."""
    stage, _, short = name.partition(".")
    found = stage_operations(stage) if short else {}
    if name not in found:
        everywhere = found or operations()
        raise unknown("operation", name, everywhere)
    return found[name]


def operations() -> dict[str, Operation]:
    """Every operation by name, in the order of the data's path; stages of other packages come last."""
    others = sorted({entry.name.partition(".")[0] for entry in _offered()} - set(STAGES))
    return {name: op for stage in (*STAGES, *others) for name, op in stage_operations(stage).items()}


@cache
def stage_operations(stage: str) -> dict[str, Operation]:
    """The operations of one stage: ours, then those of installed packages."""
    own = [function for module in _modules(stage) for function in getattr(module, "OPS", ())]
    found = {f"{stage}.{f.__name__}": describe(f, stage=stage) for f in own}
    for entry in _offered():
        if entry.name.partition(".")[0] != stage:
            continue
        if entry.name in found:
            raise InputError(f"package {_origin(entry)} offers {entry.name}, which exists; one of them must go")
        found[entry.name] = describe(_loaded(entry), stage=stage, name=entry.name, version=_origin(entry))
    return found


def waivers() -> tuple[Waiver, ...]:
    """The promises that our operations declare not to keep, `op` always as `stage.name`."""
    return tuple(
        Waiver(w.op if "." in w.op else f"{stage}.{w.op}", w.promise, w.reason)
        for stage in STAGES
        for module in _modules(stage)
        for w in getattr(module, "WAIVERS", ())
    )


def reach_of(op: Operation) -> Reach | None:
    """How far the operation looks, where its stage declares it."""
    declared = (reach for module in _modules(op.stage) for reach in getattr(module, "REACHES", ()))
    return next((reach for reach in declared if reach.op == op.short), None)


def describe(
    function: Callable[..., Any],
    *,
    stage: str,
    name: str | None = None,
    version: str = __version__,
    inputs: tuple[type, ...] = INPUT_KINDS,
) -> Operation:
    """Read an operation off its signature; a function that is none raises `TypeError` (a defect, not an input error).

    `inputs` are the kinds that positional parameters may have.
    """
    name = name or f"{stage}.{function.__name__}"
    hints = get_type_hints(function, include_extras=True)
    taken, fields = [], {}
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY:
            default = ... if parameter.default is parameter.empty else parameter.default
            fields[parameter.name] = (hints[parameter.name], default)
        elif parameter.kind is parameter.POSITIONAL_OR_KEYWORD:
            taken.append(_input(name, parameter, hints.get(parameter.name), inputs))
        else:
            raise TypeError(f"{name}: an operation has neither *args nor **kwargs, found {parameter}")
    model: type[Arguments] = create_model(function.__name__, __base__=Arguments, **fields)  # type: ignore[call-overload]
    schemas = model.model_json_schema()["properties"] if fields else {}
    parameters = tuple(_parameter(key, field, schemas[key]) for key, field in model.model_fields.items())
    summary = (inspect.getdoc(function) or "").split("\n\n")[0].replace("\n", " ").strip()
    return Operation(
        name, function, tuple(taken), parameters, first_sentence(summary), hints.get("return"), model, version
    )


def first_sentence(text: str) -> str:
    """Up to the first full stop that ends a word (not the one in `0.5` or `e.g.`)."""
    for position in range(len(text)):
        ends = text[position : position + 2] == ". " and text[position + 2 : position + 3].isupper()
        if ends and not text[: position + 1].endswith(("e.g.", "i.e.", "cf.", "et al.")):
            return text[: position + 1]
    return text


def spell(annotation: Any) -> str:
    """A type as a person writes it: `Image`, `dict[str, float]`, `"linear" or "nearest"`."""
    if get_origin(annotation) is Annotated:
        return spell(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return " or ".join(spell(item) for item in get_args(annotation))
    if get_origin(annotation) is None:
        return "None" if annotation is type(None) else getattr(annotation, "__name__", str(annotation))
    items = ", ".join("..." if item is ... else spell(item) for item in get_args(annotation))
    name = getattr(get_origin(annotation), "__name__", "")
    return items.replace(", ", " or ") if name in ("", "Literal") else f"{name}[{items}]"


def _input(name: str, parameter: inspect.Parameter, hint: Any, allowed: tuple[type, ...]) -> Input:
    words = next((field.description or "" for field in getattr(hint, "__metadata__", ())), "")
    hint = get_args(hint)[0] if words else hint
    options = [item for item in get_args(hint) if item is not type(None)] or [hint]
    if len(options) != 1 or options[0] not in allowed:
        kinds = ", ".join(kind.__name__ for kind in allowed)
        raise TypeError(f"{name}: {parameter.name} comes before the keyword parameters and must be one of {kinds}")
    return Input(parameter.name, options[0], parameter.default is not parameter.empty, words)


def _parameter(name: str, field: FieldInfo, schema: Mapping[str, Any]) -> Parameter:
    words = field.description or ""
    return Parameter(name, field.rebuild_annotation(), field.get_default(), words, schema, not field.is_required())


def _modules(stage: str) -> list[types.ModuleType]:
    """Ours that offer operations of a stage: the stage itself, and what joins it with others; none of a foreign stage."""
    names = (stage, *JOINED.get(stage, ())) if stage in STAGES else ()
    full = [f"{__package__.rpartition('.')[0]}.{name}" for name in names]
    return [import_module(name) for name in full if find_spec(name)]


@cache
def _offered() -> tuple[EntryPoint, ...]:
    return tuple(sorted(entry_points(group=GROUP), key=lambda entry: entry.name))


def _loaded(entry: EntryPoint) -> Callable[..., Any]:
    try:
        return entry.load()
    except Exception as error:
        raise InputError(
            f"package {_origin(entry)} offers the operation {entry.name}, which cannot be loaded ({error}); "
            "update or uninstall that package"
        ) from error


def _origin(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value


def _sentence(error: ValidationError) -> str:
    return "; ".join(_complaints(error))


def _complaints(error: ValidationError) -> Iterator[str]:
    for item in error.errors():
        where = str(item["loc"][0]) if item["loc"] else "arguments"
        index = next((f" (entry {part + 1})" for part in item["loc"][1:] if isinstance(part, int)), "")
        if item["type"] == "missing":
            yield f"{where} must be given"
        else:
            asked = item["msg"].replace("Input should", "must").replace("Value error, ", "")
            got = item["input"]
            yield f"{where}{index} {asked}, got {str(got) if isinstance(got, Path) else got!r}"
