"""What a study asks, and the folder in which its work is kept until it is answered."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ...core import InputError

LIMITS = {
    "folds": (2, 100),
    "size": (8, 2048),
    "frames": (1, 512),
    "patience": (1, 40),
    "replicates": (20, 100_000),
    "seed": (0, 2**31),
}


@dataclass(frozen=True)
class Question:
    """Everything that changes the answer of a study (threads and the like do not, and are not here)."""

    source: str
    image: str | None = None
    target: str | None = None
    patient: str | None = None
    groups: tuple[str, ...] = ()
    split: str | None = None
    image_root: str | None = None
    positive: str | None = None
    candidates: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    folds: int = 5
    seed: int = 0
    size: int | None = None
    replicates: int = 1000
    allow_leaks: bool = False
    skip_unreadable: bool = False
    allow_blocked: bool = False
    report_column: str | None = None
    target_from_text: str | None = None
    frames: int | None = None
    describe: tuple[str, ...] = ()
    embed: str | None = None
    harmonise: str | None = None
    search: bool = False
    kind: str | None = None
    more_targets: tuple[str, ...] = ()
    patience: int | None = None
    start: str | None = None
    budget_s: float = 600.0

    def __post_init__(self) -> None:
        for name, (low, high) in LIMITS.items():
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                raise InputError(f"--{name} must lie between {low} and {high}, got {value}")

        if self.start is not None and not Path(self.start).exists():
            raise InputError(f"there are no weights at {self.start}; --start takes a local file or a model's folder")
        if self.target_from_text is not None and self.report_column is None:
            raise InputError("--target-from-text reads reports; say which column holds them with --report-column")
        if not self.budget_s > 0:
            raise InputError(
                f"a budget of {self.budget_s:g} s leaves no time to search; give --budget 10m, or no --search"
            )


@contextmanager
def workplace(out: Path, asked: dict[str, Any], *, resume: bool) -> Iterator[Path]:
    """Yield `out`/work; it must be new, or (`resume`) hold the work of the same question.

    A run that fails on its input before anything was learned leaves no folder behind; one that was interrupted leaves
    its finished folds, and is taken up again with ``--resume``.
    """
    asked = json.loads(json.dumps(asked))
    work, is_new = out / "work", not out.exists()
    if resume:
        _same_question(work / "question.json", asked)
    elif out.exists() and (not out.is_dir() or any(out.iterdir())):
        hint = "; it holds an unfinished run, which --resume continues" if (work / "question.json").exists() else ""
        raise InputError(f"the output folder {out} is not empty{hint}; give another with -o")
    work.mkdir(parents=True, exist_ok=True)
    write_json(work / "question.json", asked)
    try:
        yield work
    except InputError:
        if not resume and not any(work.glob("*/fold_*")):
            shutil.rmtree(work)
            if is_new and not any(out.iterdir()):
                out.rmdir()
        raise


@contextmanager
def finished_in(out: Path, asked: dict[str, Any], *, resume: bool) -> Iterator[tuple[Path, Path]]:
    """Yield a `workplace`, and a folder in it whose content lies in `out` when all went well, and nothing beside it."""
    with workplace(out, asked, resume=resume) as work:
        final = work / "final"
        shutil.rmtree(final, ignore_errors=True)
        final.mkdir()
        yield work, final
    for item in final.iterdir():
        item.replace(out / item.name)
    shutil.rmtree(work)


def _same_question(path: Path, asked: dict[str, Any]) -> None:
    if not path.exists():
        raise InputError(f"there is nothing to resume in {path.parent.parent}; start without --resume")
    before = json.loads(path.read_text())
    changed = sorted(name for name in asked if asked[name] != before.get(name))
    if changed:
        raise InputError(
            f"the run in {path.parent.parent} was started with other {', '.join(changed)}; "
            "resume with the same arguments and data, or start anew in another folder"
        )


def write_json(path: Path, value: Any) -> None:
    """Write JSON whole or not at all."""
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(value, indent=1, allow_nan=False, default=str) + "\n")
    part.replace(path)


def asked(question: Question, source_hash: str, version: str) -> dict[str, Any]:
    """What must be alike for a run to be resumed: the question, the data and the program."""
    return {**asdict(question), "data": source_hash, "version": version}
