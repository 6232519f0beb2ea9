"""Read, apply one operation, write: what the generated commands have in common."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..core import Case, Image, InputError, Mask, Step, unknown
from ..flow.load import include, load
from ..flow.ops import Operation
from ..flow.run import run
from ..flow.save import PARTS, check_suffix, produced, save_case, save_history, save_part
from ..write import before_after
from .operation import FILES, PICTURES, spacing_flag
from .output import refuse_existing, whole_folder
from .spacing import spacing


def apply_operation(op: Operation, given: argparse.Namespace, args: Mapping[str, Any]) -> int:
    """Carry out one operation from file to file."""
    show = getattr(given, "show", None)
    for path in (given.out, show, given.history):
        if path is not None:
            refuse_existing(path, overwrite=given.overwrite)
    if op.returns in PICTURES:
        check_suffix(given.out)
    if getattr(given, "block_mb", None) is not None and not given.block_mb > 0:
        raise InputError(f"--block-mb must be above 0, got {given.block_mb:g}")
    if given.history is not None and given.history.suffix not in (".json", ".toml"):
        raise InputError(f"{given.history}: a history is written as .json or .toml")
    try:
        case, step = _prepared(op, given, args)
        done = run(case, [step], block_mb=getattr(given, "block_mb", None))
    except InputError as error:
        # an operation knows one name for the flag; here it may have another
        raise type(error)(str(error).replace("--spacing-mm", spacing_flag(op))) from error
    made = produced(case, done)
    if op.stage == "segment":
        made = _told(made)
    _save(made, given.out, overwrite=given.overwrite)
    if show is not None:
        _show(case, made, op, step, show, overwrite=given.overwrite)
    if given.history is not None:
        save_history(done, given.history, overwrite=given.overwrite)
    return 0


def _prepared(op: Operation, given: argparse.Namespace, args: Mapping[str, Any]) -> tuple[Case, Step]:
    """The case with everything the operation takes, and the step that says so."""
    case = _only_case(given)
    inputs: dict[str, str] = {}
    first, *others = op.inputs
    if first.kind is Image:
        inputs[first.name] = _chosen(case, given.part, given.source)
    elif first.kind is Mask:
        inputs[first.name] = "mask"
        case = include(case, given.source, kind="mask", into="mask")
    for item in others:
        file = getattr(given, f"input_{item.name}", None)
        if file is not None:
            inputs[item.name] = item.name
            case = include(case, file, kind=FILES[item.kind], into=item.name)
    into = op.short if not any(op.short in getattr(case, field) for field in PARTS) else f"{op.short}_result"
    plain = {name: value for name, value in args.items() if name != "seed"}
    return case, Step(op.name, plain, inputs, into, seed=args.get("seed"))


def _told(made: Case) -> Case:
    """The case without its findings, which are told at once: what a mask's file cannot hold."""
    for finding in made.findings:
        print(f"{finding.severity}: {finding.says}", file=sys.stderr)
    return replace(made, findings=())


def _only_case(given: argparse.Namespace) -> Case:
    cases = load(given.source, spacing_mm=spacing(given.in_spacing_mm), allow_blocked=given.allow_blocked)
    if len(cases) != 1:
        raise InputError(
            f"{given.source} holds {len(cases)} cases, one is wanted; `radiolucent run PLAN IN -o DIR` takes many"
        )
    return cases[0]


def _chosen(case: Case, name: str | None, source: str) -> str:
    if not case.images:
        raise InputError(f"{source} holds no image")
    if name is None and len(case.images) > 1:
        raise InputError(f"{source} holds {len(case.images)} images; choose with --image: {', '.join(case.images)}")
    if name is not None and name not in case.images:
        raise unknown("image", name, case.images)
    return name or next(iter(case.images))


def _save(made: Case, out: Path, *, overwrite: bool) -> None:
    """One part goes to the file OUT, and warnings beside it are said; several go to a folder OUT."""
    parts = [part for field in PARTS[:-1] for part in getattr(made, field).values()]
    parts += [made.features] if made.features else []
    if len(parts) == 1 and out.suffix and all(finding.severity == "warn" for finding in made.findings):
        for finding in made.findings:
            print(f"radiolucent: {finding.says}", file=sys.stderr)
    elif made.findings:
        parts.append(made.findings)
    if len(parts) == 1 or not parts:
        save_part(parts[0] if parts else made.findings, out, key=made.key, overwrite=overwrite)
        return
    if out.suffix:
        raise InputError(f"{out}: this operation gives {len(parts)} parts; let OUT be a folder (a name without suffix)")
    with whole_folder(out) as folder:
        save_case(made, folder)


def _show(case: Case, made: Case, op: Operation, step: Step, path: Path, *, overwrite: bool) -> None:
    first = step.inputs[op.inputs[0].name]
    before: Image | Mask = case.images[first] if op.inputs[0].kind is Image else case.masks[first]
    if isinstance(before, Mask):
        before = Image(before.array, before.grid)
    after: list[Image | Mask] = [*made.images.values(), *made.masks.values()]
    before_after(before, after[0], path, overwrite=overwrite)
