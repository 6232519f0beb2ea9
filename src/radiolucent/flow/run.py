"""Carry a case through a plan; the history that this leaves is a plan in which nothing is open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from ..core import Case, Finding, Image, InputError, Keypoints, Mask, Step, Transform
from ..core.geometry import difference
from .blockwise import applied
from .load import content_hash, include, named_path, reload
from .ops import Input, Operation, operation
from .plan import READS

FIELD = {Image: "images", Mask: "masks", Keypoints: "keypoints", Transform: "transforms"}
"""Where a case keeps each kind of part."""

NAME = re.compile(r"\w[\w.-]*")
"""What a part may be called: it becomes a file name, so no separator may stand in it."""


def run(case: Case, plan: Iterable[Step], *, progress: bool = False, block_mb: float | None = None) -> Case:
    """The case after every step of the plan; its history has each Step with nothing left open.

    A plan that begins with the whole history of the case goes on from there. All steps are checked before the first
    one is carried out. `block_mb` (a setting: it changes no result) has what declares its reach run in slabs of that
    many MB; without it that happens where memory would not do.
    """
    steps = tuple(plan)
    taken = len(case.history)
    first = taken if taken and steps[:taken] == case.history else 0
    check(steps[first:], start=first + 1)
    for number, step in enumerate(tqdm(steps[first:], unit="step", disable=not progress), first + 1):
        try:
            case = apply(case, step, block_mb=block_mb)
        except InputError as error:
            raise type(error)(f"step {number}: {error}" if len(steps) > 1 else str(error)) from error
    return case


def replay(
    history: Iterable[Step], *, case: Case | None = None, path: Path | str | None = None, progress: bool = False
) -> Case:
    """Do again what a history says, from the file it read or from the case it began with.

    `path` says where the file lies now. Changed bytes, or a case that is not the one the history began with, are
    refused.
    """
    steps = tuple(history)
    if case is not None:
        return run(case, steps, progress=progress)
    if not steps or steps[0].op != "read.load":
        raise InputError("this history does not begin with a file; give the case that it began with")
    start = reload(steps[0], path=path)
    return run(start, (*start.history, *steps[1:]), progress=progress)


def check(steps: Iterable[Step], *, start: int = 1) -> None:
    """Refuse an unknown operation or a bad argument before anything is computed."""
    for number, step in enumerate(steps, start):
        try:
            if step.op == "read.load":
                raise InputError("reading is the first step of a history only; `replay` does it")
            if step.into is not None and not NAME.fullmatch(step.into):
                raise InputError(f"into = {step.into!r} is no name: letters, digits, `_`, `-` and `.`, not first")
            if step.op not in READS:
                _arguments(operation(step.op), step)
        except InputError as error:
            raise InputError(f"step {number}: {error}") from error


def apply(case: Case, step: Step, *, block_mb: float | None = None) -> Case:
    """One step, and its entry in the history."""
    if step.op in READS:
        kind = step.op.partition(".")[2]
        return include(case, named_path(step), kind=kind, into=step.into or kind, hashes=step.hashes)
    op = operation(step.op)
    args, seed = _arguments(op, step)
    names = {item.name: name for item in op.inputs if (name := _name(case, op, item, step)) is not None}
    into = step.into or op.short
    _refuse_taken(case, op, into)
    hashes = {**_start(case, step), **_outside(step, args)}
    result = applied(op, _parts(case, op, names), args, block_mb=block_mb)
    kept = {name: str(value) if isinstance(value, Path) else value for name, value in args.items() if name != "seed"}
    done = Step(op.name, kept, names, into, op.version, hashes, seed)
    full = stored(case, into, result, op=op.name)
    findings = (*full.findings, *(_one_valued(op, into, result) if op.stage == "segment" else ()))
    return replace(full, findings=findings, history=(*case.history, done))


def _one_valued(op: Operation, into: str, result: Any) -> Iterator[Finding]:
    """What tells that a segmentation found nothing, or one region that is the whole picture."""
    for field, name, mask in named_parts(into, result, op.name):
        if field == "masks" and mask.array.size and mask.array.min() == mask.array.max():
            label = int(mask.array.flat[0])
            says = f"made the whole picture one region ({mask.names.get(label, label)})" if label else "found nothing"
            code = "segment.whole" if label else "segment.empty"
            yield Finding(f"{op.name} {says}.", code, where=name, severity="warn")


def stored(case: Case, into: str, result: Any, *, op: str = "a result") -> Case:
    """The case with a result in it; writing a name that exists is an error."""
    fresh: dict[str, dict[str, Any]] = {}
    findings = list(case.findings)
    for field, name, value in named_parts(into, result, op):
        if field == "findings":
            findings.append(value)
            continue
        if name in getattr(case, field):
            raise _taken(field, name)
        if isinstance(value, Keypoints) and not len(value):
            findings.append(_nothing(name, op))
        fresh.setdefault(field, {})[name] = value
    parts = {field: {**getattr(case, field), **values} for field, values in fresh.items()}
    return replace(case, findings=tuple(findings), **parts)  # type: ignore[arg-type]


def _nothing(name: str, op: str) -> Finding:
    """That a search found nothing is told, for what rests on it later would only see an empty table."""
    says = f"{op} found no keypoint; lower its threshold or contrast, widen the mask, or give the window of grey values"
    return Finding(says, code="measure.keypoints.none", where=name, severity="warn")


def named_parts(name: str, value: Any, op: str) -> Iterator[tuple[str, str, Any]]:
    """Where in a case each part of a result goes: (field, name, value)."""
    if type(value) in FIELD:
        yield FIELD[type(value)], name, value
    elif isinstance(value, Finding):
        yield "findings", name, value
    elif isinstance(value, int | float | np.number):
        yield "features", name, float(value)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from named_parts(f"{name}.{key}", item, op)
    elif isinstance(value, list | tuple) and all(isinstance(item, Finding) for item in value):
        yield from (("findings", name, item) for item in value)
    else:
        raise TypeError(f"{op} returned {type(value).__name__}, which a case cannot hold")


def _arguments(op: Operation, step: Step) -> tuple[dict[str, Any], int | None]:
    """All keyword arguments of the function, and the seed among them."""
    random = any(parameter.name == "seed" for parameter in op.parameters)
    if step.seed is not None and not random:
        raise InputError(f"{op.name} takes no seed: nothing in it is random")
    given = {**step.args, "seed": step.seed} if step.seed is not None else step.args
    args = op.complete(given)
    return args, args.get("seed")


def _name(case: Case, op: Operation, item: Input, step: Step) -> str | None:
    """Which part of the case an input is: the one named, else the one of that name, else the only one there is."""
    if item.kind is Case:
        return None
    parts = getattr(case, FIELD[item.kind])
    name = step.inputs.get(item.name)
    if name is None and item.optional:
        return None
    if name is None:
        name = item.name if item.name in parts else next(iter(parts)) if len(parts) == 1 else None
    if name is None or name not in parts:
        there = f"the case has {FIELD[item.kind]}: {', '.join(parts) or 'none'}"
        if name:
            raise InputError(f"{op.name}: there is no {name!r} to be its `{item.name}`; {there}")
        raise InputError(f"{op.name} needs to be told its `{item.name}`; {there}")
    return name


def _parts(case: Case, op: Operation, names: Mapping[str, str]) -> list[Any]:
    """The values of the positional parameters; an image and a mask among them must lie on one grid."""
    values: list[Any] = []
    for item in op.inputs:
        value = case if item.kind is Case else None
        if item.name in names:
            value = getattr(case, FIELD[item.kind])[names[item.name]]
        image = next((other for other in values if isinstance(other, Image)), None)
        if isinstance(value, Mask) and image is not None and (apart := difference(value.grid, image.grid)):
            raise InputError(f"{op.name}: the mask {names[item.name]!r} lies on another grid than the image: {apart}")
        values.append(value)
    return values


def _refuse_taken(case: Case, op: Operation, into: str) -> None:
    """Say that a name is taken before a long computation, not after it."""
    field = FIELD.get(op.returns)
    if field and into in getattr(case, field):
        raise _taken(field, into)


def _taken(field: str, name: str) -> InputError:
    return InputError(f"the case already has {name!r} among its {field}; say `into` another name")


def _start(case: Case, step: Step) -> dict[str, str]:
    """A history that does not begin with a file keeps the fingerprint of the case that it began with."""
    wanted = step.hashes.get("case")
    if case.history and wanted is None:
        return {}
    found = case.fingerprint()
    if wanted is not None and wanted != found:
        raise InputError(
            f"{step.op} began with another case (fingerprint {wanted[:12]}…, this one has {found[:12]}…); "
            "give the case that it began with"
        )
    return {"case": found}


def _outside(step: Step, args: Mapping[str, Any]) -> dict[str, str]:
    """Content hashes of the files that arguments name."""
    hashes = {name: content_hash(value) for name, value in args.items() if isinstance(value, Path)}
    for name, digest in hashes.items():
        if step.hashes.get(name, digest) != digest:
            raise InputError(f"{step.op}: the content of {name} ({args[name]}) is not what the history was made with")
    return hashes
